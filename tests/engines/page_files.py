"""The files that the commands on the engines' pages name, small; YAML is the page's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dingzi.engines import tables
from tests.engines.matching import test_files as jobs
from tests.engines.menu.canteens import CANTEEN
from tests.engines.portfolio.test_orlib import ORLIB
from tests.engines.routing import deliveries
from tests.engines.routing import test_formats as routes
from tests.engines.siting import cities, test_city_folder
from tests.engines.siting import test_formats as sites

#: the places of the routing page by the letters of its test
_PLACES = {"d": "depot", "n": "north", "s": "south", "f": "far"}


def write(page: str, folder: Path, yaml: list[str]) -> None:
    """Write what a page's commands read."""
    texts = {
        "engines": lambda: _city() | {"pmed1.txt": sites.PMED},
        "siting": lambda: _city() | _sites(),
        "routing": _routes,
        "matching": _jobs,
        "award": _award,
        "portfolio": lambda: {
            "plan.yaml": yaml[0],
            "mknapcb9.txt": "3\n" + ORLIB.split("\n", 1)[1] + "1 1 1\n 1\n 1\n 1\n",
            "facts.csv": _facts(yaml[0]),
        },
        "menu": lambda: {"canteen.yaml": CANTEEN},
        "settlement": lambda: {
            "year.yaml": yaml[0],
            "rulings.csv": "home,visit,month,fen\n东片,西片,2,-40000\n",
        },
        "screening": _screening,
    }[page]()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    if page == "matching":
        pairs = {"seeker": ["a", "a", "b"], "vacancy": ["x", "y", "x"], "score": [5, 3, 4]}
        tables.write(folder / "pairs.parquet", pairs | {"priority": [1, 1, 2], "seats": [1, 1, 1]})
    if page == "settlement":
        claims: dict[str, Any] = {"home": ["东片", "西片"], "visit": ["东片", "东片"]}
        claims |= {"month": [1, 2], "fund_fen": [90_000_000, 250_000], "excluded": [False, False]}
        tables.write(folder / "claims.parquet", claims)


def given(page: str) -> dict[str, Any]:
    """Return the names that a page's Python takes as given."""
    return {"problem": cities.city(1)} if page == "engines" else {}


def _city() -> dict[str, str]:
    return {f"city/{name}": text for name, text in test_city_folder.FILES.items()}


def _sites() -> dict[str, str]:
    pairs = "customer,site,cost\n" + "".join(
        f"c{c},s{s},{abs(7 * c - 5 * s) * 300}\n" for c in range(8) for s in range(6)
    )
    return {
        "pmed1.txt": sites.PMED, "cap41.txt": sites.CAP, "capa.txt": sites.OPEN,
        "p1.txt": sites.SSCFLP, "pairs.csv": pairs,
    }  # fmt: skip


def _routes() -> dict[str, str]:
    meals = {"schools": routes.SCHOOLS, "vans": routes.VANS, "places": routes.PLACES}
    meals |= {"ways": routes.WAYS}
    for table, columns in {"schools": (1,), "vans": (1,), "places": (0,), "ways": (0, 1)}.items():
        head, *rows = (line.split(",") for line in meals[table].splitlines())
        for row in rows:
            for column in columns:
                row[column] = _PLACES[row[column]]
        meals[table] = "\n".join(",".join(row) for row in (head, *rows)) + "\n"
    made = deliveries.windows(20, seed=2)
    return {f"meals/{name}.csv": text for name, text in meals.items()} | {
        "C1_2_1.TXT": deliveries.as_solomon(deliveries.windows(200, seed=1), "C1_2_1"),
        "X-n101-k25.vrp": deliveries.as_vrplib(made, 200),
    }


def _jobs() -> dict[str, str]:
    texts = {"seekers": jobs.SEEKERS, "vacancies": jobs.VACANCIES}
    texts |= {"places": jobs.PLACES, "ways": jobs.WAYS}
    return {f"city/{name}.csv": text for name, text in texts.items()}


def _award() -> dict[str, str]:
    book = Path(cities.__file__).parents[3] / "src/dingzi/engines/award/rules/national-7.yaml"
    return {
        "bids.csv": "product,bidder,price\nsaline,a,100\nsaline,b,120\nsaline,c,990\ngauze,b,50\ngauze,d,55\ngauze,e,79\n",
        "demand.csv": "product,region,volume,ceiling\nsaline,east,100,1000\nsaline,west,50,1000\n"
        "gauze,east,10,80\n",
        "worth.csv": "product,worth\nsaline,5\n",
        "our-round.yaml": book.read_text("utf-8"),
        "bid.csv": "product,bidder,price\nsaline,a,100\n",
    }


def _facts(plan: str) -> str:
    names = [
        line.split("name: ")[1].split(",")[0] for line in plan.splitlines() if "- name:" in line
    ]
    names += [
        line.split("name: ")[1].split(",")[0]
        for line in plan.splitlines()
        if "versions: [{" in line
    ]
    return "item,needed,urgent,ready,started\n" + "".join(
        f"{name.strip()},yes,yes,yes,no\n" for name in dict.fromkeys(names)
    )


def _screening() -> dict[str, str]:
    days = "value,group\n" + "".join(f"{value},county\n" for value in range(20, 100))
    purchases = "buyer,supplier,day,fen\n" + "".join(
        f"b{n % 5},s{n % 3},2026-01-{1 + n % 28:02},{30_000_000 + n * 250_000}\n" for n in range(60)
    )
    bids = "tender,price\n" + "".join(
        f"t{n},{100_000 + (n * 7919 + k * 104729) % 20_000}\n" for n in range(20) for k in range(5)
    )
    return {"days.csv": days, "purchases.csv": purchases, "bids.csv": bids}
