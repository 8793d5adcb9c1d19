"""Whatever a log's entries hold, a recount names what it cannot read and never counts it half."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from dingzi.figures import recounting
from dingzi.figures.period import Period
from dingzi.tlog import checkpoints, notes
from dingzi.tlog.log import TileLog

SIGNER = notes.Signer("odd.example", b"o" * 32)
SHOWN: dict[str, Any] = {
    "v": 1, "commitments": "00" * 32, "mac": "00" * 32, "process": "dispute", "seq": 1,
    "action": "file", "matter": "ab" * 16,
    "public": {"county": "360902", "category": "property", "month": "2025-03",
               "changed": {"registered_on": "2025-03", "days": 3}},
}  # fmt: skip
#: What a recount may end with; the command puts it into words.
ENDS = (ValueError, KeyError, TypeError, AttributeError)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
ANY = st.recursive(
    PLAIN,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3),
)


def published(folder: Path, *entries: bytes) -> Path:
    log = TileLog(folder)
    log.append(entries)
    size = log.size()
    log.publish(checkpoints.Checkpoint(SIGNER.name, size, log.root()).sign(SIGNER))
    return folder


def changed(**columns: Any) -> bytes:
    public = SHOWN["public"] | {"changed": SHOWN["public"]["changed"] | columns}
    return json.dumps(SHOWN | {"public": public}).encode()


@pytest.mark.parametrize(
    "entry",
    [
        b"\xff", b"", b"[]", b"7", b"null", b'{"public": 3}', b'{"public": {}}',
        changed(registered_on=5), changed(registered_on="2025-13"), changed(registered_on="soon"),
        changed(days="3"), changed(days=True), changed(days=[]), changed(closed_on={}),
        json.dumps(SHOWN | {"matter": []}).encode(), json.dumps(SHOWN | {"process": {}}).encode(),
        json.dumps(SHOWN | {"public": SHOWN["public"] | {"county": 360902}}).encode(),
        json.dumps({"public": {"facts": {"since": "2025-01-01", "division": 3609, "people": "many"}},
                    "action": "residents_loaded", "process": "book", "matter": ""}).encode(),
    ],
)  # fmt: skip
def test_an_odd_entry_is_told(tmp_path: Path, entry: bytes) -> None:
    """A signed log may hold anything: the command says that it cannot be read, without a stack trace."""
    folder = published(tmp_path / "log", json.dumps(SHOWN).encode(), entry)
    said = {
        "key": SIGNER.verifier.vkey,
        "period": "2025",
        "stdout": StringIO(),
        "stderr": StringIO(),
    }
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("recount", str(folder), **said)


@given(
    columns=st.dictionaries(
        st.sampled_from(["registered_on", "days", "outcome", "county", "x"]), ANY
    )
)
def test_what_is_folded_can_be_counted(columns: dict[str, Any]) -> None:
    """Either an entry is refused, or every figure can be counted over what it made of it."""
    try:
        made = recounting.fold([changed(**columns)])
    except ENDS:
        return
    for figure, lacking in recounting.figures():
        if not lacking:
            recounting.value(made, figure, Period.year(2025), {})
