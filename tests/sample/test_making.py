"""Making the sample city: when it may be, and what a broken run leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from dingzi.city.models import Unit
from dingzi.matters.models import Event, Matter
from dingzi.matters.samples import SampleCity, Story
from dingzi.sample import filling, making
from tests.world import World


@pytest.mark.parametrize("scale", ["0", "big", "-3", "99999999"])
def test_a_scale_that_is_none_is_refused(db: None, scale: str) -> None:
    """small, full or a number."""
    with override_settings(DEMO=True), pytest.raises(CommandError, match="small"):
        call_command("demo", scale=scale)
    assert not Unit.objects.exists()


def test_without_the_mark_of_a_demo_nothing_is_made(db: None) -> None:
    """A sample must say on every page that it is one."""
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DINGZI_DEMO=1"):
        call_command("demo")
    assert not Event.objects.exists()


def test_a_city_with_real_matters_is_left_alone(world: World, filed: str) -> None:
    """Simulated cases never come among real ones unless somebody insists."""
    events = Event.objects.count()
    with override_settings(DEMO=True), pytest.raises(CommandError, match="DINGZI_HOME"):
        call_command("demo")
    assert Event.objects.count() == events


@pytest.mark.slow
def test_a_run_that_was_broken_off_goes_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is there whole or not at all, and none twice."""
    cut, share = filling.batches, 0.0006
    whole: list[int] = []  # matters that each batch opens, of all that is told

    def opened(batch: list[Story]) -> int:
        return sum(act.number is None and not act.parent for s in batch for act in s.acts)

    def breaks(told: Iterator[Story], size: int = 40) -> Iterator[list[Story]]:
        for place, batch in enumerate(cut(told, 40)):
            if place == 2:
                raise KeyboardInterrupt
            whole.append(opened(batch))
            yield batch

    monkeypatch.setattr(filling, "batches", breaks)
    with pytest.raises(KeyboardInterrupt):
        making.make(share=share, seed=3)
    assert Matter.objects.filter(parent=None).count() == sum(whole) >= 80
    whole.clear()

    def goes_on(told: Iterator[Story], size: int = 40) -> Iterator[list[Story]]:
        for batch in cut(told, 40):
            whole.append(opened(batch))
            yield batch

    after = filling.sequels

    def later(city: SampleCity) -> Iterator[list[Story]]:
        for batch in after(city):
            whole.append(opened(batch))
            yield batch

    monkeypatch.setattr(filling, "batches", goes_on)
    monkeypatch.setattr(filling, "sequels", later)
    filled = making.make(share=share, seed=3)
    assert filled is not None
    assert Matter.objects.filter(parent=None).count() == sum(whole) > 80
    openings = Event.objects.filter(
        seq=1, stream__in=Matter.objects.filter(parent=None).values("id")
    )
    texts = openings.values_list("facts__number", flat=True)
    assert len(set(texts)) == len(texts) == sum(whole)
