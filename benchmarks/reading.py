"""Reading Chinese numbers: two public suites beside recognizers-text-number, a page read and bound.

The suites are those of microsoft/Recognizers-Text, Specs/Number/Chinese; their folder is given by
``--vectors`` or DINGZI_VECTORS. Without it only the page is judged: the claims about the suites
then have 0 cases and hold null. Both readers are judged by the same comparison of texts, places
and values; time is that of reading every input once, over its characters, the best of nine runs
(of five with ``--quick``).
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))

from claims import Claims, arguments, percentile

from dingzi.reading import Figure, bind, read, vectors
from dingzi.reading.catalogue import Catalogue, days
from dingzi.reading.errors import Unreadable

PAGE, FIGURES, LIMIT_MS, FASTER = 3_000, 200, 50, 30
#: cases that must pass, of all there are
WANTED = {"NumberModel.json": 360, "PercentModel.json": 150}
GOLD = Path(__file__).resolve().parents[1] / "tests" / "reading" / "gold.yaml"
#: pages of nothing but one thing, to find what takes more than its share
ADVERSE = {
    "numbers": "1万", "units": "十百", "counts": "受理1件化解2件", "months": "2025年1月", "open titles": "《1",
    "open quotes": "“1", "sums": "1+", "ranges": "1至", "rates": "百分之", "fractions": "一分之", "spaces": "一 ",
    "letters": "A1", "dots": "1.", "commas": "111,", "lines": "\n1", "parts": "其中1件", "telephones": "电话1 ",
    "years": "到2027年底", "places": "县", "one digit": "9", "more": "十余万", "hyphens": "1-",
}  # fmt: skip


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument(
        "--vectors", default=os.environ.get("DINGZI_VECTORS", ""), help="folder of the suites"
    )
    options = parser.parse_args()
    claims = Claims("")
    rounds = 5 if options.quick else 9
    told = [suite(claims, options.vectors, name, wanted, rounds) for name, wanted in WANTED.items()]
    together(claims, [one for one in told if one])
    page(claims, 40 if options.quick else 100)
    adverse(claims, rounds)
    return claims.finish()


def suite(
    claims: Claims, folder: str, name: str, wanted: int, rounds: int
) -> tuple[float, float, int] | None:
    """Judge one suite; return the microseconds of ours and the peer's, and the characters."""
    short = name.removesuffix(".json")
    try:
        if not folder:
            raise Unreadable(("vectors_missing", {}))
        cases = vectors.load(Path(folder), name)
    except Unreadable:
        print(f"{name}: not there, not judged (--vectors FOLDER)")
        claims.at_least(f"{short}: cases passed", 0, wanted, "cases", judged=False, size="no suite")
        return None
    ours, theirs = vectors.SUITES[name], peer(name)
    texts = [case["Input"] for case in cases]
    size = f"{len(cases)} cases, {sum(map(len, texts)):,} characters"
    passed, others = count(cases, ours), count(cases, theirs)
    print(f"{name}: {passed} of {len(cases)} pass, recognizers-text-number {others}")
    claims.at_least(f"{short}: cases passed", passed, wanted, "cases", size=size)
    claims.against(
        f"{short}: cases passed, beside the peer", passed, others, "cases", at_least=1, size=size
    )
    mine, yours = pace(texts, ours, rounds), pace(texts, theirs, rounds)
    claims.against(
        f"{short}: time per character",
        mine,
        round(yours, 3),
        "µs",
        at_most=round(1 / FASTER, 4),
        size=size,
    )
    read = sum(map(len, texts))
    return mine * read, yours * read, read


def together(claims: Claims, told: list[tuple[float, float, int]]) -> None:
    """Judge both suites as one run."""
    if told:
        mine, yours, read = (sum(column) for column in zip(*told, strict=True))
        claims.against(
            "both suites: time per character", mine / read, round(yours / read, 3), "µs",
            at_most=round(1 / FASTER, 4), size=f"{read:,} characters",
        )  # fmt: skip


