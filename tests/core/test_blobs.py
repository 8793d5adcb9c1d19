"""Files: kept once, judged by content, given out as downloads only; bad ones leave nothing."""

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from dingzi.core import blobs, filetypes
from dingzi.core.errors import Invalid, NotFound
from dingzi.core.models import Blob

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def root(settings, tmp_path):
    settings.BLOBS = tmp_path / "blobs"
    return settings.BLOBS


def upload(name="a.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def files(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def picture(form, size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, form)
    return file.getvalue()


def office(*names, types=b""):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types>" + types + b"</Types>")
        for name in names:
            packed.writestr(name, b"<x/>")
    return file.getvalue()


def spoilt(content):
    """Return a zip whose first member does not unpack."""
    begin = 30 + len("[Content_Types].xml")
    return content[:begin] + b"\xff" * 20 + content[begin + 20 :]


def box(brand):
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0" + brand + b"mp42" + b"\0" * 40


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOOD = [
    ("a.jpg", picture("JPEG"), "image/jpeg"),
    ("a.JPEG", picture("JPEG"), "image/jpeg"),
    ("a.png", picture("PNG"), "image/png"),
    ("a.webp", picture("WEBP"), "image/webp"),
    ("a.gif", picture("GIF"), "image/gif"),
    ("a.heic", box(b"heic"), "image/heic"),
    ("a.heif", box(b"mif1"), "image/heic"),
    ("a.pdf", PDF, "application/pdf"),
    ("a.docx", office("word/document.xml"), DOCX),
    ("a.xlsx", office("xl/workbook.xml"), XLSX),
    ("a.txt", "情况说明\r\n第二行".encode(), "text/plain"),
    ("a.txt", "情况说明".encode("gb18030"), "text/plain"),
    ("a.txt", b"\xef\xbb\xbfplain", "text/plain"),
    ("a.mp3", b"ID3\x04" + b"\0" * 40, "audio/mpeg"),
    ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 40, "audio/mpeg"),
    ("a.m4a", box(b"M4A "), "audio/mp4"),
    ("a.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 20, "audio/wav"),
    ("a.mp4", box(b"isom"), "video/mp4"),
]


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
def test_each_kind_is_kept(db, root, name, content, media_type):
    """A file of each kind we take is kept byte for byte under its digest."""
    stored = blobs.store(upload(name, content))
    digest = hashlib.sha256(content).hexdigest()
    assert (stored.digest, stored.size, stored.media_type) == (digest, len(content), media_type)
    assert stored.name == "a." + name.partition(".")[2].lower()
    assert files(root) == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    with blobs.open_blob(digest) as file:
        assert file.read() == content
    assert Blob.objects.values_list("digest", "size", "media_type").get() == (
        digest, len(content), media_type,
    )  # fmt: skip


def test_equal_content_is_kept_once(db, root):
    """Two people send the same photograph: one file, one row, each his own name."""
    first, second = blobs.store(upload("甲.pdf")), blobs.store(upload("乙.pdf"))
    assert first.digest == second.digest
    assert (first.name, second.name) == ("甲.pdf", "乙.pdf")
    assert len(files(root)) == Blob.objects.count() == 1


def png_of(width, height):
    """A tiny PNG that claims to be large."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


BAD = [
    ("a.pdf", b"", "empty_file"),
    ("a.exe", b"MZ\x90\0" + b"\0" * 80, "wrong_type"),
    ("a.zip", office("readme.txt").replace(b"[Content_Types].xml", b"[Content-Types].xml"), "wrong_type"),
    ("a.pptx", office("ppt/presentation.xml"), "wrong_type"),
    ("a.svg", b"<svg onload=alert(1)>", "type_differs_from_name"),
    ("a.html", b"<script>alert(1)</script>", "type_differs_from_name"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "wrong_type"),
    ("a.avi", b"RIFF\x24\0\0\0AVI LIST", "wrong_type"),
    ("a.mov", box(b"qt  "), "wrong_type"),
    ("a.txt", b"text\0with\0zeros", "wrong_type"),
    ("a.txt", b"\x81\xff\xff not any encoding", "wrong_type"),
    ("a.jpg", PDF, "type_differs_from_name"),
    ("a.pdf.exe", PDF, "type_differs_from_name"),
    ("a.png", picture("JPEG"), "type_differs_from_name"),
    ("a.xlsx", office("word/document.xml"), "type_differs_from_name"),
    ("a.jpg", picture("JPEG")[:200], "broken_file"),
    ("a.png", picture("PNG")[:60], "broken_file"),
    ("a.gif", b"GIF89a", "broken_file"),
    ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30, "broken_file"),
    ("a.docx", office("word/document.xml")[:-30], "broken_file"),
    ("a.docx", b"PK\x03\x04" + b"\0" * 40, "broken_file"),
    ("a.docx", spoilt(office("word/document.xml", types=bytes(range(256)))), "broken_file"),
    ("a.png", png_of(20_000, 20_000), "unpacks_too_large"),
    ("a.png", png_of(9_000, 9_000), "picture_too_large"),
    ("a.docx", office("word/document.xml", "word/vbaProject.bin"), "macros"),
    ("a.xlsx", office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "macros"),
    ("a.docx", office("word/document.xml", types=b" " * 1_000_000), "unpacks_too_large"),
    ("a.docx", office("word/document.xml", types=b"application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_bad_files_leave_nothing(db, root, name, content, code):
    """Each kind of bad file is refused with its reason; no file and no row is left."""
    with pytest.raises(Invalid) as caught:
        blobs.store(upload(name, content))
    assert caught.value.codes == (code,)
    assert caught.value.reasons[0][1]["field"] == "file"
    assert files(root) == []
    assert not Blob.objects.exists()


def test_a_zip_bomb_is_refused(db, root, monkeypatch):
    """An office file that would unpack to too much is not kept."""
    monkeypatch.setattr(filetypes, "MAX_UNPACKED", 1_000_000)
    file = io.BytesIO(office("word/document.xml"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/media/x.bin", b"\0" * 1_000_001)
    with pytest.raises(Invalid) as caught:
        blobs.store(upload("a.docx", file.getvalue()))
    assert caught.value.codes == ("unpacks_too_large",)
    assert files(root) == []


class Endless(io.RawIOBase):
    """2 GB that say they are less."""

    name = "a.pdf"
    read_so_far = 0

    def read(self, size=-1):
        self.read_so_far += size
        assert self.read_so_far < 10_000_000, "read on after the limit"
        return b"%PDF-" + b"x" * (size - 5)

    def seekable(self):
        return True

    def seek(self, *_):
        return 0


def test_two_gigabytes_are_refused_while_they_come(db, root):
    """The limit holds while reading, whatever was announced; nothing is left behind."""
    with pytest.raises(Invalid) as caught:
        blobs.store(Endless(), limit=1_000_000)
    assert caught.value.reasons == (("too_large", {"field": "file", "limit": 1_000_000}),)
    assert files(root) == []
    assert not Blob.objects.exists()


def test_an_announced_size_is_believed_at_once(db, root):
    """What says it is too large is not read at all."""
    file = Endless()
    file.size = 2**31
    with pytest.raises(Invalid) as caught:
        blobs.store(file)
    assert caught.value.codes == ("too_large",)
    assert file.read_so_far == 0


def test_a_connection_that_breaks_leaves_nothing(db, root):
    """The half of an upload is removed."""

    class Broken(io.BytesIO):
        name = "a.pdf"

        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.store(Broken())
    assert files(root) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("现场照片 1.pdf", "现场照片 1.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\我\\合同.PDF", "合同.pdf"),
        ("<script>alert(1)</script>.pdf", "script.pdf"),
        ('"><img src=x onerror=alert(1)>.pdf', "img src=x onerror=alert(1).pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("a\x00b\x07.pdf", "ab.pdf"),
        ("合同\u202efdp.exe.pdf", "合同fdp.exe.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("会议记录 2025.9.26", "会议记录 2025.9.26.pdf"),
        ("ａ．ｐｄｆ", "ａ．ｐｄｆ.pdf"),
        ("很" * 300 + ".pdf", "很" * 60 + ".pdf"),
        ("𠮷" * 300 + ".pdf", "𠮷" * 45 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    """No path, script, line break or control character survives; Chinese does."""
    assert blobs.clean_name(given, filetypes.TYPES["pdf"]) == kept


def test_a_file_is_given_out_as_a_download(db, root):
    """No browser shows it in our name, whatever is in it."""
    stored = blobs.store(upload("情况说明.txt", b"<script>alert(1)</script>"))
    response = blobs.respond(stored.digest, stored.name, stored.media_type)
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    response.close()
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%83%85%E5%86%B5%E8%AF%B4%E6%98%8E.txt"
    )
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../secret", "A" * 64, "0" * 63 + "/"])
def test_what_is_not_there_is_not_found(root, digest):
    """An unknown digest, or a path in its place, finds nothing."""
    with pytest.raises(NotFound):
        blobs.open_blob(digest)


def test_deleting_waits_for_the_transaction(transactional_db, root):
    """A file goes with the transaction that deletes it, and stays if that fails."""
    stored = blobs.store(upload())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        blobs.delete(stored.digest)
        raise ZeroDivisionError
    assert len(files(root)) == Blob.objects.count() == 1
    blobs.delete(stored.digest)
    assert files(root) == []
    assert not Blob.objects.exists()


def test_strays_are_found(transactional_db, root):
    """Files of transactions that failed can be swept up."""
    kept = blobs.store(upload())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = blobs.store(upload("b.txt", b"b"))
        raise ZeroDivisionError
    assert [path.name for path in blobs.stray()] == [lost.digest]
    assert Path(root / kept.digest[:2]).exists()
