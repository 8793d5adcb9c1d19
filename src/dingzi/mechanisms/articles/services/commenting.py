"""Comments: said by anybody, shown by an editor, answered in the unit's name."""

from __future__ import annotations

import re
from typing import Any

from dingzi.core.errors import Invalid
from dingzi.core.identity import find_identity_numbers
from dingzi.matters.acts import Act, Asked, Outcome, State

from ..models import Article, Comment
from ..process import comment

#: A comment with more addresses of pages than this is an advertisement.
_MOST_LINKS = 1
#: So much of a headline, and of a comment, stands in a comment's title.
_HEADLINE = 20
#: Shorter words (谢谢) may be said by many.
_OWN_WORDS = 10
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s，。；、]+"
    r"|(?<![a-z0-9_.@-])[a-z0-9-]{2,63}\.(?:com|cn|net|org|top|xyz|vip|cc|info|shop|site|club|online)(?![a-z0-9-])",
    re.I,
)


@comment.on("say")
class Say:
    """Take a comment on a public article; it goes to whoever has the article.

    Refuses identity numbers, several addresses, the same words once more, and an article that is not
    public.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        if find_identity_numbers(data.text):
            raise Invalid.of("identity_number_in_text", field="text")
        if len(_LINK.findall(f"{data.text} {data.name or ''}")) > _MOST_LINKS:
            raise Invalid.of("comment_links", field="text")
        found = Article.objects.filter(pk=data.article, live=True).select_related("matter").first()
        if found is None:
            raise Invalid.of("article_not_public", field="article")
        said = Comment.objects.filter(article=found, text=data.text)
        if len(data.text) >= _OWN_WORDS and said.exists():
            raise Invalid.of("comment_said_already", field="text")
        holder = {"holder": found.matter.holder_id, "holder_unit": found.matter.holder_unit_id}
        # the inbox tells on which article
        title = f"《{found.headline[:_HEADLINE]}》{data.text[:_HEADLINE]}"
        return Outcome(facts=holder, private={"title": title})

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.article_id = act.facts["article"]
        own.text, own.name = act.private.get("text", ""), act.private.get("name", "")
        own.said_at = act.occurred_at


@comment.on("allow")
class Allow:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.shown = True


@comment.on("reply")
class Reply:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.shown = True
        own.answer, own.answered_at = act.facts["answer"], act.occurred_at
        own.answered_by = act.unit


@comment.on("hide")
class Hide:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.shown = False
