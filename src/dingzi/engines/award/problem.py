"""The problem, the settings and the solution of ``award``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from ..contract import Settings
from ..errors import BadProblem
from .rulebook import RuleBook

Ints = NDArray[np.int64]
#: the largest price (fen) and volume (units)
LARGEST = 10**9


@dataclass(frozen=True, kw_only=True, eq=False)
class AwardProblem:
    """Bids for products, and what the hospitals of each region reported to need.

    Parameters
    ----------
    products : (P,) names
    bidders : (B,) names
    regions : (R,) names
    ceiling : (P,) int64, fen a unit; a bid above it is invalid
    volume : (P, R) int64, units reported
    product, bidder : (N,) int64, places; a bidder bids once for a product
    price : (N,) int64, fen a unit, above 0
    qualified : (N,) bool
    revives : (N,) bool, takes a place at the breaker's price if asked
    score : (N,) int64, decides between equal prices, the higher first; then a lot drawn from the
        seed and the names, never the order of the bids
    forms : (P,) names of dosage forms, "" where it is not said; empty: of none
    capacity : (N,) int64, units that the bidder can supply of the product, over all regions; -1:
        no limit; empty: of none
    source
        Where it was read, for errors.
    """

    products: Sequence[str]
    bidders: Sequence[str]
    regions: Sequence[str]
    ceiling: Ints
    volume: Ints
    product: Ints
    bidder: Ints
    price: Ints
    qualified: NDArray[np.bool_]
    revives: NDArray[np.bool_]
    score: Ints
    forms: Sequence[str] = ()
    capacity: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    source: str = "problem"

    def __post_init__(self) -> None:
        bids = len(self.price)
        if not len(self.forms):
            object.__setattr__(self, "forms", ("",) * len(self.products))
        if not len(self.capacity):
            object.__setattr__(self, "capacity", np.full(bids, -1))
        if len(self.forms) != len(self.products):
            self._refuse("award.shape", "forms")
        for name in ("product", "bidder", "qualified", "revives", "score", "capacity"):
            if getattr(self, name).shape != (bids,):
                self._refuse("award.shape", name)
        if self.ceiling.shape != (len(self.products),):
            self._refuse("award.shape", "ceiling")
        if self.volume.shape != (len(self.products), len(self.regions)):
            self._refuse("award.shape", "volume")
        for name, low in (("ceiling", 1), ("volume", 0), ("price", 1), ("capacity", -1)):
            array = getattr(self, name)
            if array.size and not low <= array.min() <= array.max() <= LARGEST:
                self._refuse("award.range", name)
        for name, count in (("product", len(self.products)), ("bidder", len(self.bidders))):
            array = getattr(self, name)
            if array.size and not 0 <= array.min() <= array.max() < count:
                self._refuse("award.range", name)
        if len(np.unique(self.product * len(self.bidders) + self.bidder)) < bids:
            self._refuse("award.twice", "bidder")

    def _refuse(self, code: str, name: str) -> NoReturn:
        raise BadProblem(self.source, None, code, {"name": name})


@dataclass(frozen=True, kw_only=True)
class AwardSettings(Settings):
    """``rules``: the rule book of the round."""

    rules: RuleBook


@dataclass(frozen=True, kw_only=True, eq=False)
class Award:
    """Who is awarded what.

    Parameters
    ----------
    rank : (N,) int64, place among the winners of its product, from 0; -1: did not win
    price : (N,) int64, fen a unit at which it was awarded: its bid, or the price of its revival;
        0 for losers
    main, backup : (P, R) int64, the bid that supplies the region; -1: none
    agreed : (P, R) int64, units agreed with the main supplier
    years : (P,) int64, of the contract; 0: the rules do not say, or nobody won
    """

    rank: Ints
    price: Ints
    main: Ints
    backup: Ints
    agreed: Ints
    years: Ints
