"""Check findings from the numbers alone: strips counted again, tails with sixty digits, markers by
other formulas against the same draws and against draws of another generator."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from ..contract import Reason, Verdict
from .problem import Finding, Findings, ScreeningProblem, ScreeningSettings

_CLOSE = 1e-6
#: standard errors by which two simulations of one probability may differ
_APART = 6.0
_NOTHING = Decimal("1e-40")
_VALUES, _BIDS = 20, 3


def check(problem: ScreeningProblem, settings: ScreeningSettings, solution: Findings) -> Verdict:
    """Name each finding that the numbers do not give, and each that is missing or told twice."""
    broken: list[Reason] = []
    expected = {(one.screen, one.group): one for one in _found(problem, settings)}
    told: dict[tuple[str, str], Finding] = {}
    for one in solution.findings:
        key = {"screen": one.screen, "group": one.group}
        if (one.screen, one.group) in told or (one.screen, one.group) not in expected:
            broken.append(("screening.other_groups", key))
        elif not _same(one, expected[one.screen, one.group]):
            broken.append(("screening.other_figures", key))
        told[one.screen, one.group] = one
    for screen, group in expected.keys() - told.keys():
        broken.append(("screening.other_groups", {"screen": screen, "group": group}))
    if problem.kind == "bids":
        broken += _by_other_draws(problem, settings, told)
    worth_a_look = [one for one in solution.findings if one.probability <= settings.alpha]
    reasons = [_reason(one) for one in worth_a_look]
    return Verdict(objective=len(reasons), broken=broken, reasons=[] if broken else reasons)


def _same(told: Finding, mine: Finding) -> bool:
    pairs = ((told.seen, mine.seen), (told.chance, mine.chance))
    near = all(abs(a - b) <= _CLOSE * max(1.0, abs(b)) for a, b in pairs)
    off = abs(told.probability - mine.probability)
    return near and told.count == mine.count and off <= _CLOSE * max(1e-3, mine.probability)


def _reason(one: Finding) -> Reason:
    figures = {"count": one.count, "seen": round(one.seen, 4), "chance": round(one.chance, 4)}
    probability = {"probability": f"{one.probability:.2g}"}
    return (f"screening.{one.screen}", {"group": one.group} | figures | probability)


def _found(problem: ScreeningProblem, settings: ScreeningSettings) -> Iterator[Finding]:
    numbers: list[list[int]] = [[] for _ in problem.groups]
    for group, value in zip(problem.group.tolist(), problem.value.tolist(), strict=True):
        numbers[group].append(value)
    limit, width = settings.threshold or 0, settings.width or 0
    if problem.kind == "bids":
        yield from _bids(problem, settings, numbers)
        return
    below = sum(value < limit for value in problem.value.tolist())
    near = sum(limit - width <= value < limit for value in problem.value.tolist())
    for name, mine in zip(problem.groups, numbers, strict=True):
        if problem.kind == "purchases":
            yield from _split(name, mine, below, near, limit, width)
            continue
        if settings.threshold is not None:
            yield from _beside(name, mine, limit, width)
        if len(mine) >= _VALUES and max(mine) >= 5 * settings.base:
            even = sum(value % settings.base == 0 for value in mine)
            yield _binomial("heaping", name, even, len(mine), 1 / settings.base)


def _beside(name: str, mine: list[int], limit: int, width: int) -> Iterator[Finding]:
    """Compare the two strips at the limit with the line through the strips outside them."""
    strips = [0, 0, 0, 0]
    for value in mine:
        place = (value - limit) // width + 2
        if 0 <= place < 4:
            strips[place] += 1
    count = strips[1] + strips[2]
    if count < _VALUES:
        return
    outside = strips[0] + strips[3] + 1
    left = (Fraction(2 * strips[0] + strips[3]) + Fraction(3, 2)) / (3 * outside)
    for screen, share, seen in (
        ("bunching", left, strips[1]),
        ("step", 1 - left, strips[2]),
    ):
        unsure = 2 * float(share * (1 - share)) / math.sqrt(outside)
        yield _binomial(screen, name, seen, count, min(1.0, float(share) + unsure))


def _split(
    name: str, mine: list[int], below: int, near: int, limit: int, width: int
) -> Iterator[Finding]:
    if len(mine) < 2 or max(mine) >= limit or sum(mine) < limit:
        return
    seen = sum(value >= limit - width for value in mine)
    share = (near - seen + 1) / (below - len(mine) + 2)
    yield _binomial("splitting", name, seen, len(mine), share)


def _binomial(screen: str, name: str, seen: int, count: int, chance: float) -> Finding:
    return Finding(
        screen=screen, group=name, count=count, seen=seen / count, chance=chance,
        probability=_tail(seen, count, chance),
    )  # fmt: skip


def _tail(seen: int, count: int, chance: float) -> float:
    """Add up the binomial's terms from its mode outwards, each from the one before it."""
    if seen <= 0 or chance >= 1:
        return 1.0
    with localcontext(prec=60):
        odds = Decimal(chance) / (1 - Decimal(chance))
        mode = min(count, int((count + 1) * chance))
        total = tail = Decimal(0)
        term = Decimal(1)
        for k in range(mode, count + 1):
            total += term
            tail += term if k >= seen else 0
            if k > seen and term < tail * _NOTHING:
                break
            term = term * (count - k) / (k + 1) * odds
        term = Decimal(1)
        for k in range(mode, 0, -1):
            term = term * k / (count - k + 1) / odds
            total += term
            tail += term if k - 1 >= seen else 0
            if term < total * _NOTHING:
                break
        return float(tail / total)


