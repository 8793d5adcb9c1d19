"""A text in the small markup that editors write (Markdown), with live figures set into it.

    ## 哪里办得多
    今年1至8月，全市办结矛盾纠纷[[disputes.closed|2026-01..2026-08]]，袁州区[[disputes.closed|2026-01..2026-08|袁州区]]。

    [[disputes.closed|2026-01..2026-08|by county]]

``[[figure|period|place]]`` shows the figure's value as it is now; alone in a paragraph and ``by`` a
dimension it is a chart. All other numbers are read and compared with the record. HTML in the text is
text; what comes out is cleaned once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dingzi.city import directory
from dingzi.core.errors import Refusal
from dingzi.core.text import Text

from .. import asking
from ..answers import Table, Value
from ..fetching import one_reading
from ..period import Period
from .marking import VERDICTS, Checked, Mark, check

#: a live figure as it is written: name, period, place
LIVE = re.compile(
    r"\[\[ ?([a-z][a-z_]*\.[a-z_]+) ?\| ?([0-9A-Z.\-]{4,25}) ?(?:\| ?([^\[\]|]{1,24}?) ?)?\]\]"
)
_RULES = [
    "heading",
    "list",
    "blockquote",
    "hr",
    "emphasis",
    "link",
    "escape",
    "newline",
    "strikethrough",
    "image",
]
_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "strong", "em", "s", "a", "br", "sup",
         "span", "aside", "b", "div", "img"}  # fmt: skip
_PLACED = {tag: {"id"} for tag in ("p", "h2", "h3", "ul", "ol", "blockquote", "div")}
_ATTRIBUTES: dict[str, set[str]] = {
    **_PLACED,
    "a": {"href", "class", "id"},
    "span": {"class", "aria-hidden"},
    "sup": {"aria-hidden"},
    "aside": {"class"},
    "img": {"src", "alt", "width", "height", "loading"},
}
_TALLY = {"ok": Text("核实", "verified"), "off": Text("不符", "differs"), "none": Text("无数据", "no data")}  # fmt: skip
_SIGNS = dict(VERDICTS.values())


#: **加粗的话。**接着说: after a mark no word may follow the stars, so the mark goes behind them.
_BOLD = re.compile(r"\*\*([^*\n]+?)([。，、；：！？）”》]+)\*\*(?=\w)|\*\*[^*\n]+\*\*")


@dataclass(frozen=True, slots=True)
class Live:
    """A figure set into a text: its place among them from 1, and its value as it is now."""

    n: int
    value: Value
    place: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a text may show as ``![what is on it](image:2)``; pixels as it is shown."""

    n: int
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """A rich text ready to be shown.

    Attributes
    ----------
    html : clean; every block has an id ``p1``, ``p2`` ... by which a reader comes back to it.
    checked : its numbers beside the record, without those of ``lives``.
    lives : the figures set into it. blocks : how many blocks there are.
    """

    html: SafeString
    checked: Checked
    lives: tuple[Live, ...]
    blocks: int


@dataclass(slots=True)
class _Piece:
    """A stretch of one token's words: plain, or the value of a live figure."""

    token: Token
    start: int
    words: str
    live: Live | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "maxNesting": 12}).enable(_RULES)


def _parse(source: str) -> list[Token]:
    tidy = _BOLD.sub(lambda m: f"**{m[1]}**{m[2]}" if m[1] else m[0], source)
    return _markdown().parse(tidy)


def plain(source: str) -> str:
    """Return the words of a rich text, a block a line, without its markup and live figures."""
    lines = []
    for token in _parse(source):
        if token.type == "inline":
            lines.append("".join(_words(child) for child in token.children or ()))
    return LIVE.sub("", "\n".join(lines))


@one_reading
def checked_text(source: str, day: date) -> Checked:
    """Return the numbers of a rich text beside the record, without those that are live."""
    _tokens, pieces, text = _read(source)
    return _checked(text, pieces, day)


