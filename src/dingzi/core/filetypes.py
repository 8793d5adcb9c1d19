"""What a file is, judged by its content; only kinds that a city needs as papers are known."""

from __future__ import annotations

import re
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageFile, UnidentifiedImageError

from .errors import Invalid

MAX_PIXELS = 80_000_000
MAX_UNPACKED = 512 * 1024 * 1024  # bytes of an office file after unpacking
MAX_MEMBERS = 10_000
_CONTENT_TYPES = 1_000_000  # bytes of an office file's list of parts, which must lie in memory
_DECODED = 12_000_000  # pixels up to which a picture is decoded whole to see that it is sound


@dataclass(frozen=True, slots=True)
class FileType:
    media_type: str
    extensions: tuple[str, ...]  # the first is given to a name that has none
    title: str


TYPES = {
    kind.extensions[0]: kind
    for kind in (
        FileType("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "JPEG"),
        FileType("image/png", ("png",), "PNG"),
        FileType("image/webp", ("webp",), "WebP"),
        FileType("image/heic", ("heic", "heif"), "HEIC"),
        FileType("image/gif", ("gif",), "GIF"),
        FileType("application/pdf", ("pdf",), "PDF"),
        FileType(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ("docx",),
            "Word (docx)",
        ),
        FileType(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ("xlsx",),
            "Excel (xlsx)",
        ),
        FileType("text/plain", ("txt", "csv"), "TXT"),
        FileType("audio/mpeg", ("mp3",), "MP3"),
        FileType("audio/mp4", ("m4a",), "M4A"),
        FileType("audio/wav", ("wav",), "WAV"),
        FileType("video/mp4", ("mp4",), "MP4"),
    )
}
_PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ")
_MP3 = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2", b"ID3")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]").search


def recognise(file: IO[bytes]) -> FileType:
    """Return the type of an open file and look whether it is sound and harmless.

    Raises Invalid: ``wrong_type`` for what we do not know, ``empty_file``, ``broken_file``,
    ``macros``, ``unpacks_too_large``, ``picture_too_large``.
    """
    file.seek(0)
    head = file.read(64)
    if not head:
        raise Invalid.of("empty_file", field="file")
    kind = _by_magic(head)
    if kind in _PICTURES:
        _check_picture(file, _PICTURES[kind])
    elif kind == "zip":
        kind = _office(file)
    elif kind is None and _is_text(file):
        kind = "txt"
    file.seek(0)
    if kind is None:
        raise wrong_type()
    return TYPES[kind]


def wrong_type() -> Invalid:
    allowed = [kind.title for kind in TYPES.values()]
    return Invalid(("wrong_type", {"field": "file", "allowed": allowed}))


def _by_magic(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIC:
            return "heic"
        if brand in (b"M4A ", b"M4B "):
            return "m4a"
        return "mp4" if brand in _MP4 else None
    return "mp3" if head.startswith(_MP3) else None


def _check_picture(file: IO[bytes], form: str) -> None:
    """Open a picture without decoding more of it than is safe."""
    try:
        file.seek(0)
        with Image.open(file, formats=[form]) as picture:
            _check_pixels(*picture.size)
            if form == "JPEG":
                picture.draft("RGB", (1, 1))  # decodes at an eighth of the size
            if form == "JPEG" or picture.width * picture.height <= _DECODED:
                # WeasyPrint, once loaded, lets half a picture pass for a whole one everywhere.
                ImageFile.LOAD_TRUNCATED_IMAGES = False
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid.of("unpacks_too_large", field="file") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Invalid.of("broken_file", field="file") from error


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Invalid.of(
            "picture_too_large", field="file", limit=MAX_PIXELS, width=width, height=height
        )


def _office(file: IO[bytes]) -> str | None:
    """Tell docx from xlsx by their parts; refuse macros and bombs. Nothing is unpacked."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as packed:
            check_unpacked(packed)
            names = {info.filename.lower() for info in packed.infolist()}
            if "[content_types].xml" not in names:
                return None
            with packed.open("[Content_Types].xml") as part:
                types = part.read(_CONTENT_TYPES + 1).lower()
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, NotImplementedError,
            EOFError) as e:  # fmt: skip
        raise Invalid.of("broken_file", field="file") from e
    except RuntimeError as error:  # encrypted
        raise Invalid.of("broken_file", field="file") from error
    if len(types) > _CONTENT_TYPES:
        raise Invalid.of("unpacks_too_large", field="file")
    if b"macroenabled" in types or any(
        "vbaproject" in name or "/macrosheets/" in name for name in names
    ):
        raise Invalid.of("macros", field="file")
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def check_unpacked(packed: zipfile.ZipFile) -> None:
    """Refuse an archive that would unpack to too much.

    The sizes are those it declares; ``zipfile`` never gives out more than is declared.
    """
    members = packed.infolist()
    total = sum(info.file_size for info in members)
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED:
        raise Invalid.of("unpacks_too_large", field="file")


def _is_text(file: IO[bytes]) -> bool:
    """Whether all of it is UTF-8, GB 18030 or marked UTF-16, without control characters."""
    file.seek(0)
    if file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE):
        return _decodes(file, "utf-16")
    return any(_decodes(file, encoding) for encoding in ("utf-8-sig", "gb18030"))


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder: Any = getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(65536):
            if _CONTROL(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
