"""Bids and demand out of tables, awards into them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..errors import BadProblem, BadSettings
from .problem import LARGEST, Award, AwardProblem


def bids(path: Path, options: Namespace) -> AwardProblem:
    """Read bids (product, bidder, price, qualified, revives, score) and, from ``options.demand``,
    product, region, volume and ceiling."""
    if options.demand is None:
        raise BadSettings("award.demand_missing", {})
    number = {"kind": "int", "low": 1, "high": LARGEST}
    demand = tables.read(
        options.demand,
        {
            "product": tables.Column(kind="text"),
            "region": tables.Column(kind="text", default="–"),
            "volume": tables.Column(kind="int", low=0, high=LARGEST),
            "ceiling": tables.Column(**number),  # type: ignore[arg-type]
            "form": tables.Column(kind="text", default=""),
        },
    )
    products, product = np.unique(demand["product"].astype(str), return_inverse=True)
    regions, region = np.unique(demand["region"].astype(str), return_inverse=True)
    volume = np.zeros((len(products), len(regions)), np.int64)
    ceiling = np.zeros(len(products), np.int64)
    seen = product * len(regions) + region
    _, first = np.unique(seen, return_index=True)
    if len(first) < len(seen):
        line = int(np.setdiff1d(np.arange(len(seen)), first)[0]) + 2
        raise BadProblem(options.demand, line, "award.twice", {"name": "region"})
    volume[product, region] = demand["volume"]
    ceiling[product] = demand["ceiling"]
    if (ceiling[product] != demand["ceiling"]).any():
        line = int(np.argmax(ceiling[product] != demand["ceiling"])) + 2
        raise BadProblem(options.demand, line, "award.two_ceilings", {"name": "ceiling"})
    forms = np.full(len(products), "", object)
    forms[product] = demand["form"]
    if (forms[product] != demand["form"]).any():
        line = int(np.argmax(forms[product] != demand["form"])) + 2
        raise BadProblem(options.demand, line, "award.two_forms", {"name": "form"})
    table = tables.read(
        path,
        {
            "product": tables.Column(kind="text"),
            "bidder": tables.Column(kind="text"),
            "price": tables.Column(**number),  # type: ignore[arg-type]
            "qualified": tables.Column(kind="bool", default=True),
            "revives": tables.Column(kind="bool", default=True),
            "score": tables.Column(kind="int", default=0, low=-LARGEST, high=LARGEST),
            "capacity": tables.Column(kind="int", default=-1, low=-1, high=LARGEST),
        },
    )
    bidders, bidder = np.unique(table["bidder"].astype(str), return_inverse=True)
    names = table["product"].astype(str)
    place = np.clip(np.searchsorted(products, names), 0, max(len(products) - 1, 0))
    unknown = products[place] != names if len(products) else np.ones(len(names), np.bool_)
    if unknown.any():
        line = int(np.argmax(unknown)) + 2
        raise BadProblem(path, line, "award.product_unknown", {"found": str(names[line - 2])})
    _, once = np.unique(place * max(len(bidders), 1) + bidder, return_index=True)
    if len(once) < len(names):
        line = int(np.setdiff1d(np.arange(len(names)), once)[0]) + 2
        raise BadProblem(path, line, "award.twice", {"name": "bidder"})
    return AwardProblem(
        products=products.tolist(),
        bidders=bidders.tolist(),
        regions=regions.tolist(),
        ceiling=ceiling,
        volume=volume,
        product=place.astype(np.int64),
        bidder=bidder.astype(np.int64),
        price=table["price"],
        qualified=table["qualified"],
        revives=table["revives"],
        score=table["score"],
        forms=tuple(forms.tolist()),
        capacity=table["capacity"],
        source=str(path),
    )


def _rows(problem: AwardProblem, award: Award) -> dict[str, list[Any]]:
    """One row for each region that is supplied, or for a winner without a region."""
    rows: dict[str, list[Any]] = {
        name: []
        for name in ("product", "bidder", "rank", "price", "region", "agreed", "backup", "years")
    }
    supplied: dict[int, list[tuple[int, int]]] = {}
    for product, region in np.argwhere(award.main >= 0).tolist():
        supplied.setdefault(int(award.main[product, region]), []).append((product, region))
    for at in np.flatnonzero(award.rank >= 0).tolist():
        for product, region in supplied.get(at, [(int(problem.product[at]), -1)]):
            other = int(award.backup[product, region]) if region >= 0 else -1
            rows["product"].append(problem.products[product])
            rows["bidder"].append(problem.bidders[problem.bidder[at]])
            rows["rank"].append(int(award.rank[at]))
            rows["price"].append(int(award.price[at]))
            rows["region"].append(problem.regions[region] if region >= 0 else "")
            rows["agreed"].append(int(award.agreed[product, region]) if region >= 0 else 0)
            rows["backup"].append(problem.bidders[problem.bidder[other]] if other >= 0 else "")
            rows["years"].append(int(award.years[product]))
    return rows


def as_data(problem: AwardProblem, award: Award) -> list[dict[str, Any]]:
    rows = _rows(problem, award)
    return [dict(zip(rows, one, strict=True)) for one in zip(*rows.values(), strict=True)]


def write(problem: AwardProblem, award: Award, path: Path) -> None:
    tables.write(path, _rows(problem, award))


def read_solution(problem: AwardProblem, path: Path) -> Award:
    """Read what ``write`` wrote."""
    text, number = tables.Column(kind="text", default=""), tables.Column(kind="int", low=0)
    rows = tables.read(
        path,
        {
            **dict.fromkeys(("product", "bidder", "region", "backup"), text),
            **dict.fromkeys(("rank", "price", "agreed"), number),
            "years": tables.Column(kind="int", low=0, default=0),
        },
    )
    known = {
        (problem.products[p], problem.bidders[b]): at
        for at, (p, b) in enumerate(zip(problem.product, problem.bidder, strict=True))
    }
    regions = {name: at for at, name in enumerate(problem.regions)}
    shape = problem.volume.shape
    award = Award(
        rank=np.full(len(problem.price), -1),
        price=np.zeros(len(problem.price), np.int64),
        main=np.full(shape, -1),
        backup=np.full(shape, -1),
        agreed=np.zeros(shape, np.int64),
        years=np.zeros(shape[0], np.int64),
    )
    for line in range(len(rows["product"])):
        key = (rows["product"][line], rows["bidder"][line])
        name = rows["region"][line]
        other = (key[0], rows["backup"][line])
        if key not in known or (name and name not in regions) or (other[1] and other not in known):
            raise BadProblem(path, line + 2, "award.row_unknown", {})
        at = known[key]
        told = (int(rows["rank"][line]), int(rows["price"][line]))
        again = award.rank[at] >= 0 and (int(award.rank[at]), int(award.price[at])) != told
        cell = (int(problem.product[at]), regions.get(name, -1))
        if again or (name and award.main[cell] >= 0):
            raise BadProblem(path, tables.line_of(path, line), "award.row_twice", {})
        award.rank[at], award.price[at] = told
        award.years[cell[0]] = rows["years"][line]
        if name:
            award.main[cell], award.agreed[cell] = at, rows["agreed"][line]
            award.backup[cell] = known.get(other, -1)
    return award