@one_reading
def page(source: str, day: date, pictures: Sequence[Picture] = ()) -> Page:
    """Return a rich text as it is shown: live figures, marks, blocks that can be linked to.

    Of pictures only those are shown that are handed in; another's address is never asked for.
    """
    tokens, pieces, text = _read(source)
    _show(tokens, {f"image:{one.n}": one for one in pictures})
    checked = _checked(text, pieces, day)
    charts = dict(_charts(tokens))
    done: set[int] = set()
    by_token: dict[int, list[_Piece]] = {}
    for piece in pieces:
        by_token.setdefault(id(piece.token), []).append(piece)
    for own in by_token.values():
        token = own[0].token
        token.type, token.content = (
            "html_inline",
            "".join(_html(p, checked.marks, done) for p in own),
        )
    blocks = _blocks(tokens, pieces, checked.marks)
    made = _markdown().renderer.render(tokens, _markdown().options, {})
    html = nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https"})  # fmt: skip
    for place, table in charts.items():
        begin, _tag, rest = html.partition(f'<p id="p{place}">')
        html = f"{begin}{_chart(table, place)}{rest.partition('</p>')[2]}"
    lives = tuple(piece.live for piece in pieces if piece.live)
    return Page(SafeString(html), checked, lives, blocks)


# -- reading ------------------------------------------------------------------------------------


