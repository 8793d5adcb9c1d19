"""What ``make bench`` keeps of earlier runs, and the page that it writes from it."""

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from .tree import ROOT


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench", ROOT / "tools" / "bench.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _piece(arguments: str, ours: float = 1.0) -> dict[str, Any]:
    claim = {
        "claim": "inbox, median", "ours": ours, "peer": None, "unit": "ms", "ratio": None,
        "goal": "≤ 30 ms", "holds": ours <= 30, "machine": "a machine", "size": arguments,
    }  # fmt: skip
    return {"day": "2026-11-26", "load": 0.3, "arguments": arguments, "claims": [claim]}


def test_a_piece_replaces_what_the_same_arguments_gave(bench: ModuleType) -> None:
    """A run with arguments leaves the other pieces and subjects as they are."""
    kept = {"pages": [_piece("--engine a"), _piece("--engine b")], "imports": [_piece("")]}
    bench.keep(kept, "pages", _piece("--engine b", 99.0))
    assert kept["pages"] == [_piece("--engine a"), _piece("--engine b", 99.0)]
    assert kept["imports"] == [_piece("")]


def test_a_whole_run_replaces_all_pieces(bench: ModuleType) -> None:
    """Nothing old stands beside a whole run, and a piece takes the place of a whole run."""
    kept = {"pages": [_piece("--engine a"), _piece("--engine b")]}
    bench.keep(kept, "pages", _piece(""))
    assert kept["pages"] == [_piece("")]
    bench.keep(kept, "pages", _piece("--engine a"))
    assert kept["pages"] == [_piece("--engine a")]


def test_the_page_says_when_and_on_what(bench: ModuleType) -> None:
    """Each piece has its day, its arguments, its machine and its claims."""
    text = bench.page({"pages": [_piece("--engine a", 31.5)]})
    assert "## pages" in text
    assert "Measured on 2026-11-26 with `--engine a`; a machine; load average 0.3 before." in text
    assert "| inbox, median | 31.5 ms | – | – | ≤ 30 ms | **no** | --engine a |" in text


def test_benchmarks_in_folders_are_found(bench: ModuleType) -> None:
    """A subject may be named; a name that is none is refused with those that are."""
    assert set(bench.subjects([])) >= {"pages", "lifecycles", "imports"}
    assert list(bench.subjects(["pages"])) == ["pages"]
    with pytest.raises(ValueError, match=r"no benchmark page; there are .*pages"):
        bench.subjects(["page"])


def test_a_claim_of_another_shape_is_an_error(bench: ModuleType) -> None:
    """Lines that are no claims are passed over; a claim that lacks a key is not."""
    whole = _piece("")["claims"][0]
    assert bench.claims(f"hello\n{json.dumps(whole)}\n") == [whole]
    del whole["peer"]
    with pytest.raises(ValueError, match="peer"):
        bench.claims(json.dumps(whole))


def test_the_page_is_what_was_kept(bench: ModuleType) -> None:
    """docs/benchmarks.md is written from docs/benchmarks.json and by nobody's hand."""
    kept = json.loads(bench.KEPT.read_text("utf-8"))
    assert bench.PAGE.read_text("utf-8") == bench.page(kept)
