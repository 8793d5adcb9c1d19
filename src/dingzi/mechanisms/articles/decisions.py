"""Which numbers a correction changed: pure, of two checked texts."""

from __future__ import annotations

from difflib import SequenceMatcher

from dingzi.figures.texts import Checked, Mark


def numbers_changed(old: Checked, new: Checked) -> list[tuple[str, str]]:
    """Return (what it was, what it is) of each number that a correction changed, added or took out.

    Numbers are the same where words and number are; "" stands for one that was not or is not there.
    """
    before, after = ([_told(mark) for mark in text.marks] for text in (old, new))
    changed: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = before[a:b], after[c:d]
        for at in range(max(len(gone), len(come))):
            was = gone[at][1] if at < len(gone) else ""
            now = come[at][1] if at < len(come) else ""
            if was != now:
                changed.append((was, now))
    return changed


def _told(mark: Mark) -> tuple[str, str]:
    return mark.words, mark.claim.text