def _words(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return "\n"
    return child.content if child.type in ("text", "text_special") else ""


def _read(source: str) -> tuple[list[Token], list[_Piece], str]:
    """Return the tokens, the pieces of words in them, and the words with live values put in."""
    tokens = _parse(source)
    pieces: list[_Piece] = []
    words: list[str] = []
    at = lives = 0
    for token in tokens:
        if token.type != "inline":
            continue
        for child in token.children or ():
            if child.type not in ("text", "text_special"):
                words.append(_words(child))
                at += len(words[-1])
                continue
            for text, found in _split(child.content, lives):
                pieces.append(_Piece(child, at, text, found))
                lives += found is not None
                words.append(text)
                at += len(text)
        words.append("\n")
        at += 1
    return tokens, pieces, "".join(words)


def _split(content: str, before: int) -> Iterator[tuple[str, Live | None]]:
    done = 0
    for match in LIVE.finditer(content):
        if (match[3] or "").startswith("by "):  # a chart stands in its place
            yield content[done : match.start()], None
            done = match.end()
            continue
        found = _value(before + 1, match)
        if found is None:
            continue
        if done < match.start():
            yield content[done : match.start()], None
        yield found.value.text.zh, found
        before += 1
        done = match.end()
    yield content[done:], None


def _value(n: int, match: re.Match[str]) -> Live | None:
    """Return a live figure; None where the words name no figure, period or place that there is."""
    name, code, place = match[1], match[2], match[3] or ""
    county = next((c for c in directory.divisions("county") if place in (c.code, c.name)), None)
    if place and county is None:
        return None
    try:
        found = asking.value(name, Period.parse(code), {"county": county.code} if county else None)
    except Refusal:
        return None
    return Live(n, found, county.name if county else "")


def _checked(text: str, pieces: Sequence[_Piece], day: date) -> Checked:
    """Check the words; a number that a live figure shows is the record itself, and no claim."""
    found = check(text, day)
    spans = [(p.start, p.end) for p in pieces if p.live]
    kept = [
        m for m in found.marks if not any(m.claim.start < e and s < m.claim.end for s, e in spans)
    ]
    marks = tuple(replace(mark, n=n) for n, mark in enumerate(kept, 1))
    return Checked(text, marks, found.set_aside)


def _show(tokens: Sequence[Token], pictures: dict[str, Picture]) -> None:
    """Put the pictures into the tokens; what names none that is there becomes its words."""
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            found = pictures.get(str(child.attrs.get("src")))
            if found is None:
                child.type, child.content = "text", f"[{child.content}]"
                continue
            child.attrs = {
                "src": found.url, "alt": "", "width": found.width, "height": found.height, "loading": "lazy",
            }  # fmt: skip


# -- writing ------------------------------------------------------------------------------------


def _html(piece: _Piece, marks: Sequence[Mark], done: set[int]) -> str:
    if piece.live:
        n = piece.live.n
        return f'<a class="claim live" id="w{n}" href="#v{n}">{escape(piece.words)}</a>'
    out: list[str] = []
    at = piece.start
    for mark in marks:
        start, end = max(mark.claim.start, at), min(mark.claim.end, piece.end)
        if start >= end:
            continue
        out.append(escape(piece.words[at - piece.start : start - piece.start]))
        out.append(_claim(mark, piece.words[start - piece.start : end - piece.start], done))
        at = end
    out.append(escape(piece.words[at - piece.start :]))
    return "".join(out)


def _claim(mark: Mark, words: str, done: set[int]) -> str:
    """Write a claim, or a part of one that is in bold or a link here and not there."""
    own = "" if mark.n in done else f' id="m{mark.n}"'
    done.add(mark.n)
    told = f'<span class="vh">({_TALLY[mark.shade]})</span>' if own else ""
    return f'<a class="claim {mark.shade}"{own} href="#c{mark.n}">{escape(words)}{told}</a>'


def _blocks(tokens: list[Token], pieces: Sequence[_Piece], marks: Sequence[Mark]) -> int:
    """Number the outer blocks, level their headings, put counts beside them; return how many."""
    spans: dict[int, list[_Piece]] = {}
    for piece in pieces:
        spans.setdefault(id(piece.token), []).append(piece)
    n, notes = 0, []
    for at, token in enumerate(tokens):
        if token.type.startswith("heading"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
        if token.level == 0 and token.nesting >= 0 and token.type != "inline":
            n += 1
            token.attrSet("id", f"p{n}")
            notes.append((at, _note(_within(tokens, at, spans, marks))))
    for at, note in reversed(notes):
        if note:
            tokens.insert(at, Token("html_block", "", 0, content=note))
    return n


def _within(
    tokens: list[Token], at: int, spans: dict[int, list[_Piece]], marks: Sequence[Mark]
) -> list[Mark]:
    """Return the marks in the outer block that begins at a token."""
    own: list[_Piece] = []
    for token in tokens[at + 1 :]:
        if token.level == 0:
            break
        for child in token.children or ():
            own += spans.get(id(child), [])
    if not own:
        return []
    first, last = min(p.start for p in own), max(p.end for p in own)
    return [m for m in marks if first <= m.claim.start < last]


def _note(marks: Sequence[Mark]) -> str:
    said = []
    for shade, label in _TALLY.items():
        count = sum(mark.shade == shade for mark in marks)
        if count:
            words = escape(str(Text(f"{label.zh}{count}处", f"{count} {label.en}")))
            square = f'<span class="square {shade}" aria-hidden="true">{_SIGNS[shade]}</span>'
            said.append(f'<span class="verdict {shade}">{square}{words}</span>')
    return f'<aside class="margin">{"".join(said)}</aside>' if said else ""


def _charts(tokens: Sequence[Token]) -> Iterator[tuple[int, Table]]:
    """Yield, by its place among the outer blocks, the table of each paragraph that asks for a chart."""
    n = 0
    for at, token in enumerate(tokens):
        if not (token.level == 0 and token.nesting >= 0 and token.type != "inline"):
            continue
        n += 1
        if token.type != "paragraph_open":
            continue
        match = LIVE.fullmatch(tokens[at + 1].content.strip())
        if match and (match[3] or "").startswith("by "):
            try:
                yield n, asking.table(match[1], Period.parse(match[2]), match[3][3:].strip())
            except Refusal:
                continue


def _chart(table: Table, place: int) -> str:
    rows: list[tuple[Any, ...]] = [
        (str(row.label), row.value.shown, row.value.amount)
        for row in table.rows
        if row.value.shown is not None
    ]
    rows.sort(key=lambda row: -row[1])
    return render_to_string("figures/chart.html", {"table": table, "rows": rows, "place": place})
