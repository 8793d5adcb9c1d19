"""Cells, snapshot and rows say the same, and where one does not it is named."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from dingzi.figures import refreshing, verifying
from dingzi.figures.models import Cell
from dingzi.figures.snapshots.writing import Writer
from dingzi.mechanisms.disputes.models import Dispute
from tests.ledger.conftest import file
from tests.world import World

from .test_writing import sealed

pytestmark = pytest.mark.django_db


def test_what_differs_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """All agree; then a cell is changed by hand, then a row behind the events' back."""
    file()
    sealed()
    Writer().catch_up()
    refreshing.refresh()
    assert verifying.differences() == []
    call_command("figures", "verify")
    assert "all agree" in capsys.readouterr().out
    cell = Cell.objects.filter(
        series__part="disputes.registered", series__dimensions="", series__grain="month"
    ).first()
    assert cell is not None
    Cell.objects.filter(pk=cell.pk).update(n=7)
    assert {where for where, _ in verifying.differences()} == {"cells"}
    with pytest.raises(CommandError, match="rebuild"):
        call_command("figures", "verify")
    assert "disputes.registered" in capsys.readouterr().out
    refreshing.rebuild()
    assert verifying.differences() == []
    Dispute.objects.update(registered_on="2025-01-05")
    assert {where for where, _ in verifying.differences()} == {"snapshot"}
