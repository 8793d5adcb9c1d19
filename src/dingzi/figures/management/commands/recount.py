"""dingzi recount: the public figures of any Dingzi, from its public log alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core.errors import Refusal
from dingzi.core.reasons import both
from dingzi.figures import recounting
from dingzi.figures.period import Period
from dingzi.ledger.openings import OpeningTrouble, read
from dingzi.ledger.reading import entries
from dingzi.tlog.errors import TlogError


class Command(BaseCommand):
    help = "从公开日志重算公布的数字 · recompute the public figures from a public log"

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

    def handle(
        self, *, source: str, key: str, period: str, by: str, openings: Path | None, **options: Any
    ) -> None:
        try:
            wanted = Period.parse(period) if period else Period.whole_months()
            found = entries(source, key)
            fields, opened = read(openings, found) if openings else (frozenset(), {})
            made = recounting.fold(found, opened)
        except OpeningTrouble as error:
            raise CommandError(str(error)) from None
        except Refusal as refusal:
            raise CommandError(both(refusal)) from None
        except (TlogError, OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"读不了这个日志 | this log cannot be read: {error}") from None
        if not wanted.is_whole_months and "@occurred_at" not in fields:
            raise CommandError(
                "公开日志只有月份，要整月；按日重算要打开 @occurred_at\n"
                "the public log has months: ask for whole ones, or open @occurred_at for days"
            )
        listed = list(recounting.figures(fields))
        if by and not any(recounting.divides(figure, by, fields) for figure, _ in listed):
            raise CommandError(
                f"没有数字能按 {by} 分：公开日志不写，也没有打开\n"
                f"no figure divides by {by}: the public log does not show it, nor was it opened"
            )
        for figure, lacking in listed:
            told: dict[str, Any] = {"figure": figure.name, "period": wanted.code}
            if lacking:
                told["needs"] = sorted(lacking)
            elif by and recounting.divides(figure, by, fields):
                column = figure.dimensions[by].column
                keys = {getattr(row, column) for row in made.rows.get(figure.model, ())}
                told["values"] = {
                    k: _said(recounting.value(made, figure, wanted, {by: k})) for k in sorted(keys)
                }
            else:
                told["value"] = _said(recounting.value(made, figure, wanted, {}))
                if by:
                    told["undivided"] = by
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        self.stderr.write(f"{made.entries:,} 条 entries · {made.hidden:,} 保密 confidential")


def _said(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
