"""One article as it is lived: written, checked by the other editor, published, now and then corrected."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import Refusal
from dingzi.figures import Period, asking
from dingzi.figures.answers import rounded
from dingzi.matters.samples import LOCAL, SampleCity, Story

from ..models import Article

#: {figure}, {figure@county}, {figure+12} (wrong by 12 of its last digit), {figure~} (its change)
_NUMBER = re.compile(r"\{([a-z_]+\.[a-z_]+)(?:@([^}+~]+))?(\+\d+)?(~)?\}")


class Writer:
    """Puts the figures of the day into the texts, right or wrong as they ask for it."""

    def __init__(self, city: SampleCity) -> None:
        self.city = city
        centre = directory.units_of("centre", city.home[:4])
        self.unit = next(unit.id for unit in centre if len(unit.division) == 4)

    def article(self, piece: dict[str, Any]) -> Story | None:
        """Return an article's story; None where it would lie outside the simulated days."""
        on = self.city.today - timedelta(days=int(piece["days_ago"]))
        if on < self.city.since:
            return None
        self.period = Period.whole_months(on)
        story = Story()
        life = story.child("article", "#", self.city)
        editor, checker = (self.city.staff(self.unit, "editor", n) for n in (0, 1))
        text = self._filled(piece["text"])
        page = {
            "headline": piece["headline"], "summary": piece["summary"], "text": text,
            "category": piece["category"], "tags": piece["tags"], "byline": piece.get("byline", "unit"),
        }  # fmt: skip
        at = self._at(on, 9)
        if not life.act("write", page, editor, at):
            return None
        note = {"note": piece["note"]} if piece.get("note") else {}
        life.act("check", note, checker, at + timedelta(hours=2))
        if piece.get("draft"):
            return story.end()
        life.act("publish", {}, editor, at + timedelta(hours=3))
        if mended := piece.get("corrected"):
            right = page | {"text": self._filled(mended), "why": piece["why"]}
            life.act("amend", right, editor, at + timedelta(days=2))
        return story.end()

    def comment(self, article: Article, said: dict[str, Any]) -> Story:
        """Return a reader's comment on a public article, looked at by the other editor."""
        story = Story()
        life = story.child("comment", "#", self.city)
        assert article.published_at is not None
        at = article.published_at.astimezone(LOCAL) + timedelta(hours=26)
        words = {"article": article.pk, "text": said["text"], "name": said.get("name", "")}
        if life.act("say", words, PUBLIC, at):
            checker = self.city.staff(self.unit, "editor", 1)
            if said.get("answer"):
                life.act("reply", {"answer": said["answer"]}, checker, at + timedelta(hours=3))
            elif not said.get("waiting"):
                life.act("allow", {}, checker, at + timedelta(hours=3))
        return story.end()

    def _at(self, on: date, hour: int) -> datetime:
        return datetime.combine(on, time(hour, 12), LOCAL)

    def _filled(self, text: str) -> str:
        code = self.period.code
        first, last = self.period.first, self.period.last
        months = (
            f"{first.year}年" if self.period.kind == "year" else f"{first.year}年1至{last.month}月"
        )
        text = text.replace("PERIOD", code).replace("MONTHS", months)
        return _NUMBER.sub(self._number, text)

    def _number(self, match: re.Match[str]) -> str:
        name, place, wrong, change = match.groups()
        county = next((c.code for c in directory.divisions("county") if c.name == place), "")
        dims = {"county": county} if county else None
        off = int(wrong or 0)
        try:
            if change:
                found = asking.compare(name, self.period, None, dims)
                return _changed(found.difference, found.relative, found.now.scale == 100)
            value = asking.value(name, self.period, dims)
        except Refusal:
            return "若干"
        if value.shown is None:
            return "若干"
        shown = value.shown + off * rounded(Fraction(1, 10**value.places), value.places)
        return f"{shown}{value.unit.zh}"


def _changed(difference: Any, relative: Any, points: bool) -> str:
    if difference is None or (relative is None and not points):
        return "变化不大"
    number = rounded(difference * 100 if points else relative * 100, 1)
    word = "下降" if number < 0 else "提高" if points else "增长"
    return f"{word}{abs(number)}{'个百分点' if points else '%'}"
