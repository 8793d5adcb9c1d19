"""dingzi recount: the public figures of any Dingzi, from its public log alone, beside its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.figures import confronting, recounting, registry
from dingzi.figures.bounding import bounds, may_hide
from dingzi.figures.confronting import VERDICTS, Site, SiteTrouble, Told
from dingzi.figures.declare import Figure, Number
from dingzi.figures.period import Period
from dingzi.ledger.openings import Opened, OpeningTrouble, read
from dingzi.ledger.reading import entries, root
from dingzi.tlog.errors import TlogError
from dingzi.tlog.notes import Verifier

_EXIT = """退出码 exit status：
  0  能重算的都一样（或者没有比） · all that can be recounted is equal, or nothing was compared
  1  有不一样的 · something differs
  3  没有不一样的，但有的可能算了保密的事项，光凭公开日志定不下来
     nothing differs, but some may count confidential matters, so the log alone does not give them"""


class Command(BaseCommand):
    help = (
        "从公开日志重算公布的数字，和网站的比 · "
        "recompute the public figures from a public log and compare them with the site's"
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, epilog=_EXIT, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", metavar="URL|FOLDER", help="网站地址或日志文件夹 · site or folder"
        )
        parser.add_argument("--key", required=True, help="日志的公钥 · the log's public key (VKEY)")
        parser.add_argument("--period", default="", help="2025、2025Q3、2025-01..2025-08")
        parser.add_argument("--by", default="", help="county、category：按它分 · divide by it")
        parser.add_argument(
            "--openings",
            type=Path,
            metavar="FILE",
            help="市里为审计打开的字段（dingzi openings） · fields opened for an auditor",
        )
        parser.add_argument(
            "--site",
            metavar="URL",
            default="",
            help="和这个网站的数比；给了网址就和它比 · compare with this site; a URL is its own",
        )
        parser.add_argument(
            "--alone", action="store_true", help="只重算，不比 · recount only, compare with nothing"
        )

    def handle(
        self,
        *,
        source: str,
        key: str,
        period: str,
        by: str,
        openings: Path | None,
        site: str = "",
        alone: bool = False,
        **options: Any,
    ) -> None:
        where = site or (source if source.startswith(("http://", "https://")) else "")
        try:
            wanted = Period.parse(period) if period else Period.whole_months()
            Verifier.parse(key)  # before the site is asked for all that it publishes
            asked = None if alone or not where else _asked(where, wanted)
            found = _entries(source, key, asked)
            opened = read(openings, found) if openings else Opened(frozenset(), {})
            made = recounting.fold(found, opened)
        except (OpeningTrouble, SiteTrouble) as error:
            raise CommandError(str(error)) from None
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from None
        except (TlogError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"读不了这个日志 | this log cannot be read: {error}") from None
        if not wanted.is_whole_months and "@occurred_at" not in opened.fields:
            raise CommandError(
                "公开日志只有月份，要整月；按日重算要打开 @occurred_at\n"
                "the public log has months: ask for whole ones, or open @occurred_at for days"
            )
        listed = list(recounting.figures(made))
        if by and not any(recounting.divides(figure, by, opened.fields) for figure, _ in listed):
            raise CommandError(
                f"没有数字能按 {by} 分：公开日志不写，也没有打开\n"
                f"no figure divides by {by}: the public log does not show it, nor was it opened"
            )
        found_out: Counter[str] = Counter()
        for figure, lacking in listed:
            told: dict[str, Any] = {"figure": figure.name, "period": wanted.code}
            if lacking:
                told |= {"needs": sorted(lacking), "unopened": made.blind[figure.model]}
                found_out["needs"] += asked is not None
            else:
                divided = by if by and recounting.divides(figure, by, opened.fields) else ""
                told |= _counted(made, figure, wanted, divided)
                if by and not divided:
                    told["undivided"] = by
                if asked is not None:
                    try:
                        told |= _compared(made, figure, wanted, divided, asked)
                    except SiteTrouble as error:
                        raise CommandError(str(error)) from None
                    found_out[told["verdict"]] += 1
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        self.stderr.write(f"{made.entries:,} 条 entries · {made.hidden:,} 不显示内容 show nothing")
        if asked is not None:
            self._sum_up(found_out)

    def _sum_up(self, found_out: Counter[str]) -> None:
        words = {
            "equal": "一样 equal",
            "hidden": "光凭日志定不下来 within what confidential matters may add",
            "differs": "不一样 differ",
            "needs": "要打开才能重算 need openings",
            "untold": "网站没有公布 not published",
        }
        self.stderr.write(" · ".join(f"{n} {words[v]}" for v, n in found_out.items() if n))
        status = next((VERDICTS[one] for one in VERDICTS if found_out[one]), 0)
        if status:
            raise SystemExit(status)


def _asked(where: str, period: Period) -> Site:
    names = [figure.name for group in registry.public() for figure in group.figures]
    return Site.of(where).at_head(names, period)


def _entries(source: str, key: str, asked: Site | None) -> Sequence[bytes]:
    """Return the log's entries, up to the head by which the site counts where it is asked."""
    found = entries(source, key)
    if asked is None:
        return found
    if len(found) < asked.size or root(found[: asked.size]).hex() != asked.root:
        raise SiteTrouble(
            f"网站按另一本日志算：{asked.size:,}条，根 {asked.root}\n"
            f"the site counts by another log: {asked.size:,} entries, root {asked.root}"
        )
    return found[: asked.size]


def _counted(made: recounting.Recount, figure: Figure, period: Period, by: str) -> dict[str, Any]:
    if by:
        column = figure.dimensions[by].column
        keys = {getattr(row, column) for row in made.rows.get(figure.model, ())}
        return {
            "values": {
                k: _said(recounting.value(made, figure, period, {by: k})) for k in sorted(keys)
            }
        }
    told: dict[str, Any] = {"value": _said(recounting.value(made, figure, period, {}))}
    if made.closed and may_hide(figure, {}):
        within = bounds(made, figure, period, {})
        told |= {"closed": made.closed, "low": _said(within.low), "high": _said(within.high)}
    return told


def _compared(
    made: recounting.Recount, figure: Figure, period: Period, by: str, site: Site
) -> dict[str, Any]:
    """Return the gravest verdict, the site's numbers, and the words for those that are not equal."""
    parts: dict[str, Told] | None
    if by:
        parts = site.parts(figure, period, by)
    else:
        whole = site.value(figure, period)
        parts = None if whole is None else {"": whole}
    if parts is None:
        return {"verdict": "untold"}
    withheld = frozenset(k for k, one in parts.items() if one.why_none == "small")
    judged = {}
    for key, one in parts.items():
        dims = {by: key} if by else {}
        number = recounting.value(made, figure, period, dims, withheld)
        judged[key] = confronting.judge(made, figure, period, dims, number, one)
    said = {k: _said(one.number) for k, one in parts.items()}
    why = {
        k: {"zh": reasons.say(why, "zh-hans"), "en": reasons.say(why, "en")}
        for k, (_, why) in judged.items()
        if why is not None
    }
    verdict = next(
        (v for v in VERDICTS if any(v == found for found, _ in judged.values())), "untold"
    )
    return {"verdict": verdict, "site": said if by else said[""]} | (
        {"why": why if by else why[""]} if why else {}
    )


def _said(value: Number | None) -> int | str | None:
    if value is None or value.denominator == 1:
        return value if value is None else int(value)
    return str(value)
