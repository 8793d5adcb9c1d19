"""A released process: states, actions, clocks, read from ``NAME.N.yaml`` and proven at load."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from dingzi.core.errors import LoadError
from dingzi.core.text import Text

from . import tops
from .fields import REFERENCES, Data, FieldDef, model_of, parse_field, text_of

#: Who may act, beside the roles that mechanisms declare.
SPECIAL_ROLES = frozenset({"citizen", "anyone", "system", "staff"})
#: Where the actor must stand: the holding post; the holding unit; a unit with a part; whoever
#: sees the place; the leading unit; the unit that opened it.
STANDINGS = ("post", "unit", "part", "scope", "lead")
#: Who signs for a matter when its post passes: who leaves, who comes, the post above both.
SIGNS = ("gives", "takes", "witness")
CLOCK_OPS = ("start", "extend", "pause", "resume", "stop")
ANY_OPEN, ANY = "open", "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    name: str
    label: Text
    public: Text
    asks: Text | None
    end: bool
    closed: bool
    line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline: its rule (a parameter of law) and the action of the timer when it runs out."""

    name: str
    label: Text
    rule: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a new matter lands: the nearest unit of ``kind``, at its post with ``role``."""

    kind: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An act that leaves a letter: its title, and the code of the remedies that it tells."""

    title: Text
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOp:
    op: str
    clock: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """One act of a process.

    ``again`` names, for an opening action, the act by which a spreadsheet that is imported once more
    brings a known matter up to its row; what that one asks is what an import may change.
    """

    name: str
    label: Text
    help: Text | None
    sources: frozenset[str]
    to: str
    by: frozenset[str]
    standing: str
    fields: tuple[FieldDef, ...]
    guards: tuple[str, ...]
    clocks: tuple[ClockOp, ...]
    public: bool
    outcome: str
    rank: int
    bulk: bool
    told: Text | None
    letter: Letter | None = None
    again: str = "correct"
    common: bool = False

    @cached_property
    def model(self) -> type[Data]:
        return model_of(f"{self.name.title().replace('_', '')}Data", self.fields)

    @cached_property
    def personal(self) -> frozenset[str]:
        return frozenset(f.name for f in self.fields if f.personal)

    @cached_property
    def papers(self) -> tuple[FieldDef, ...]:
        return tuple(f for f in self.fields if f.kind == "papers")

    @cached_property
    def references(self) -> tuple[FieldDef, ...]:
        """Fields whose answers name something that must be there."""
        return tuple(f for f in self.fields if f.kind in REFERENCES)

    @cached_property
    def opens(self) -> bool:
        return not self.sources


@dataclass(frozen=True, kw_only=True)
class Process:
    """One version of a process.

    ``public`` names the facts that stand in the clear in the public log, ``shown_columns`` the
    columns of the projection whose changes do (``publishing``); ``tops`` joins categories there.

    ``confidential`` says that all its matters are, ``confides`` that some may be. ``apart`` : answers
    of an opening act (field -> value) by which one is; its number comes from the city's own series,
    so that no gap in a county's numbers tells of it.

    ``beside`` : a child that goes along with its parent: it keeps it from no end and does not end
    with it. ``follows`` : act of the parent -> act that such a child does with it.
    ``without`` : common acts that mean nothing to its matters and are not offered (an article has no
    applicant to reply to).
    ``alike`` : whether two of its matters may be one thing told twice, which is then asked.
    ``signs`` : whose signatures a hand-over of its matters needs (``SIGNS``).
    """

    name: str
    version: int
    title: Text
    prefix: str
    start: str
    states: dict[str, State]
    actions: dict[str, Action]
    clocks: dict[str, Clock]
    desk: Desk | None
    public: frozenset[str]
    shown_columns: tuple[str, ...]
    tops: tops.Tops | None
    confidential: bool
    confides: bool
    apart: dict[str, str]
    child: bool
    listed: bool
    alike: bool
    beside: bool
    follows: dict[str, str]
    signs: tuple[str, ...]
    without: frozenset[str]
    digest: str
    path: Path | None = field(compare=False, default=None)

    def allows(self, action: Action, state: str) -> bool:
        """Tell whether ``action`` may happen in ``state``."""
        if state in action.sources:
            return True
        known = self.states.get(state)
        if known is None:
            return False
        return ANY in action.sources or (ANY_OPEN in action.sources and not known.closed)

    @property
    def has_citizen(self) -> bool:
        """Whether somebody outside holds a matter's receipt: opens it, or answers in it."""
        return any(
            "citizen" in one.by or (one.opens and "anyone" in one.by)
            for one in self.actions.values()
        )

    def categories(self) -> dict[str, Text]:
        """Return code -> label of the categories that its opening actions know."""
        return {
            code: label
            for action in self.actions.values()
            if action.opens
            for one in action.fields
            if one.name == "category"
            for code, label in one.choices.items()
        }

    def top(self, category: str) -> str:
        """Return the top category under which everybody may see a matter of ``category``."""
        return category if self.tops is None else self.tops.top(category)

    def target(self, action: Action, state: str) -> str:
        return state if action.to == "same" else action.to