def _bids(
    problem: ScreeningProblem, settings: ScreeningSettings, numbers: list[list[int]]
) -> Iterator[Finding]:
    spread = _spread(numbers)
    drawn: dict[int, list[tuple[float, float, float]]] = {}
    for name, mine in zip(problem.groups, numbers, strict=True):
        count = len(mine)
        if count < _BIDS:
            continue
        if count not in drawn:
            source = np.random.default_rng((settings.seed, count))
            logs = source.standard_normal((settings.draws, count)).tolist()
            drawn[count] = [
                _markers([round(1e7 * math.exp(spread * one)) for one in row]) for row in logs
            ]
        for at, screen in enumerate(("evenness", "cover", "pattern")):
            seen = _markers(mine)[at]
            column = [one[at] for one in drawn[count]]
            beyond = sum(one >= seen - 1e-12 * abs(seen) for one in column)
            yield Finding(
                screen=screen, group=name, count=count, seen=seen,
                chance=statistics.median(column), probability=(beyond + 1) / (len(column) + 1),
            )  # fmt: skip


def _spread(numbers: list[list[int]]) -> float:
    logs = [[math.log(max(one, 1)) for one in mine] for mine in numbers if len(mine) >= _BIDS]
    return max(statistics.median(map(statistics.stdev, logs)), 1e-4) if logs else 0.1


def _markers(bids: list[int]) -> tuple[float, float, float]:
    """Evenness, cover, pattern: sums in whole numbers as far as they go."""
    rising = sorted(bids)
    mean = max(Fraction(sum(rising), len(rising)), Fraction(1, 10**9))
    losing = rising[1:]
    spread = statistics.stdev(losing) if len(losing) > 1 else 0.0
    cover = (rising[1] - rising[0]) / max(spread, float(mean) / 10**6)
    steps = [b - a for a, b in zip(rising, losing, strict=False)]
    step = max(Fraction(rising[-1] - rising[0], len(steps)), Fraction(1, 10**9))
    return (
        -statistics.stdev(rising) / float(mean),
        cover,
        -statistics.pstdev(steps) / float(step),
    )


def _by_other_draws(
    problem: ScreeningProblem, settings: ScreeningSettings, told: dict[tuple[str, str], Finding]
) -> Iterator[Reason]:
    """Compare what is told with a simulation of our own, as far as two simulations can agree."""
    numbers: list[list[int]] = [[] for _ in problem.groups]
    for group, value in zip(problem.group.tolist(), problem.value.tolist(), strict=True):
        numbers[group].append(value)
    spread = _spread(numbers)
    source = random.Random(settings.seed + 1)  # noqa: S311 (a simulation, no secret)
    for count in sorted({one.count for one in told.values() if one.count >= _BIDS}):
        drawn = [
            _markers([round(1e7 * math.exp(spread * source.gauss())) for _ in range(count)])
            for _ in range(settings.draws)
        ]
        for at, screen in enumerate(("evenness", "cover", "pattern")):
            column = np.sort([one[at] for one in drawn])
            for one in told.values():
                if (one.screen, one.count) != (screen, count):
                    continue
                beyond = len(column) - int(np.searchsorted(column, one.seen))
                share = (beyond + 1) / (len(column) + 1)
                middle = max((share + one.probability) / 2, 2 / settings.draws)
                error = math.sqrt(2 * middle * max(1 - middle, 0.0) / settings.draws)
                if abs(share - one.probability) > _APART * error + 2 / settings.draws:
                    key = {"screen": screen, "group": one.group}
                    yield ("screening.other_figures", key)
