"""``dingzi residents``: load how many people live in each division."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from ... import residents
from ...loading import LoadCommand


class Command(LoadCommand):
    help = (
        "载入各区划的常住人口：dingzi residents load FILE.csv [--check]。文件怎么写见 docs/city.md。"
        "Load how many people live in each division; docs/city.md has the columns."
    )

    def take(self, content: bytes, *, check: bool, **options: Any) -> int:
        rows = residents.read(content)
        if not check:
            with transaction.atomic():
                residents.record(rows)
        return len(rows)
