"""Checks a full proof from its text and the log's public key alone; ``ui/check.js`` does the same.

What is found is a list of findings, each a code with parameters, the gravest first in ``verdict``:
``sealed`` all acts are proven, ``promised`` some are only promised, ``late`` a promise is overdue,
``differs`` something does not hold, ``unreadable`` it is no proof. Of the reference in a receipt's QR it
says ``signed``: the city signed it; only the full proof shows whether the act is sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from dingzi.core.canonical import commit
from dingzi.core.errors import Reason
from dingzi.tlog import notes
from dingzi.tlog.checkpoints import Checkpoint, open_checkpoint
from dingzi.tlog.encoding import decode_hash
from dingzi.tlog.errors import TlogError
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.proofs import verify_inclusion

from . import references
from .receipts import FORM, PROMISE

#: Bytes of the longest proof that is read.
LONGEST = 4_000_000
#: Verdicts, the gravest first.
VERDICTS = ("unreadable", "differs", "late", "promised", "sealed", "signed")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the verdict, each finding, and the values that were opened, by act."""

    verdict: str
    findings: tuple[Reason, ...] = ()
    number: str = ""
    head: int = 0
    entries: tuple[dict[str, Any], ...] = ()


class _Unreadable(Exception):
    pass


def check(text: bytes, log: Sequence[str], promise: Sequence[str], now: datetime) -> Checked:
    """Check a full proof against this city's verifiers (vkeys): those in use, and earlier ones."""
    try:
        if len(text) > LONGEST:
            raise _Unreadable
        if len(text) < 2 * references.LONGEST and references.parse(text.decode()):
            return _reference(text.decode(), _parsed(promise))
        given = orjson.loads(text)
        if not isinstance(given, dict) or given.get("form") != FORM or not given["acts"]:
            raise _Unreadable
        return _check(given, _parsed(log), _parsed(promise), now)
    except (_Unreadable, KeyError, TypeError, ValueError, AttributeError):
        return Checked("unreadable", (("proof_unreadable", {}),))


def _parsed(keys: Sequence[str]) -> list[notes.Verifier]:
    return [notes.Verifier.parse(one) for one in keys]


def _reference(text: str, promises: Sequence[notes.Verifier]) -> Checked:
    found = references.verify(text, promises)
    if found is None:
        return Checked("differs", (("reference_differs", {}),))
    return Checked("signed", (("reference_signed", {"act": found.act, "until": found.until}),))


def _check(
    given: dict[str, Any],
    logs: Sequence[notes.Verifier],
    promises: Sequence[notes.Verifier],
    now: datetime,
) -> Checked:
    findings: list[tuple[str, Reason]] = []
    head = None
    if given["checkpoint"]:
        head = _head(given["checkpoint"].encode(), logs)
        if head is None:
            findings.append(("differs", ("proof_head", {})))
    entries = []
    for number, act in enumerate(given["acts"], 1):
        entry = act["entry"].encode()
        made = orjson.loads(entry)
        findings.append(_place(act, number, entry, head, promises, now))
        wrong, opened = _open(act, made)
        if wrong:
            findings.append(("differs", ("proof_opening", {"act": number, "fields": wrong})))
        entries.append({"leaf": made, "index": act["index"], "opened": opened})
    verdict = min((v for v, _ in findings), key=VERDICTS.index)
    told: list[Reason] = []
    for grade, reason in findings:
        if (grade == verdict or grade != "sealed") and reason not in told:
            told.append(reason)
    return Checked(
        verdict, tuple(told), str(given["number"]), head.size if head else 0, tuple(entries)
    )  # fmt: skip


def _head(note: bytes, logs: Sequence[notes.Verifier]) -> Checkpoint | None:
    """Return the head that one of the keys has signed; None where none has."""
    for one in logs:
        try:
            return open_checkpoint(note, one)[0]
        except TlogError:
            continue
    return None


def _place(
    act: dict[str, Any],
    number: int,
    entry: bytes,
    head: Checkpoint | None,
    promises: Sequence[notes.Verifier],
    now: datetime,
) -> tuple[str, Reason]:
    if act["index"] is None:
        return _promised(act, number, entry, promises, now)
    if head is None:
        return "differs", ("proof_head", {})
    try:
        path = [decode_hash(one) for one in act["path"]]
        verify_inclusion(leaf_hash(entry), act["index"], head.size, path, head.root)
    except TlogError:
        return "differs", ("proof_path", {"act": number})
    return "sealed", ("proof_sealed", {"act": number, "index": act["index"], "head": head.size})


def _promised(
    act: dict[str, Any],
    number: int,
    entry: bytes,
    promises: Sequence[notes.Verifier],
    now: datetime,
) -> tuple[str, Reason]:
    try:
        opened = notes.open_note(act["promise"].encode(), promises)
        form, _, promised, until, _ = opened.text.split("\n")
        if form != PROMISE or decode_hash(promised) != leaf_hash(entry):
            raise ValueError
    except (TlogError, ValueError):
        return "differs", ("proof_promise", {"act": number})
    end = datetime.fromisoformat(until)
    if end < now:
        return "late", ("proof_late", {"act": number, "until": end})
    return "promised", ("proof_promised", {"act": number, "until": end})


def _open(act: dict[str, Any], made: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Return the fields that do not open, and the values of those that do, by field."""
    commitments = [bytes.fromhex(one) for one in act["commitments"]]
    if sha256(b"".join(commitments)).hexdigest() != made["commitments"]:
        return ["*"], {}
    wrong, opened = [], {}
    for one in act["opened"]:
        name, value, at = one["field"], one["value"].encode(), one["place"]
        digest = commit(bytes.fromhex(one["salt"]), name, value)
        if at not in range(len(commitments)) or commitments[at] != digest:
            wrong.append(name)
        else:
            opened[name] = orjson.loads(value)
    return wrong, opened
