"""The problem, the settings and the solution of ``portfolio``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..contract import Settings
from ..errors import BadProblem, BadSettings

Ints = NDArray[np.int64]
#: sums of money stay exact in 64 bits and in the solvers
LARGEST = 10**15


@dataclass(frozen=True, kw_only=True)
class Group:
    """Items of which some number, or some money, must or may be chosen.

    Parameters
    ----------
    name
        Shown in reasons.
    items
        Places in ``PortfolioProblem.items``.
    least, most
        How many of them are chosen; ``most`` None: no limit.
    floor, ceiling
        What the chosen use of all ``resources`` together, in the resources' unit (fen). A floor
        holds money for a purpose: the three guarantees are such groups.
    resources
        Places in ``PortfolioProblem.resources`` that floor and ceiling count; empty: all.
    """

    name: str
    items: tuple[int, ...]
    least: int = 0
    most: int | None = None
    floor: int = 0
    ceiling: int | None = None
    resources: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PortfolioProblem:
    """Items, each in one or more versions, of which a budget takes at most one.

    A version may differ in size, or in the year it begins: then it uses other resources. A
    resource is a year's money from one source ("2027 own funds", "2027 debt").

    Parameters
    ----------
    items : (I,) names
    versions : (V,) names, unique within their item
    item : (V,) int64, place of the version's item
    value : (V,) int64, points that the version is worth, not negative
    resources : (R,) names
    use : (R, V) int64, what a version uses of a resource, fen, not negative
    capacity : (R,) int64, what there is, fen
    carries : (R,) int64, the resource whose unused rest is added to this one; -1: none
    must : (I,) bool, chosen in any case (what is under construction)
    tier : (I,) int64, lower comes first where the settings say ``in_order``
    groups, requires, excludes
        ``requires`` (a, b): a only with b. ``excludes`` (a, b): not both.
    unit
        ``value`` counts in parts of a point: 10 for tenths. Objectives are told in points.
    source
        Where it was read, for errors.
    """

    items: Sequence[str]
    versions: Sequence[str]
    item: Ints
    value: Ints
    resources: Sequence[str]
    use: Ints
    capacity: Ints
    carries: Ints
    must: NDArray[np.bool_]
    tier: Ints
    groups: tuple[Group, ...] = ()
    requires: tuple[tuple[int, int], ...] = ()
    excludes: tuple[tuple[int, int], ...] = ()
    unit: int = 1
    source: str = "problem"

    def __post_init__(self) -> None:
        count, made, held = len(self.items), len(self.versions), len(self.resources)
        shapes = (
            ("item", self.item, (made,)),
            ("value", self.value, (made,)),
            ("use", self.use, (held, made)),
            ("capacity", self.capacity, (held,)),
            ("carries", self.carries, (held,)),
            ("must", self.must, (count,)),
            ("tier", self.tier, (count,)),
        )
        for name, array, shape in shapes:
            if array.shape != shape:
                self._refuse("portfolio.shape", name=name, found=array.shape, wanted=shape)
        if not made:
            self._refuse("portfolio.empty")
        for name, array in (("value", self.value), ("use", self.use), ("capacity", self.capacity)):
            if array.size and not 0 <= array.min() <= array.max() <= LARGEST:
                wrong = int(array.min() if array.min() < 0 else array.max())
                self._refuse("portfolio.range", name=name, found=wrong, high=LARGEST)
        if int(np.sum(self.value, dtype=object)) > LARGEST * 1000:
            self._refuse("portfolio.range", name="value", found="Σ", high=LARGEST * 1000)
        if set(self.item.tolist()) != set(range(count)):
            self._refuse("portfolio.item_versions")
        self._check_links(count, held)

    def _check_links(self, count: int, held: int) -> None:
        seen = set(self.carries[self.carries >= 0].tolist())
        if len(seen) < int((self.carries >= 0).sum()) or not seen <= set(range(held)):
            self._refuse("portfolio.carries")
        for place in range(held):
            walked, at = set(), place
            while at >= 0:
                if at in walked:
                    self._refuse("portfolio.carries")
                walked.add(at)
                at = int(self.carries[at])
        for a, b in (*self.requires, *self.excludes):
            if a == b or not (0 <= a < count and 0 <= b < count):
                self._refuse("portfolio.pair", first=a, second=b)
        names = [group.name for group in self.groups]
        for group in self.groups:
            strange = set(group.items) - set(range(count)) | set(group.resources) - set(range(held))
            twice = len(set(group.items)) < len(group.items) or names.count(group.name) > 1
            limits = (group.least, group.floor, group.most or 0, group.ceiling or 0)
            if strange or twice or min(limits) < 0:
                self._refuse("portfolio.group", name=group.name)

    def _refuse(self, code: str, **params: Any) -> NoReturn:
        raise BadProblem(self.source, None, code, params)

    @property
    def plain(self) -> bool:
        """Whether capacities are all there is: the multi-constraint knapsack of the literature."""
        linked = self.groups or self.requires or self.excludes or self.must.any()
        single = len(self.items) == len(self.versions)
        return bool(single and not linked and (self.carries < 0).all())


@dataclass(frozen=True, kw_only=True)
class PortfolioSettings(Settings):
    """Settings of ``portfolio``.

    Parameters
    ----------
    in_order
        Lower tiers first: no value of a later tier makes up for one of an earlier tier.
    total
        All resources together may use no more than this, fen; None: no such limit.
    """

    in_order: bool = False
    total: int | None = None

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if self.total is not None and self.total < 0:
            raise BadSettings("portfolio.total_negative", {"found": self.total})


@dataclass(frozen=True, kw_only=True, eq=False)
class Portfolio:
    """A solution: ``chosen`` (V,) bool, the versions taken."""

    chosen: NDArray[np.bool_]
