"""All parameters that are known, and what each is on a day."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import words
from .errors import BadFile, BadOverride, NotARule, NotInForce, UnknownParameter
from .loading import Dated, Definition, fits, folder, rule_of
from .values import Rule, Value

#: the city's own values, from its book: name -> entries {"since", "value"}; dates may be ISO
#: texts, a value of None takes the city's value back.
Overrides = Mapping[str, Sequence[Mapping[str, Any]]]


class Registry:
    """Parameters of one or more folders.

    A city's own value holds over a local one. Over a value of law it holds only where the
    parameter's file says so (``city_may``), so a new law ends an older setting by itself.
    """

    def __init__(self, *folders: Path) -> None:
        self._waiting = list(folders)
        self._folders: set[Path] = set()
        self._definitions: dict[str, Definition] = {}
        self._laws: dict[str, str] = {}

    def register(self, path: Path) -> None:
        """Add a folder of parameter files; one that is already known is left alone.

        Raises BadFile, and adds nothing, if a file cannot be used, if a name is declared
        already, or if a law has no name in ``sources.yaml``.
        """
        self._load_waiting()
        self._register(path)

    def _load_waiting(self) -> None:
        while self._waiting:
            self._register(self._waiting.pop(0))

    def _register(self, path: Path) -> None:
        path = path.resolve()
        if path in self._folders:
            return
        if not path.is_dir():
            raise BadFile(path, 1, "", "no such folder: register the folder that holds the files")
        found, laws = folder(path)
        laws = self._laws | laws
        new: dict[str, Definition] = {}
        for item in found:
            other = self._definitions.get(item.name) or new.get(item.name)
            if other:
                raise BadFile(item.path, item.line, item.name, f"declared already in {other.path}")
            for dated in item.dated:
                if dated.value.source and dated.value.source not in laws:
                    write = f"{dated.value.source}: give its English name in sources.yaml"
                    raise BadFile(item.path, dated.line, item.name, write)
            new[item.name] = item
        self._folders.add(path)
        self._laws = laws
        self._definitions |= new

    def __iter__(self) -> Iterator[Definition]:
        self._load_waiting()
        return iter([self._definitions[name] for name in sorted(self._definitions)])

    def definition(self, name: str) -> Definition:
        """Raises UnknownParameter with the names that look like this one."""
        if self._waiting:
            self._load_waiting()
        found = self._definitions.get(name)
        if found is None:
            raise UnknownParameter(name, self._near(name))
        return found

    def law(self, source: str) -> dict[str, str]:
        """The name of a law in both languages."""
        self._load_waiting()
        return {"zh": source, "en": self._laws.get(source, source)}

    def value(self, name: str, on: date, overrides: Overrides | None = None) -> Value:
        return self._dated(name, on, overrides).value

    def rule(self, name: str, on: date, overrides: Overrides | None = None) -> Rule:
        dated = self._dated(name, on, overrides)
        if dated.rule is None:
            raise NotARule(name)
        return dated.rule

    def refusals(self, name: str, since: date, value: Any) -> tuple[words.Reason, ...]:
        """Why the city may not set this value from this day on; empty where it may.

        To be asked before the entry goes into the city's book; None takes a value back.
        """
        item = self.definition(name)
        title = {"zh": item.zh, "en": item.en}
        if value is not None and not fits(value, item.unit):
            write = dict(words.load()[f"write.{item.unit}"])
            return (("law.override_value", {"name": title, "write": write}),)
        held = item.at(since)
        if value is None or held is None or _city_may(item, held.value, value):
            return ()
        params = {
            "name": title,
            "law": self.law(held.value.source),
            "article": held.value.article,
            "since": since.isoformat(),
        }
        return (("law.override_of_law", params),)

    def _dated(self, name: str, on: date, overrides: Overrides | None) -> Dated:
        item = self.definition(name)
        held = item.at(on)
        if overrides and name in overrides:
            own = _own(item, held, on, overrides[name])
            if own is not None:
                return own
        if held is None or held.value.value is None:
            raise NotInForce(name, on, item.dated[0].value.since)
        return held

    def _near(self, name: str) -> tuple[str, ...]:
        near = difflib.get_close_matches(name, self._definitions, n=3, cutoff=0.5)
        tail = name.rsplit(".", 1)[-1]
        near += [known for known in self._definitions if tail and tail in known]
        return tuple(dict.fromkeys(near))[:3]


def _own(
    item: Definition, held: Dated | None, on: date, entries: Sequence[Mapping[str, Any]]
) -> Dated | None:
    """The city's value on this day, or None where it has none or the law leaves it none."""
    best: Mapping[str, Any] | None = None
    best_since = date.min
    following: date | None = None
    for entry in entries:
        since = _date(item.name, entry)
        if since > on:
            following = since if following is None else min(since, following)
        elif since >= best_since:  # of two on one day, the later entry of the book
            best, best_since = entry, since
    if best is None or best.get("value") is None:
        return None
    if not fits(best["value"], item.unit):
        raise BadOverride(f"{item.name}: {best['value']!r} is not a value in {item.unit}")
    if held is not None and not _city_may(item, held.value, best["value"]):
        return None
    until = following - timedelta(days=1) if following else None
    if held is not None and held.value.until is not None:
        until = held.value.until if until is None else min(until, held.value.until)
    value = Value(best["value"], item.unit, "", "", True, best_since, until)
    return Dated(value, rule_of(item, value), item.line)


def _city_may(item: Definition, held: Value, value: Any) -> bool:
    if held.local or item.city_may == "change":
        return True
    if held.value is None:
        return False
    return item.city_may == "shorten" and value <= held.value


def _date(name: str, entry: Mapping[str, Any]) -> date:
    since = entry.get("since")
    if isinstance(since, date):
        return since
    try:
        return date.fromisoformat(str(since))
    except ValueError:
        raise BadOverride(f"{name}: since {since!r}: write a date as YYYY-MM-DD") from None


#: every parameter known in this process
PARAMETERS = Registry(Path(__file__).parent / "parameters")
