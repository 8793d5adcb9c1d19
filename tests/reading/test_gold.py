"""Sentences in the style of a city's work report, read as a careful reader does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from dingzi.reading import as_data, read

GOLD: list[dict[str, Any]] = [
    one
    for name in (
        "gold.yaml", "gold_reports.yaml", "gold_lists.yaml", "gold_briefs.yaml", "gold_drafts.yaml",
        "gold_whole.yaml",
    )
    for one in yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
]  # fmt: skip
#: the mechanisms of the house, as the sentences speak of them
MECHANISMS = {
    "jobs", "meals", "bidding", "schools", "health fund", "disputes", "petitions", "estates",
    "rectification", "investment", "budget", "burden", "assessment",
}  # fmt: skip


@pytest.mark.parametrize("gold", GOLD, ids=[f"{one['about']}-{at}" for at, one in enumerate(GOLD)])
def test_a_sentence_is_read_as_it_is_meant(gold):
    """All its claims and no others, each as the gold says; what is no claim is set aside with why."""
    found = read(gold["text"], year=gold.get("year"))
    claims = [
        as_data(one) | {"faults": [code for code, _ in one.faults], "before": one.before}
        for one in found.claims
    ]
    assert [one["text"] for one in claims] == [
        one.get("text", claims[at]["text"] if at < len(claims) else "?")
        for at, one in enumerate(gold["claims"])
    ]
    for one, wanted in zip(claims, gold["claims"], strict=True):
        assert {key: one[key] for key in wanted} == wanted
    why = {one.text: one.why for one in found.set_aside}
    for text, wanted in gold.get("aside", {}).items():
        if wanted != "absent":
            assert why.get(text) == wanted, (text, why)
        assert text not in {one["text"] for one in claims}


def test_the_gold_has_sentences_of_every_mechanism():
    """At least 60 in all, and three of each mechanism."""
    about = Counter(one["about"] for one in GOLD)
    assert len(GOLD) >= 60
    assert all(about[name] >= 3 for name in MECHANISMS), about
