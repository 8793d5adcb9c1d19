"""What ``dingzi doctor`` looks at in the snapshots of figures."""

from __future__ import annotations

from collections.abc import Iterator

from dingzi.core.text import Text
from dingzi.figures.snapshots import lag

from .findings import Finding

#: Leaves that the snapshot may lack while the steward is at work on them.
FEW = 5_000


def snapshot() -> Iterator[Finding]:
    """快照"""
    signed, taken = lag()
    yield Finding(
        Text("数字的快照跟得上", "the snapshot of the figures keeps up"),
        "warn" if signed - taken > FEW or (signed and not taken) else "ok",
        f"{taken:,} / {signed:,}",
        Text(
            "看管家在不在工作；dingzi figures snapshot 说明为什么停",
            "see whether the steward works; dingzi figures snapshot says why it stopped",
        ),
    )
