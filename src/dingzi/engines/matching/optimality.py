"""Whether an assignment can be raised by moves, found without solving it again.

A flow is of least cost exactly if its residual graph has no negative cycle (M. Klein, Management
Science 14, 1967). Parts of vacancies (open seats, seats kept for a category) and being left out
are the nodes; a seeker who holds one of them and lists another is an arc from the one to the
other, at the cost of what the move loses. Arcs into a node with a free seat may end there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from .lists import Lists
from .solution import Matching


def improvable(lists: Lists, solution: Matching) -> list[Reason]:
    """Return a reason where some chain of moves would raise the sum of scores."""
    guaranteed = lists.guaranteed & (solution.choice < 0)
    if guaranteed.any():
        return [("matching_guaranteed_unmet", {"seeker": int(np.argmax(guaranteed))})]
    tails, heads, costs, nodes = _moves(lists, solution)
    distance = np.zeros(nodes, dtype=np.int64)
    parent = np.full(nodes, -1)
    for step in range(nodes + 1):
        reached = distance[tails] + costs
        before = distance.copy()
        np.minimum.at(distance, heads, reached)
        if np.array_equal(before, distance):
            return []
        better = np.flatnonzero((reached == distance[heads]) & (reached < before[heads]))
        parent[heads[better]] = tails[better]
        # a cycle among the parents is a negative one (Bellman-Ford); seen long before the last step
        if step % 32 == 31 and _circular(parent):
            break
    return [("matching_improvable", {})]


def _circular(parent: NDArray[np.int64]) -> bool:
    """Whether following parents goes on for ever somewhere."""
    nodes = len(parent)
    onward = np.where(parent < 0, nodes, parent)
    onward = np.append(onward, nodes)
    for _ in range(nodes.bit_length()):
        onward = onward[onward]
    return bool((onward != nodes).any())


def _moves(
    lists: Lists, solution: Matching
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    """Return the residual arcs: tails, heads, costs, and how many nodes there are."""
    vacancies, categories = lists.reserved.shape
    count = len(lists)
    outside, end = vacancies * (categories + 1), vacancies * (categories + 1) + 1

    def node(seeker: NDArray[np.int64], vacancy: NDArray[np.int64]) -> NDArray[np.int64]:
        """The node by which a seeker comes to a vacancy: his category's, if seats are kept."""
        category = lists.category[seeker].astype(np.int64)
        has = (category >= 0) & (category < categories)
        kept = np.zeros(len(seeker), dtype=bool)
        kept[has] = lists.reserved[vacancy[has], category[has]] > 0
        return np.where(kept, vacancies + vacancy * categories + category, vacancy)

    everyone = np.arange(count)
    got = solution.vacancy.astype(np.int64)
    now = np.full(count, outside)
    held = got >= 0
    now[held] = node(everyone[held], got[held])
    worth = np.where(held, lists.at(lists.score, solution.choice), 0).astype(np.int64)
    rows, places = np.nonzero(lists.vacancy >= 0)
    to = node(rows, lists.vacancy[rows, places].astype(np.int64))
    tails, heads = [now[rows]], [to]
    costs = [worth[rows] - lists.score[rows, places]]
    free = np.flatnonzero(held & ~lists.guaranteed)
    tails.append(now[free])
    heads.append(np.full(len(free), outside))
    costs.append(worth[free])
    # a node's units go on to the seats: kept ones of their category first, else open ones
    units = np.bincount(now[held], minlength=end + 1)
    used_open = units[:vacancies].copy()
    for category in range(categories):
        which = np.flatnonzero(lists.reserved[:, category])
        kept = vacancies + which * categories + category
        over = np.maximum(units[kept] - lists.reserved[which, category], 0)
        used_open[which] += over
        tails.append(kept)
        heads.append(which)
        costs.append(np.zeros(len(which), dtype=np.int64))
        back = over > 0
        tails.append(which[back])
        heads.append(kept[back])
        costs.append(np.zeros(int(back.sum()), dtype=np.int64))
        spare = units[kept] < lists.reserved[which, category]
        tails.append(kept[spare])
        heads.append(np.full(int(spare.sum()), end))
        costs.append(np.zeros(int(spare.sum()), dtype=np.int64))
        taken = kept[units[kept] > 0]
        tails.append(np.full(len(taken), end))
        heads.append(taken)
        costs.append(np.zeros(len(taken), dtype=np.int64))
    room = lists.seats - lists.reserved.sum(axis=1)
    for out, into in ((used_open < room, True), (used_open > 0, False)):
        which = np.flatnonzero(out)
        ends = np.full(len(which), end)
        tails.append(which if into else ends)
        heads.append(ends if into else which)
        costs.append(np.zeros(len(which), dtype=np.int64))
    # being left out ends in the same sink, and those left out may come back from there
    tails.append(np.array([outside, end]))
    heads.append(np.array([end, outside]))
    costs.append(np.zeros(2, dtype=np.int64))
    if not (~held).any():
        tails[-1], heads[-1], costs[-1] = tails[-1][:1], heads[-1][:1], costs[-1][:1]
    return np.concatenate(tails), np.concatenate(heads), np.concatenate(costs), end + 1
