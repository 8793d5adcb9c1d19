"""Openings for auditors: values that leaves hide, each with its salt, verified against the log.

``dingzi openings FILE`` writes, for the fields named, what an auditor needs to recount by them; that
it was done, of what and for whom, is an event of the city's book. The file is JSON lines. The first
says the form, the log's name, its size, the fields, the processes of whose acts every hidden field is
opened (``whole``), and how many confidential acts cannot be opened any more because they were erased
(``gone``); each further one opens one entry: ``i`` its
index, ``c`` all its commitments in hexadecimal, ``o`` for each field opened its place among them, its
salt and the canonical JSON of its value. The last says how many these were (``entries``), so that a file
which was cut is not taken for whole. The private part is never opened. Of a confidential act
nothing is, unless ``shown`` is asked for: then this one fact, by which it is counted in the city's
totals, which matter it is of, and its time where that is opened of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from dingzi.city.viewer import SYSTEM
from dingzi.core.canonical import canonical, commit
from dingzi.core.errors import Invalid
from dingzi.matters import book, registry
from dingzi.matters.models import Event, Opening
from dingzi.matters.publishing import SHOWN
from dingzi.tlog.errors import TlogError

from . import keys, receipts
from .leaves import hidden_of
from .models import Leaf

ACTION = "openings_given"
FORM = "dingzi openings 1"
CHUNK = 2_000
#: Bytes of a line beyond which none is read: an act has so many fields at most.
LONGEST = 4_000_000


class OpeningTrouble(Exception):
    """What was asked cannot be opened, or a file does not open the log; the message says which."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was written: entries opened, fields opened, the file's SHA-256."""

    entries: int
    fields: int
    sha256: str


def give(
    path: Path, fields: Sequence[str], to: str, process: str = "", whole: Collection[str] = ()
) -> Given:
    """Write the openings of ``fields`` of all sealed acts into ``path``, and record that in the book.

    Of acts of the processes in ``whole`` every hidden field is opened, for a field that is left out
    cannot be told from one that an act never had.

    Raises
    ------
    OpeningTrouble
        Nothing is sealed, a field is none that can be opened, or the file is there already.
    Invalid
        The book does not take it (no name of who gets the file). No file is left then.
    """
    head, named = receipts.head(), keys.named()
    if head is None or named is None:
        raise OpeningTrouble("还没有封存任何事件 | nothing is sealed yet")
    _check_fields(fields, process)
    if path.exists():
        raise OpeningTrouble(f"文件已在，不覆盖 | the file is there: {path}")
    asked = _Asked(frozenset(fields), process, frozenset(whole))
    fresh = path.with_name(path.name + ".new")
    gone = _gone(process, head.size) if SHOWN in fields else 0
    first = {
        "form": FORM, "log": named.origin, "size": head.size, "fields": sorted(fields),
        "process": process, "whole": sorted(whole), "gone": gone,
    }  # fmt: skip
    digest, entries, opened = hashlib.sha256(), 0, 0
    try:
        with fresh.open("xb") as out:
            fresh.chmod(0o600)

            def write(line: dict[str, Any]) -> None:
                raw = orjson.dumps(line) + b"\n"
                digest.update(raw)
                out.write(raw)

            write(first)
            for line in _lines(asked, head.size):
                write(line)
                entries += 1
                opened += len(line["o"])
            write({"entries": entries})
        given = Given(entries, opened, digest.hexdigest())
        facts = {
            "to": to, "fields": sorted(fields), "process": process, "whole": sorted(whole),
            "size": head.size, "entries": given.entries, "sha256": given.sha256,
        }  # fmt: skip
        book.record(ACTION, facts, by=SYSTEM)
        path.hardlink_to(fresh)
    except FileExistsError as error:
        raise OpeningTrouble(f"文件已在，不覆盖 | the file is there: {error.filename}") from None
    finally:
        fresh.unlink(missing_ok=True)
    return given


class _Asked(NamedTuple):
    fields: frozenset[str]
    process: str
    whole: frozenset[str]

    def of(self, event: Event, hidden: Mapping[str, Any]) -> Collection[str]:
        """Return which of an event's hidden fields are to be opened."""
        if event.header:
            return hidden if event.process in self.whole else self.fields
        if SHOWN not in self.fields or SHOWN not in hidden:
            return ()
        return self.fields & _CONFIDED | {"@stream"}


def _check_fields(fields: Sequence[str], process: str) -> None:
    """A name that is personal in one of the processes asked for is opened in none of them."""
    known = {"@occurred_at", "@unit", "@post", "@stream", *_CORE}
    personal: set[str] = set()
    for handle in registry.handles():
        if process and handle.latest.name != process:
            continue
        for one in handle.versions.values():
            for field in (f for a in one.actions.values() for f in a.fields):
                (personal if field.personal else known).add(field.name)
    unknown = sorted(set(fields) - (known - personal))
    if unknown or not fields:
        name = unknown[0] if unknown else ""
        raise OpeningTrouble(f"没有这一项可以打开 | no field that can be opened: {name!r}")


