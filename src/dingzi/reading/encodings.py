"""How the bytes of a plain text are written: UTF-8, UTF-16, GB 18030 or Big5.

Most bytes in pairs are valid in several tables. Which one it was is told by where in the table the
characters stand: both tables begin with those that are used most. What stands nowhere in particular, or
is Japanese or Korean, is refused rather than read as rubbish.
"""

from __future__ import annotations

import re

from .errors import Unreadable

#: by so many characters at the head is told how they are written
_SAMPLE = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: characters for private use: what is read by the wrong table is full of them
_UNASSIGNED = re.compile("[\ue000-\uf8ff]")
_KANA = re.compile("[\u3041-\u30fa]")
#: what Chinese text in UTF-16 is made of
_PROSE = re.compile(
    "[\t\r\n -~\xa0-\xff\u2000-\u27bf\u3000-\u303f\u3300-\u33ff\u4e00-\u9fff\ufe30-\ufe6f\uff01-\uff65\uffe0-\uffe6]"
)
_HANZI = re.compile("[\u4e00-\u9fff]")
#: leads of marks and of the characters used most: GB 2312's first level, Big5's first plane
_GB_MARKS, _GB_COMMON = range(0xA1, 0xA4), range(0xB0, 0xD8)
_BIG5_COMMON = range(0xA1, 0xC7)
#: of traditional characters in GB 18030 a third is common, of what is neither table's less
_LEAST = 0.3
#: Korean syllables stand under the first half of GB 2312's common leads: so many characters of Chinese
#: are never all there
_SYLLABLES, _PAIRS = range(0xB0, 0xC9), 12


def decoded(content: bytes, name: str) -> str:
    """The text that bytes hold. Raises Unreadable."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _in(content, "utf-16")
    else:
        text = _in(content, "utf-8-sig")
        if text is None or _controls(text):
            text = _unmarked(content) or (_in_pairs(content, name) if text is None else None)
    if text is None or _controls(text):
        raise Unreadable(("text_not_text", {"file": name}))
    return text


def _controls(text: str) -> bool:
    return len(_CONTROL.findall(text[:_SAMPLE])) * 20 > len(text[:_SAMPLE])


def _in(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unmarked(content: bytes) -> str | None:
    """UTF-16 that does not say so, where it is Chinese prose throughout."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _in(content, encoding)
        if text and _HANZI.search(text) and len(_PROSE.findall(text[:_SAMPLE])) == len(text[:_SAMPLE]):  # fmt: skip
            return text
    return None


def _in_pairs(content: bytes, name: str) -> str | None:
    """GB 18030 or Big5, whichever has more common characters; None where it is neither."""
    if _foreign(content):
        raise Unreadable(("text_encoding_unclear", {"file": name}))
    simplified, traditional = _in(content, "gb18030"), _in(content, "cp950")
    likely = [
        (share, text)
        for share, text in (_of_gb(simplified), _of_big5(traditional))
        if share >= _LEAST and not _strange(text)
    ]
    if likely:
        return max(likely, key=lambda one: one[0])[1]
    if simplified is None and traditional is None:
        return None
    raise Unreadable(("text_encoding_unclear", {"file": name}))


def _foreign(content: bytes) -> bool:
    """Whether bytes are Japanese or Korean, most of which are valid in the Chinese tables too."""
    for encoding in ("euc_jp", "shift_jis"):
        japanese = (_in(content, encoding) or "")[:_SAMPLE]
        if len(_KANA.findall(japanese)) * 5 > len(japanese) > 0:
            return True
    korean = (_in(content, "euc_kr") or "")[:_SAMPLE]
    wide = [char.encode("euc_kr")[0] for char in korean if char > "\x7f"]
    return len(wide) >= _PAIRS and all(lead in _SYLLABLES for lead in wide)


def _of_gb(text: str | None) -> tuple[float, str]:
    """Which part of the characters is common in simplified Chinese, and the text."""
    pairs = [char.encode("gb18030") for char in (text or "")[:_SAMPLE] if char > "\x7f"]
    common = sum(one[0] in _GB_MARKS or (one[0] in _GB_COMMON and one[1] > 0xA0) for one in pairs)
    return (common / len(pairs), text or "") if pairs else (0.0, "")


def _of_big5(text: str | None) -> tuple[float, str]:
    """The same for traditional Chinese."""
    pairs = [char.encode("cp950", "ignore") for char in (text or "")[:_SAMPLE] if char > "\x7f"]
    common = sum(bool(one) and one[0] in _BIG5_COMMON for one in pairs)
    return (common / len(pairs), text or "") if pairs else (0.0, "")


def _strange(text: str) -> bool:
    """Whether a text has more than a few kana or characters for private use."""
    sample = text[:_SAMPLE]
    return (len(_UNASSIGNED.findall(sample)) + len(_KANA.findall(sample))) * 50 > len(sample)
