"""Interchange: swap an open site for a closed one as long as that pays, all swaps weighed at once.

M. B. Teitz and P. Bart, Operations Research 16 (1968); the tables of gain, loss and correction are
those of M. G. C. Resende and R. F. Werneck, Annals of Operations Research 150 (2007).
"""

from __future__ import annotations

import math

import numpy as np

from dingzi.engines.contract import Watch

from .facility import Floats, Ints


def serving_cost(cost: Floats, opening: Floats, sites: Ints) -> float:
    """Return opening plus each customer's nearest of ``sites``."""
    return float(cost[:, sites].min(axis=1).sum() + opening[sites].sum())


class Interchange:
    """Swaps over one matrix of costs, whose rows are sorted once."""

    def __init__(self, cost: Floats, opening: Floats, p: int | None) -> None:
        self.opening, self.p = opening, p
        self.order = np.argsort(cost, axis=1, kind="stable").astype(np.int32)
        self.sorted = np.take_along_axis(cost, self.order, axis=1)
        self.rows = np.arange(len(cost))

    def improve(self, sites: Ints, watch: Watch) -> Ints:
        """Return sites that no swap (without ``p``: nor opening nor closing) makes cheaper."""
        is_open = np.zeros(len(self.opening), np.bool_)
        is_open[sites] = True
        while not watch.over:
            change = self._best_change(is_open)
            if change is None:
                break
            out, into = change
            if out is not None:
                is_open[out] = False
            if into is not None:
                is_open[into] = True
        return np.flatnonzero(is_open)

    def _two_nearest(self, is_open: np.ndarray) -> tuple[Ints, Floats, Ints, Floats]:
        """Return each customer's nearest open site, its cost, and those of the second."""
        count = int(is_open.sum())
        # most find two open ones near the beginning of their row
        width = min(len(is_open), 6 * len(is_open) // max(count, 1) + 10)
        seen = is_open[self.order[:, :width]]
        if width < len(is_open) and (seen.sum(axis=1) < 2).any():
            width = len(is_open)
            seen = is_open[self.order]
        first = np.argmax(seen, axis=1)
        seen[self.rows, first] = False
        second = np.argmax(seen, axis=1)
        far = np.where(seen[self.rows, second], self.sorted[self.rows, second], 1e300)
        return self.order[self.rows, first], self.sorted[self.rows, first], second, far

    def _best_change(self, is_open: np.ndarray) -> tuple[int | None, int | None] | None:
        """Return (site to close, site to open) of the change that saves most."""
        first, best, _, second = self._two_nearest(is_open)
        m = len(is_open)
        place = np.full(m, -1)
        sites = np.flatnonzero(is_open)
        place[sites] = np.arange(len(sites))
        loss = np.bincount(place[first], second - best, len(sites)) - self.opening[sites]
        # only sites nearer than a customer's second change anything for him
        width = int((self.sorted < second[:, None]).sum(axis=1).max())
        who, nth = np.nonzero(self.sorted[:, :width] < second[:, None])
        site, offered = self.order[who, nth], self.sorted[who, nth]
        closed = ~is_open[site]
        who, site, offered = who[closed], site[closed], offered[closed]
        gain = np.bincount(site, np.maximum(best[who] - offered, 0.0), m) - self.opening
        gain[sites] = -math.inf
        back = second[who] - np.maximum(offered, best[who])
        cell = place[first[who]] * m + site
        regained = np.bincount(cell, back, len(sites) * m).reshape(len(sites), m)
        profit = gain + regained - loss[:, None]
        out, into = divmod(int(np.argmax(profit)), m)
        options: list[tuple[float, int | None, int | None]] = [
            (float(profit[out, into]), int(sites[out]), into)
        ]
        if self.p is None:
            into = int(np.argmax(gain))
            options.append((float(gain[into]), None, into))
            if len(sites) > 1:
                out = int(np.argmin(loss))
                options.append((-float(loss[out]), int(sites[out]), None))
        saved, close, begin = max(options, key=lambda option: option[0])
        return (close, begin) if saved > 1e-9 * max(1.0, float(best.sum())) else None