_TOP = {"process", "version", "title", "prefix", "start", "states", "actions", "clocks", "public",
        "shown_columns", "top_categories", "confidential", "apart", "child", "listed", "alike", "desk", "beside", "follows", "signs", "without"}  # fmt: skip
_STATE = {"zh", "en", "public", "asks", "end", "closed", "line"}
_ACTION = {"zh", "en", "help", "from", "to", "by", "standing", "fields", "guards", "clock",
           "shows", "outcome", "rank", "bulk", "told", "letter", "again"}  # fmt: skip


def load(path: Path) -> Process:
    """Read one process file.

    Raises
    ------
    LoadError
        Naming file, place and what to write; also for what ``proofs`` finds.
    """
    return parse(path.read_text("utf-8"), str(path.name), path)


class _Once(yaml.SafeLoader):
    """YAML in which nothing is said twice: of two equal keys the first would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if key.value != "<<"]
        for key in keys:
            if keys.count(key) > 1:
                raise LoadError(f"line {node.start_mark.line + 1}: {key!r} stands there twice")
        return super().construct_mapping(node, deep)


def parse(source: str, where: str, path: Path | None = None) -> Process:
    """Read a process from its text; see ``load``."""
    try:
        raw = yaml.load(source, Loader=_Once)  # noqa: S506 - a SafeLoader
        return _process(raw, source, where, path)
    except yaml.YAMLError as error:
        raise LoadError(f"{where}: not YAML: {error}") from None
    except LoadError as error:
        told = str(error)
        raise LoadError(told if told.startswith(where) else f"{where}: {told}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise LoadError(f"{where}: something has the wrong form: {error}") from None


def _process(raw: Any, source: str, where: str, path: Path | None) -> Process:
    if not isinstance(raw, dict):
        raise LoadError(f"{where}: a process is a mapping")
    _known(raw, _TOP, where)
    for need in ("process", "version", "title", "start", "states", "actions"):
        if need not in raw:
            raise LoadError(f"{where}: {need} is missing")
    states = {n: _state(n, r, f"{where}: states.{n}") for n, r in raw["states"].items()}
    clocks = {n: _clock(n, r, f"{where}: clocks.{n}") for n, r in (raw.get("clocks") or {}).items()}
    actions = {
        n: _action(n, r, f"{where}: actions.{n}", rank)
        for rank, (n, r) in enumerate(raw["actions"].items())
    }
    process = Process(
        name=str(raw["process"]),
        version=int(raw["version"]),
        title=text_of(raw["title"], f"{where}: title"),
        prefix=str(raw.get("prefix", "")),
        start=str(raw["start"]),
        states=states,
        actions=actions,
        clocks=clocks,
        desk=_desk(raw.get("desk"), f"{where}: desk"),
        public=frozenset(raw.get("public", ())),
        shown_columns=tuple(raw.get("shown_columns", ())),
        tops=tops.parse(raw.get("top_categories"), f"{where}: top_categories"),
        confidential=_confidential(raw, where) == "all",
        confides=_confidential(raw, where) != "none",
        apart={str(k): str(v) for k, v in dict(raw.get("apart") or {}).items()},
        child=bool(raw.get("child", False)),
        listed=bool(raw.get("listed", True)),
        alike=bool(raw.get("alike", True)),
        beside=bool(raw.get("beside", False)),
        follows=dict(raw.get("follows") or {}),
        signs=_signs(raw, where),
        without=frozenset(raw.get("without", ())),
        digest=hashlib.sha256(source.encode()).hexdigest(),
        path=path,
    )
    from .proofs import prove

    prove(process, where)
    return process


def _confidential(raw: dict[str, Any], where: str) -> str:
    given = raw.get("confidential", False)
    found = {False: "none", True: "all"}.get(given, given)
    if found not in ("none", "some", "all"):
        raise LoadError(f"{where}: confidential {found!r} is none of none, some, all")
    return str(found)


def _signs(raw: dict[str, Any], where: str) -> tuple[str, ...]:
    given = raw.get("signs", ["takes"])
    if not isinstance(given, list) or not set(given) <= set(SIGNS) or "takes" not in given:
        raise LoadError(f"{where}: signs is a list of {', '.join(SIGNS)}, takes among them")
    return tuple(one for one in SIGNS if one in given)


def _desk(raw: Any, where: str) -> Desk | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) != {"kind", "role"}:
        raise LoadError(f"{where}: write kind (of the unit) and role (of the post)")
    return Desk(kind=str(raw["kind"]), role=str(raw["role"]))


def _known(raw: dict[str, Any], known: set[str], where: str) -> None:
    if extra := set(raw) - known:
        raise LoadError(
            f"{where}: unknown key {sorted(map(str, extra))[0]!r}; known: {sorted(known)}"
        )


def _state(name: str, raw: Any, where: str) -> State:
    label = text_of(raw, where)
    _known(raw, _STATE, where)
    return State(
        name=name,
        label=label,
        public=text_of(raw["public"], f"{where}.public") if "public" in raw else label,
        asks=text_of(raw["asks"], f"{where}.asks") if "asks" in raw else None,
        end=bool(raw.get("end", False)),
        closed=bool(raw.get("closed", raw.get("end", False))),
        line=bool(raw.get("line", False)),
    )


def _clock(name: str, raw: Any, where: str) -> Clock:
    label = text_of(raw, where)
    _known(raw, {"zh", "en", "rule", "then"}, where)
    if not raw.get("rule"):
        raise LoadError(f"{where}: a clock needs its rule, the name of a parameter")
    return Clock(name=name, label=label, rule=raw["rule"], then=str(raw.get("then", "escalate")))


def _action(name: str, raw: Any, where: str, rank: int) -> Action:
    label = text_of(raw, where)
    _known(raw, _ACTION, where)
    if not raw.get("by"):
        raise LoadError(f"{where}: nobody may do it; name roles under by")
    sources = raw.get("from", [])
    ops = []
    for op, names in (raw.get("clock") or {}).items():
        if op not in CLOCK_OPS:
            raise LoadError(f"{where}.clock: {op!r} is none of {', '.join(CLOCK_OPS)}")
        ops += [ClockOp(op=op, clock=c) for c in ([names] if isinstance(names, str) else names)]
    standing = raw.get("standing", "unit")
    if standing not in STANDINGS:
        raise LoadError(f"{where}: standing {standing!r} is none of {', '.join(STANDINGS)}")
    return Action(
        name=name,
        label=label,
        help=text_of(raw["help"], f"{where}.help") if "help" in raw else None,
        sources=frozenset([sources] if isinstance(sources, str) else sources),
        to=str(raw.get("to", "same")),
        by=frozenset([raw["by"]] if isinstance(raw["by"], str) else raw["by"]),
        standing=standing,
        fields=tuple(
            parse_field(n, r, f"{where}.fields") for n, r in (raw.get("fields") or {}).items()
        ),
        guards=tuple(raw.get("guards", ())),
        clocks=tuple(sorted(ops, key=lambda o: CLOCK_OPS.index(o.op), reverse=True)),
        public=raw.get("shows", "inner") == "public",
        outcome=str(raw.get("outcome", "")),
        rank=int(raw.get("rank", rank)),
        bulk=bool(raw.get("bulk", False)),
        told=text_of(raw["told"], f"{where}.told") if "told" in raw else None,
        letter=_letter(raw["letter"], f"{where}.letter") if "letter" in raw else None,
        again=str(raw.get("again", "correct")),
    )


def _letter(raw: Any, where: str) -> Letter:
    title = text_of(raw, where)
    _known(raw, {"zh", "en", "remedy"}, where)
    return Letter(title=title, remedy=str(raw.get("remedy", "")))
