"""What a notice of a vacancy asks for, however it is written: in Chinese, in English, in capitals."""

from __future__ import annotations

import re
import unicodedata

from .settings import conditions_known, rule_book

_WORD = re.compile(r"[a-z']+")
#: what stands around a condition and does not change it
_AROUND = re.compile(
    r"仅限于?|只限|限于?|只招|只要|要求|必须|须为?|应为|优先|\b(only|must|be|required|preferred)\b|性$"
)
_ALL = re.compile(
    r"不限|不拘|均可|皆可|都可|不作要求|无要求|\b(any|all|no preference|not required)\b"
)


def open_to_all(text: str) -> bool:
    """Whether the text says that something is no condition: 男女不限."""
    return bool(_ALL.search(_plain(text)))


def condition(text: str) -> str | None:
    """Return the kind of a condition; None for one that is not known."""
    told = _plain(text)
    name = re.sub(r"[\s_-]+", "_", told)
    if name in conditions_known():
        return name
    words = set(_WORD.findall(told))
    bare = re.sub(r"\s+", " ", _AROUND.sub("", told)).strip()
    for kind, spelling in rule_book()["spellings"].items():
        if (
            bare in spelling.get("is", ())
            or words & set(spelling.get("words", ()))
            or any(part in told for part in spelling.get("has", ()))
        ):
            return str(kind)
    return None


def hidden(text: str) -> str | None:
    """Return the kind of a forbidden condition that stands as a certificate or a category.

    Only where nothing else is said: an association of women is a place to work, "women" is not a
    certificate.
    """
    told = _plain(text)
    bare = _AROUND.sub("", told).strip()
    for kind, spelling in rule_book()["spellings"].items():
        if "has" in spelling and bare in (kind, *spelling["has"], *spelling["words"]):
            return str(kind)
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
