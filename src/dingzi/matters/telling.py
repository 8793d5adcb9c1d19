"""Answers and deadlines put into words and days, for every door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dingzi.city import directory, selectors
from dingzi.law import Deadline, words
from dingzi.ui import words as shown

from .fields import FieldDef

#: What a day of ``law``'s calendar is called in ``{% why_date %}``.
_MARKS = {
    "start": ("start",), "counted": ("counted",), "paused": ("paused",), "rest": ("rest",),
    "last": ("counted", "nominal"), "moved": ("rest",), "due": ("due",),
}  # fmt: skip


def value_text(one: FieldDef, value: Any, language: str) -> str:
    """Return the stored answer to a field as a reader sees it; "" for an empty one."""
    if value in (None, "", []):
        return ""
    if one.kind == "choice":
        return _label(one, value, language)
    if one.kind == "choices":
        return _joined([_label(one, v, language) for v in value], language)
    if one.kind == "flag":
        return ("Yes" if language.startswith("en") else "是") if value else ""
    if one.kind == "date":
        return shown.day(date.fromisoformat(value))
    if one.kind == "moment":
        return shown.when(datetime.fromisoformat(value))
    if one.kind == "money":
        return shown.money(value)
    if one.kind == "number":
        return shown.number(value)
    if one.kind == "place":
        return selectors.full_name(value, language)
    if one.kind == "unit":
        return directory.name_of(directory.unit(value), language)
    if one.kind == "units":
        return _joined([directory.name_of(directory.unit(u), language) for u in value], language)
    if one.kind == "post":
        return post_name(value, language)
    if one.kind == "parties":
        return _joined([p.get("name") or p.get("note") or "" for p in value], language)
    if one.kind == "names":
        return _joined(value, language)
    return str(value)


def post_name(post_id: int | None, language: str) -> str:
    """Return unit and post in one."""
    post = directory.post(post_id)
    if post is None:
        return ""
    unit = directory.name_of(directory.unit(post.unit), language)
    return f"{unit} {directory.name_of(post, language)}"


def _label(one: FieldDef, code: str, language: str) -> str:
    text = one.choices.get(code)
    return text.in_language(language) if text else code


def _joined(texts: Sequence[str], language: str) -> str:
    return (", " if language.startswith("en") else "、").join(t for t in texts if t)


def reasons(deadline: Deadline, language: str, today: date) -> list[dict[str, str]]:
    """Return why a deadline ends on its day, one line a reason, as ``{% why_date %}`` takes them."""
    lines = words.lines(deadline.reasons, language, year=today.year)
    return [{"text": text, "source": source} for text, source in lines]


def marks(deadline: Deadline) -> dict[date, set[str]]:
    """Return the kinds of the days that were counted, as ``{% why_date %}`` takes them."""
    found: dict[date, set[str]] = {}
    for day in deadline.days():
        if kinds := set(_MARKS.get(day.mark, ())):
            if day.holiday:
                kinds.add("rest")
            found[day.date] = kinds
    return found
