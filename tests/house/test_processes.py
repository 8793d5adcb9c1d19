"""A released process never changes: a matter lives under the one it began with."""

from __future__ import annotations

import hashlib
import json

import yaml

from tests.house.tree import ROOT, files, name

RELEASED = ROOT / "tests" / "house" / "released.json"


def test_no_released_process_has_changed_or_gone() -> None:
    """Each file in released.json is there, byte for byte; a change is version N+1."""
    now = {name(path): _digest(path.read_bytes()) for path in files("src/*/processes/*.yaml")}
    changed = [
        path for path, digest in json.loads(RELEASED.read_text()).items() if now.get(path) != digest
    ]
    assert not changed, "copy it to the next version and change that"


def test_every_older_version_is_released() -> None:
    """Version N is on record before N+1 may stand beside it."""
    released = json.loads(RELEASED.read_text())
    stems: dict[str, list[int]] = {}
    for path in files("src/*/processes/*.yaml"):
        stem, version = name(path).removesuffix(".yaml").rsplit(".", 1)
        stems.setdefault(stem, []).append(int(version))
    unreleased = [
        f"{stem}.{version}.yaml"
        for stem, versions in stems.items()
        for version in versions
        if version < max(versions) and f"{stem}.{version}.yaml" not in released
    ]
    assert not unreleased, "make release-processes, before the next version"


def test_what_a_citizen_reads_of_a_state_ends_without_a_full_stop() -> None:
    """The case page makes a sentence of it; a question mark before the full stop is no sentence."""
    ended = [
        f"{name(path)}: {state}"
        for path in files("src/*/processes/*.yaml")
        for state, says in yaml.safe_load(path.read_text())["states"].items()
        for text in says.get("public", {}).values()
        if text[-1] in ".?!。？！"
    ]
    assert not ended


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
