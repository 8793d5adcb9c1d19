"""Writing and rewriting: what an article says, by whom, under which name it will stand."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid
from dingzi.figures.texts import rich
from dingzi.matters.acts import Act, Asked, Outcome, State
from dingzi.matters.clocks import local_day

from ..process import article
from . import pictures

#: Tags of one article, and characters of one.
MOST_TAGS, LONGEST_TAG = 8, 16


def page_of(asked: Asked) -> Outcome:
    """Return what every act that writes the page adds: its title as the matter's."""
    data: Any = asked.data
    if not rich.plain(data.text).strip():
        raise Invalid.of("required", field="text")
    pictures.look_at(data.text)
    if len(data.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in data.tags):
        raise Invalid.of("article_tags", field="tags", most=MOST_TAGS, longest=LONGEST_TAG)
    return Outcome(facts={"tags": list(dict.fromkeys(data.tags))}, private={"title": data.headline})


def keep_page(state: State, act: Act) -> None:
    """Keep the page as the act says it."""
    own, facts = state.own, act.facts
    own.headline, own.text = facts["headline"], facts["text"]
    own.summary, own.category = facts.get("summary", ""), facts["category"]
    own.tags, own.byline = facts.get("tags", []), facts["byline"]
    own.writer = act.post
    own.version = act.seq


@article.on("write")
class Write:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return page_of(asked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_page(state, act)
        state.own.written_on = local_day(act.occurred_at)
        state.own.unit, state.own.post = act.unit, act.post


@article.on("rewrite")
class Rewrite:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return page_of(asked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_page(state, act)
        state.own.note = ""
