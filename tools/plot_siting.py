"""Draw docs/engines/siting.svg: how far pupils of a made city go, before and after its plan."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "engines"))

from instances import city  # noqa: E402

from dingzi.engines.contract import Stop  # noqa: E402
from dingzi.engines.siting import CitySettings, decide_city  # noqa: E402
from dingzi.engines.siting.city_reasons import before_after  # noqa: E402

WIDTH, HEIGHT, LEFT, BELOW = 640, 320, 56, 44
COLOURS = {
    "before_m": ("#8a8f98", "现在 now"),
    "after_m": ("#b3372f", "方案最后一年 last year of the plan"),
}


def curve(metres: np.ndarray, pupils: np.ndarray, most: float) -> str:
    """Return the points of the share of pupils with at most so many metres."""
    order = np.argsort(metres)
    share = np.cumsum(pupils[order]) / pupils.sum()
    across = LEFT + (WIDTH - LEFT - 16) * metres[order] / most
    up = HEIGHT - BELOW - (HEIGHT - BELOW - 16) * share
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))


def main() -> int:
    problem = city(24, 150, 7)
    settings = CitySettings(stop=Stop(seconds=20), seed=1, module_seats=45, fen_per_km=60_000)
    found = decide_city(problem, settings)
    assert found.solution is not None
    rows = [row for row in before_after(problem, found.solution) if row["after_m"] is not None]
    pupils = np.array([row["pupils"] for row in rows])
    metres = {key: np.array([row[key] for row in rows]) for key in COLOURS}
    most = float(np.ceil(max(values.max() for values in metres.values()) / 1000) * 1000)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    floor = HEIGHT - BELOW
    for share in (0, 25, 50, 75, 100):
        y = floor - (floor - 16) * share / 100
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share}%</text>')
    for km in range(0, int(most / 1000) + 1, 2):
        x = LEFT + (WIDTH - LEFT - 16) * km * 1000 / most
        parts.append(f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{km} km</text>')
    for place, (key, (colour, name)) in enumerate(COLOURS.items()):
        line = curve(metres[key], pupils, most)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = floor - 40 + 18 * place
        parts.append(
            f'<text x="{WIDTH - 24}" y="{y}" text-anchor="end" fill="{colour}">{name}</text>'
        )
    parts.append("</svg>\n")
    target = ROOT / "docs" / "engines" / "siting.svg"
    target.write_text("\n".join(parts), "utf-8")
    closed = int((problem.exists & (found.solution.status[:, -1] != 2)).sum())
    print(f"{target.name}: gap {found.gap:.2%}, {closed} schools merged, {found.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