def peer(name: str) -> Callable[[str], list[vectors.Found]]:
    """The model of recognizers-text-number for a suite, with its answers in our form."""
    warnings.simplefilter("ignore")
    from recognizers_number import Culture, NumberRecognizer

    recognizer = NumberRecognizer(Culture.Chinese)
    model = (
        recognizer.get_number_model()
        if name.startswith("Number")
        else recognizer.get_percentage_model()
    )

    def answers(text: str) -> list[vectors.Found]:
        return [
            vectors.Found(one.text, one.start, one.end, str(one.resolution["value"]))
            for one in model.parse(text)
        ]

    return answers


def count(cases: list[dict[str, Any]], model: Callable[[str], list[vectors.Found]]) -> int:
    return sum(vectors.passes(case, model(case["Input"])) for case in cases)


def pace(texts: list[str], model: Callable[[str], list[vectors.Found]], rounds: int) -> float:
    """Microseconds per character, the best of some runs."""
    best = min(timed(lambda: [model(text) for text in texts]) for _ in range(rounds))
    return best * 1e6 / sum(map(len, texts))


def timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def page(claims: Claims, rounds: int) -> None:
    """A page of our own sentences, read and bound to 200 figures."""
    sentences = [one["text"] for one in yaml.safe_load(GOLD.read_text("utf-8")) if one["claims"]]
    text = ("\n".join(sentences) * 2)[:PAGE]
    catalogue = figures()
    found = read(text, year=2025, places=catalogue.places)
    bound = sum(one.figure is not None for one in bind(found.claims, catalogue))
    times = [
        timed(lambda: bind(read(text, year=2025, places=catalogue.places).claims, catalogue)) * 1e3
        for _ in range(rounds)
    ]
    size = f"{PAGE:,} characters, {len(found.claims)} claims, {bound} bound, {FIGURES} figures"
    print(
        f"page: median {percentile(times, 50):.1f} ms, 95th {percentile(times, 95):.1f} ms ({size})"
    )
    claims.at_most(
        "a page read and bound, median", percentile(times, 50), LIMIT_MS, "ms", size=size
    )


def figures() -> Catalogue:
    """200 figures: names that the page has, and names like them that it has not."""
    span = days("2025-01..2025-10")
    assert span
    acts = ("受理", "化解", "办结", "整改", "节约", "新增", "建成", "完成", "核减", "发放")
    things = (
        "矛盾纠纷", "信访事项", "就业岗位", "食堂样品", "采购品种", "学位", "医保基金", "小区", "问题", "投资项目",
        "预算项目", "履职事项", "考核单位", "工作群", "教学点", "不动产权证", "积案", "中选企业", "农村公路", "补贴资金",
    )  # fmt: skip
    made = [
        Figure(
            name=f"figure.{at}.{of}", titles=(f"{act}{thing}", f"{thing}{act}量", f"{thing}{act}率"), unit="件",
            kind="count", values={(span, "全市"): of * 100 + at},
        )
        for at, act in enumerate(acts)
        for of, thing in enumerate(things)
    ]  # fmt: skip
    assert len(made) == FIGURES
    return Catalogue(tuple(made))


def adverse(claims: Claims, rounds: int) -> None:
    """Pages that no one writes; and four times their length must not take much more than four times."""
    slowest, growth = (0.0, ""), (0.0, "")
    for name, unit in ADVERSE.items():
        text = (unit * PAGE)[:PAGE]
        one = min(timed(lambda text=text: read(text)) for _ in range(rounds + 1))
        four = min(timed(lambda text=text: read(text * 4)) for _ in range(rounds + 1))
        slowest = max(slowest, (one * 1e3, name))
        growth = max(growth, (four / one / 4, name))
    size = f"{len(ADVERSE)} pages of {PAGE:,} characters"
    print(
        f"adverse pages: slowest {slowest[0]:.1f} ms ({slowest[1]}), growth {growth[0]:.2f} ({growth[1]})"
    )
    claims.at_most(
        "the slowest adverse page", slowest[0], LIMIT_MS, "ms", size=f"{size}: {slowest[1]}"
    )
    claims.at_most(
        "four times the length, time beyond four times",
        growth[0],
        2,
        "×",
        size=f"{size}: {growth[1]}",
    )


if __name__ == "__main__":
    raise SystemExit(main())
