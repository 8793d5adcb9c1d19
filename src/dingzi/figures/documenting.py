"""docs/figures.md: every declared figure, as the code declares it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from . import guards, registry
from .declare import (
    Change,
    Figure,
    Mean,
    Median,
    Part,
    Quantile,
    Share,
    Stock,
    Sum,
)  # fmt: skip
from .declare_places import PerCapita, Rank
from .populations import Population, children

HEAD = """# 全部数字 · All figures

Made by `dingzi figures document`; do not edit. How figures are declared, counted, compared and
withheld is told in [counting.md](counting.md).
"""
KINDS = {
    "count": "件数 count",
    "stock": "存量 state on the last day",
    "sum": "合计 sum",
    "share": "占比 share",
    "mean": "平均 mean",
    "median": "中位数 median",
    "quantile": "分位数 quantile",
    "change": "变化 change on the year before",
    "per_capita": "按人口 for so many residents",
    "rank": "名次 rank of places",
}
GOOD = {
    "up": "越高越好 higher is better",
    "down": "越低越好 lower is better",
    "": "不分好坏 neither",
}


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for group in registry.public():
        parts.append(f"## {group.title.zh} · {group.title.en}\n")
        parts += [_figure(one) for one in group.figures]
    return "\n".join(parts)


def _figure(one: Figure) -> str:
    lines = [
        f"### {one.zh} · {one.en}",
        "",
        f"`{one.name}` · {KINDS[one.kind]} · {one.unit.zh} {one.unit.en} · {GOOD[one.good]}",
        "",
        f"{one.means.zh}{one.note.zh if one.note else ''}",
        "",
        f"{one.means.en} {one.note.en if one.note else ''}".rstrip(),
        "",
    ]
    for term, text in _facts(one):
        lines.append(f"- {term}: {text}")
    return "\n".join([*lines, ""])


def _facts(one: Figure) -> Iterator[tuple[str, str]]:
    if one.also:
        yield "也叫 also", "、".join(one.also)
    yield "怎么算 counted", " ".join(_counted(one))
    public = [f"{d.zh} {d.en}" for d in one.by if d.public]
    inner = [f"{d.zh} {d.en}" for d in one.by if not d.public]
    yield "公开分法 public", "、".join([*public, "月 month"])
    if inner:
        yield "内部分法 inner", "、".join(inner)
    yield "从何时起 since", one.since.isoformat()
    for gap in one.breaks:
        yield "改过 changed", f"{gap.on}: {gap.zh} {gap.en}"
    watched = [f"{guard.zh} {guard.en}" for guard in guards.beside(one)]
    if watched:
        yield "旁边看着 guards", "、".join(watched)
    yield "算法编号 definition", f"`{one.definition}` ({one.version})"


def _counted(one: Figure) -> Iterator[str]:
    if isinstance(one, Share):
        yield f"{_rows(one.of)} / {_rows(one.over)}"
    elif isinstance(one, Stock):
        yield f"{_rows(one.begun)} − {_rows(one.ended)}, up to the last day"
    elif isinstance(one, Change):
        yield f"`{one.of.name}` beside the same part of the year before"
    elif isinstance(one, PerCapita):
        yield f"`{one.of.name}` for each {one.per:,} residents on the last day"
    elif isinstance(one, Rank):
        yield f"place by `{one.of.name}` among all {one.among.en.lower()} units"
    elif isinstance(one, Quantile):
        yield f"{one.q} of `{one.column}` of {_rows(one.of)}"
    elif isinstance(one, Sum | Mean | Median):
        yield f"`{one.column}` of {_rows(one.of)}"
    else:
        yield from (_part(part) for part in one.parts)


def _part(part: Part) -> str:
    return _rows(part.population)


def _rows(of: Population) -> str:
    where = _where(of.where)
    told = f" where {where}" if where else ""
    return f"`{of.model.__name__}` by `{of.on}`{told}"


def _where(where: Q) -> str:
    """Write a condition as a reader of the code would say it."""
    said = []
    for child in children(where):
        if isinstance(child, Q):
            inner = _where(child)
            said.append(f"({inner})" if len(children(child)) > 1 else inner)
        else:
            said.append(_term(*child))
    text = (" or " if where.connector == Q.OR else " and ").join(one for one in said if one)
    return f"not ({text})" if where.negated and text else text


def _term(path: str, value: object) -> str:
    column, _, lookup = path.partition("__")
    if lookup == "isnull":
        return f"`{column}` is {'empty' if value else 'there'}"
    if lookup == "in" and isinstance(value, list | tuple | set | frozenset):
        return f"`{column}` in {', '.join(map(str, value))}"
    sign = {"": "=", "exact": "=", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}[lookup]
    shown = "empty" if value == "" else str(value).lower() if isinstance(value, bool) else value
    return f"`{column}` {sign} {shown}"
