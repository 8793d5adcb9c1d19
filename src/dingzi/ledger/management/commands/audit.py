"""dingzi audit: compare events, private parts, openings and projections with the public log."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dingzi.ledger.auditing import whole
from dingzi.matters import envelope

#: Both the first and the last event are of another key: the key is wrong rather than two rows.
ENDS = 2


class Command(BaseCommand):
    help = "拿公开日志核对全部记录 · compare every record with the public log"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="只出 JSON · JSON alone")

    def handle(self, *, json: bool, **options: Any) -> None:
        done, found = whole()
        if json:
            self.stdout.write(_json([one.told() for one in found]))
        else:
            for one in found:
                where = f"{one.stream or '-'}/{one.sequence or '-'}"
                self.stdout.write(f"{where} {one.kind} {one.field}")
            self.stdout.write(
                f"核对了 {done.leaves:,} 条，{len(found):,} 处不同 · "
                f"{done.leaves:,} entries compared, {len(found):,} differences"
            )
        if len(envelope.foreign()) == ENDS:
            self.stderr.write(
                "event.key 不像写这些事件的那一把：先从备份放回原来的，再核对 · event.key does not seem to be "
                "the one these events were written with: put that back from the backup, then audit again"
            )
        if found:
            raise SystemExit(1)


def _json(found: list[dict[str, Any]]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
