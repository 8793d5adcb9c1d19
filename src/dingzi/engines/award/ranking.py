"""One product's bids ranked under the rules: compiled, for 10,000 products and every bidder's
winning price. All in whole numbers: factors and shares count in ten-thousandths."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .rulebook import PARTS, RuleBook, step

#: states of a bid
WON, REVIVED, BEYOND, BROKEN, HIGHEST, TOO_FEW = 0, 1, 2, 3, 4, 5
_ONE = PARTS
ENTRY, MOST, FACTOR, BY_ANCHOR, SHARE, CUT, NOT_HIGHEST, REVIVAL = range(8)


def numbers(rules: RuleBook, count: int) -> NDArray[np.int64]:
    """Return (8,) int64: a rule book for one number of bids, as the compiled code takes it."""
    return np.array(
        [
            rules.entry,
            step(rules.winners, count, 0),
            0 if rules.factor is None else int(rules.factor * _ONE),
            rules.of == "anchor",
            int(rules.anchor_share * _ONE),
            -1 if rules.cut is None else int(rules.cut * _ONE),
            rules.not_highest,
            rules.revival,
        ],
        np.int64,
    )


@njit(cache=True)
def breaker(sorted_prices, by):  # type: ignore[no-untyped-def]
    """Return the highest price that the breaker lets pass; prices rise; -1: there is no breaker."""
    if by[FACTOR] == 0 or sorted_prices.size == 0:
        return -1
    lowest = sorted_prices[0]
    if not by[BY_ANCHOR]:
        return by[FACTOR] * lowest // _ONE
    short = min(max(by[MOST], 1), sorted_prices.size)
    total = 0
    for at in range(short):
        total += sorted_prices[at]
    return max(by[FACTOR] * lowest // _ONE, _by_mean(by[FACTOR] * by[SHARE], total, short))


@njit(cache=True)
def _by_mean(parts, total, short):  # type: ignore[no-untyped-def]
    """Return ``parts`` / ``_ONE``² of the mean ``total / short``, rounded down, exactly.

    A product may go beyond 64 bits and wraps; the estimate is off by so little that the rest, a
    difference of two such products, does not.
    """
    whole = _ONE * _ONE * short
    found = np.int64(np.float64(parts) * np.float64(total) / np.float64(whole))
    rest = parts * total - found * whole
    while rest < 0:
        found -= 1
        rest += whole
    while rest >= whole:
        found += 1
        rest -= whole
    return found


@njit(cache=True)
def judge(price, order, ceiling, exempt, revives, by, state, won_at):  # type: ignore[no-untyped-def]
    """Fill ``state`` (n,) and ``won_at`` (n,) for valid bids of one product; return how many win.

    ``order`` (n,) sorts them by price, score and lot; up to the price ``exempt`` nothing is broken
    (-1: no such price). Winners are those with WON in the order,
    then those REVIVED in the order.
    """
    n = price.size
    won_at[:] = 0
    if n < by[ENTRY] or by[MOST] == 0:
        state[:] = TOO_FEW
        return 0
    rising = price[order]
    limit = breaker(rising, by)
    won = 0
    for place in range(n):
        at = order[place]
        passes = limit < 0 or price[at] <= limit
        if not passes and price[at] <= exempt:
            passes = True
        if not passes and by[CUT] >= 0:
            passes = price[at] * _ONE <= ceiling * (_ONE - by[CUT])
        if by[NOT_HIGHEST] and n > 1 and place == n - 1:
            state[at] = HIGHEST
        elif not passes:
            state[at] = BROKEN
        elif won < by[MOST]:
            state[at] = WON
            won_at[at] = price[at]
            won += 1
        else:
            state[at] = BEYOND
    if by[REVIVAL]:
        for place in range(n):
            at = order[place]
            if state[at] == BROKEN and revives[at] and won < by[MOST]:
                state[at] = REVIVED
                won_at[at] = limit
                won += 1
    return won


@njit(cache=True)
def _sort(price, tie):  # type: ignore[no-untyped-def]
    n = price.size
    order = np.arange(n)
    for a in range(1, n):
        one = order[a]
        b = a
        while b > 0:
            other = order[b - 1]
            if price[other] < price[one] or (price[other] == price[one] and tie[other] < tie[one]):
                break
            order[b] = other
            b -= 1
        order[b] = one
    return order


@njit(cache=True)
def winning_price(at, price, tie, ceiling, exempt, revives, by):  # type: ignore[no-untyped-def]
    """Return the highest bid with which ``at`` would have won outright, all others the same; 0:
    none."""
    n = price.size
    tried = price.copy()
    state = np.zeros(n, np.int64)
    won_at = np.zeros(n, np.int64)
    low, high = 0, ceiling + 1
    while high - low > 1:
        middle = (low + high) // 2
        tried[at] = middle
        judge(tried, _sort(tried, tie), ceiling, exempt, revives, by, state, won_at)
        if state[at] == WON:
            low = middle
        else:
            high = middle
    return low


@njit(cache=True)
def judge_all(begin, price, tie, ceiling, exempt, revives, bys, state, won_at, rank, needed):  # type: ignore[no-untyped-def]
    """Judge every product; bids of product p are ``begin[p]:begin[p + 1]``, all valid."""
    for p in range(begin.size - 1):
        a, b = begin[p], begin[p + 1]
        if a == b:
            continue
        by = bys[b - a]
        order = _sort(price[a:b], tie[a:b])
        judge(price[a:b], order, ceiling[p], exempt[p], revives[a:b], by, state[a:b], won_at[a:b])
        place = 0
        for kind in (WON, REVIVED):
            for at in order:
                if state[a + at] == kind:
                    rank[a + at] = place
                    place += 1
        for at in range(b - a):
            if state[a + at] > REVIVED and state[a + at] != TOO_FEW:
                needed[a + at] = winning_price(
                    at, price[a:b], tie[a:b], ceiling[p], exempt[p], revives[a:b], by
                )
