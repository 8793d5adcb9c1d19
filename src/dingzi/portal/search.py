"""Search of what is public: figures by title, other names and definition; articles. Cases are not searched
here: nobody's case is there for others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dingzi.core import registry
from dingzi.figures import Figure
from dingzi.figures import registry as declared
from dingzi.matters import numbers

from . import showing
from .pages import open_to_all, page
from .track import LONGEST

#: What is found at most.
FOUND = 20


@open_to_all
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer with figures and articles; a number leads to where it can be tracked."""
    words = request.GET.get("q", "").strip()[:80]
    number = numbers.tidy(words[:LONGEST])
    context: dict[str, Any] = {
        "q": words,
        "found": find(words),
        "pages": [one for _, own in registry.with_pages() if own.find for one in own.find(words)],
        "number": number if numbers.prefix_of(number) else "",
    }
    answer = page(request, "search", context)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def find(words: str) -> list[dict[str, str]]:
    """Return the figures that hold every word, or else the most pairs of characters, best first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = []
    for group in declared.public():
        for place, figure in enumerate(group.figures):
            score = _score(figure, wanted)
            if score:
                found.append((-score, place, figure, str(group.title)))
    found.sort(key=lambda one: one[:2])
    return [
        {
            "title": str(figure.title),
            "means": str(figure.means),
            "url": showing.figure_url(figure.name),
            "group": group,
        }
        for _score, _place, figure, group in found[:FOUND]
    ]


def _score(figure: Figure, wanted: list[str]) -> int:
    """Return how well a figure fits: names before definitions, whole words before pairs."""
    names = " ".join((figure.zh, figure.en, *figure.also)).casefold()
    means = f"{figure.means.zh} {figure.means.en}".casefold()
    if all(word in names for word in wanted):
        return 1000
    if all(word in names or word in means for word in wanted):
        return 500
    pairs = [word[i : i + 2] for word in wanted for i in range(len(word) - 1)]
    # pairs serve Chinese, which has no spaces; of English they would find everything
    pairs = [pair for pair in pairs if not pair.isascii()]
    hits = sum(pair in names for pair in pairs)
    return hits if pairs and hits * 2 >= len(pairs) else 0