#: Facts that the core writes into acts.
_CORE = frozenset({"number", "county", "town", "parent", "lead_unit", "holder", "outcome", SHOWN})
#: Of a confidential act no more than these is opened.
_CONFIDED = frozenset({SHOWN, "@stream", "@occurred_at"})


def _sealed(process: str, size: int) -> QuerySet[Leaf]:
    of = Q(event__process=process) if process else ~Q(event__process=book.PROCESS)
    return Leaf.objects.filter(of, index__lt=size, event__isnull=False)


def _gone(process: str, size: int) -> int:
    """Return how many confidential acts have lost their salts to an erasure."""
    kept = Opening.objects.filter(event_id=OuterRef("event_id"))
    return _sealed(process, size).filter(~Exists(kept), event__header={}).count()


def _lines(asked: _Asked, size: int) -> Iterator[dict[str, Any]]:
    rows = _sealed(asked.process, size).order_by("index")
    chunk: list[Leaf] = []
    for row in rows.select_related("event").iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _chunk(chunk, asked)
            chunk = []
    yield from _chunk(chunk, asked)


def _chunk(rows: list[Leaf], asked: _Asked) -> Iterator[dict[str, Any]]:
    salts = dict(
        Opening.objects.filter(event_id__in=[row.event_id for row in rows]).values_list(
            "event_id", "salts"
        )
    )
    for row in rows:
        event = row.event
        if event is None or event.id not in salts:
            continue  # erased
        hidden, every = hidden_of(event), bytes(salts[event.id])
        wanted = asked.of(event, hidden)
        found = {
            name: [at, every[at * 16 : at * 16 + 16].hex(), canonical(hidden[name]).decode()]
            for at, name in enumerate(sorted(hidden))
            if name in wanted
        }
        if found:
            yield {"i": row.index, "c": bytes(event.commitments).hex(), "o": found}


def check_given(facts: dict[str, Any]) -> None:
    """Refuse an entry of the book that does not say who got what; raises Invalid."""
    if not str(facts.get("to", "")).strip():
        raise Invalid.of("openings_for_whom", field="to")


def apply_given(facts: dict[str, Any], at: object) -> None:
    """Nothing to project."""


# -- the auditor's side: no database ------------------------------------------------------------


class Opened(NamedTuple):
    """What a file opens: its fields, and the values by entry, each verified against its entry.

    ``whole`` : entries of which every hidden field is opened, as the number of commitments tells.
    ``all_of`` : entries below it which stay closed are no confidential acts that count, but for
    ``gone`` of them; 0 where confidential acts were not to be opened, or not of every process.
    """

    fields: frozenset[str]
    values: dict[int, dict[str, Any]]
    all_of: int = 0
    gone: int = 0
    whole: frozenset[int] = frozenset()


def read(path: Path, entries: Sequence[bytes]) -> Opened:
    """Read a file of openings for the log that has these entries.

    Raises OpeningTrouble naming line and field of the first that does not open, or where the file is
    none or is cut; OSError.
    """
    if not path.is_file():
        raise OpeningTrouble(f"没有这个文件 | there is no such file: {path}")
    opened: dict[int, dict[str, Any]] = {}
    whole: set[int] = set()
    said = None
    fields: frozenset[str] = frozenset()
    all_of = gone = 0
    with path.open("rb") as lines:
        for number, raw in enumerate(iter(lambda: lines.readline(LONGEST), b""), 1):
            try:
                line = orjson.loads(raw)
                if said is not None:
                    raise ValueError
                if number == 1:
                    if line["form"] != FORM:
                        raise ValueError
                    fields = frozenset(map(str, line["fields"]))
                    if SHOWN in fields and not line["process"]:
                        all_of, gone = int(line["size"]), int(line["gone"])
                    continue
                if "entries" in line:
                    said = int(line["entries"])
                    continue
                index, values = int(line["i"]), {}
                leaf = orjson.loads(entries[index])
                every = bytes.fromhex(line["c"])
                if index < 0 or hashlib.sha256(every).hexdigest() != leaf["commitments"]:
                    raise OpeningTrouble(_not_open(number, "commitments"))
                for name, (at, salt, value) in line["o"].items():
                    text = value.encode()
                    made = commit(bytes.fromhex(salt), name, text)
                    if at < 0 or every[at * 32 : at * 32 + 32] != made:
                        raise OpeningTrouble(_not_open(number, name))
                    values[name] = orjson.loads(text)
                opened[index] = values
                # the last commitment is that to the private part, which is never opened
                if {at for at, _, _ in line["o"].values()} == {*range(len(every) // 32 - 1)}:
                    whole.add(index)
            except (KeyError, IndexError, TypeError, ValueError, AttributeError, TlogError):
                raise OpeningTrouble(_not_open(number, "form")) from None
    if not fields:
        raise OpeningTrouble(_not_open(1, "form"))
    if said != len(opened):
        raise OpeningTrouble("文件不完整，请再拿一份 | the file is cut: get it again")
    return Opened(fields, opened, all_of, gone, frozenset(whole))


def _not_open(line: int, what: str) -> str:
    return f"第{line}行对不上日志：{what} | line {line} does not open its entry: {what}"
