"""What words mean, said by hand: bound to a figure or to none, and remembered for the next text.

It is recorded in the city's book by the post that says so; the table is what the book's events leave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dingzi.city.viewer import Viewer
from dingzi.core.errors import Invalid
from dingzi.core.identity import find_identity_numbers
from dingzi.matters import book
from dingzi.matters.models import Event

from .. import registry
from ..models import Naming

NAMED = "figure_words_named"
#: The role that says what words mean, beside the steward.
EDITOR = "editor"
#: Characters of the longest words.
LONGEST = 40


def told() -> dict[str, str]:
    """Return words -> name of a figure, "" for words that name none."""
    return dict(Naming.objects.values_list("words", "figure"))


def bind(words: str, figure: str, *, by: Viewer) -> Event:
    """Say that these words mean the figure, in this text and in the next.

    Raises NotFound ``no_such_figure``, Invalid ``words_to_name``, Forbidden for another post.
    """
    registry.get(figure)
    return book.record(NAMED, {"words": words, "figure": figure}, by=by)


def unbind(words: str, *, by: Viewer) -> Event:
    """Say that these words name no declared figure. Raises as `bind` does."""
    return book.record(NAMED, {"words": words, "figure": ""}, by=by)


def check(facts: dict[str, Any]) -> None:
    """Refuse what could not be words of a text, or could be somebody's number."""
    words, figure = facts.get("words"), facts.get("figure")
    good = isinstance(words, str) and 2 <= len(words) <= LONGEST and words == "".join(words.split())
    if not good or not isinstance(figure, str) or set(facts) != {"words", "figure"}:
        raise Invalid.of("words_to_name", field="words", most=LONGEST)
    assert isinstance(words, str)
    if (
        not words.isprintable()
        or sum(c.isdigit() for c in words) > 4
        or find_identity_numbers(words)
    ):
        raise Invalid.of("words_to_name", field="words", most=LONGEST)


def apply(facts: dict[str, Any], at: datetime) -> None:
    """Keep the latest that was said."""
    book.put(Naming, {"figure": facts["figure"], "at": at}, words=facts["words"])


def declare() -> None:
    """Make it an act of the city's book that editors may do."""
    by = frozenset({book.STEWARD, EDITOR})
    book.declare(NAMED, check, apply, by=by, makes=(Naming,))
