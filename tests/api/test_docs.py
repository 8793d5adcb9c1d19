"""docs/api.md shows what really happens; WRITE=1 writes it anew."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dingzi import figures, matters
from dingzi.city.viewer import PUBLIC
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from tests.api.conftest import FILED, Door, Machine, make
from tests.databases import acting_as
from tests.ledger.conftest import _fresh_log
from tests.world import TOWN

assert _fresh_log  # a fixture
PAGE = Path(__file__).parents[2] / "docs" / "api.md"
MARK = re.compile(r"<!-- example: (\w+) -->\n(?:\n```console\n.*?\n```\n)?", re.DOTALL)
SITE = "https://city.example"
PROMISE = '"dingzi promise 1\\ncity.example/log\\n...\\n2025-09-26T02:01:00Z\\n\\n— city.example/log/promise ...\\n"'
KEY = "0192f3a0-5c1e-7b3a-9d2e-4f6a8b1c0d3e"


class Shown:
    """The requests of one example as one would type them, with what was answered."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.text = ""

    def _told(self, response: Any) -> None:
        self.text += f"HTTP {response.status_code} {response.headers['Content-Type']}\n"
        told = json.loads(response.content)
        self.text += json.dumps(told, ensure_ascii=False, indent=2) + "\n"

    def get(self, who: str, path: str) -> Any:
        response = self.door.roles[who].get(path)
        self.text += f"$ curl '{SITE}/api/v1{path}'{_headers(self.door.roles[who])}\n"
        self._told(response)
        return response.json()

    def post(self, who: str, path: str, body: Any) -> Any:
        response = self.door.roles[who].post(path, body, key=KEY)
        self.text += (
            f"$ curl '{SITE}/api/v1{path}'{_headers(self.door.roles[who])} \\\n"
            f'    -H "Content-Type: application/json" -H "Idempotency-Key: {KEY}" \\\n'
            f"    -d '{json.dumps(body, ensure_ascii=False)}'\n"
        )
        self._told(response)
        return response.json()


def _headers(machine: Machine) -> str:
    name = next(iter(machine.headers), "")
    shown = {"Authorization": "Authorization: Bearer $TOKEN", "X-Receipt": "X-Receipt: $RECEIPT"}
    return f' \\\n    -H "{shown[name]}"' if name else ""


def _begin() -> None:
    """Begin the log: before it there are no promises."""
    with acting_as(roles.STEWARD):
        Sealer().seal()


def _settle(shown: Shown, told: Any) -> None:
    """Put fixed signatures in the place of those of this run's keys."""
    url = f"{SITE}/r#2.ZA.K7QM2XRD9TVA.{told['seq']}.1758852060.{'A' * 22}.{'B' * 91}"
    shown.text = shown.text.replace(told["url"], url)
    shown.text = shown.text.replace(json.dumps(told["promise"], ensure_ascii=False), PROMISE)


def _open(shown: Shown) -> None:
    _begin()
    told = shown.post(
        "public",
        "/processes/dispute/file",
        {"data": {"text": "楼道堆放杂物，老人不好走。", "place": TOWN}},
    )
    code = told["receipt"].replace("-", "")
    shown.text = shown.text.replace(told["receipt"], "K7QM-2XRD-9TVA")
    shown.text = shown.text.replace(told["reference"], "1.ZA.K7QM2XRD9TVA")
    _settle(shown, told)
    assert code not in shown.text


def _read(shown: Shown) -> None:
    shown.get("window", f"/matters/{quote(shown.door.filed)}")


def _list(shown: Shown) -> None:
    told = shown.get("window", "/matters?process=dispute&state=registered&limit=1")
    shown.text = shown.text.replace(told["next"], "eyJrIjoiMjAyNS0wOS0yNlQwMjowMDowMFoifQ:1v:Qm8")


def _stale(shown: Shown) -> None:
    number = quote(shown.door.filed)
    shown.door.window.act(shown.door.filed, "note", {"text": "打过电话"})
    body = {"data": {"category": "neighbours"}, "seen": 1}
    shown.post("window", f"/matters/{number}/actions/accept", body)


def _paper(shown: Shown) -> None:
    _begin()
    machine = shown.door.receipt
    file = SimpleUploadedFile("说明.txt", "水管是八月换的。".encode())
    response = machine.client.post("/api/v1/papers", {"file": file}, headers=machine.headers)
    shown.text += f"$ curl '{SITE}/api/v1/papers'{_headers(machine)} \\\n"
    shown.text += '    -F "file=@说明.txt"\n'
    shown._told(response)
    told = response.json()
    ref = {k: told[k] for k in ("digest", "ticket", "name")}
    path = f"/matters/{quote(shown.door.filed)}/actions/add_paper"
    _settle(shown, shown.post("receipt", path, {"data": {"papers": [ref]}}))
    shown.text = shown.text.replace(told["ticket"], "3f1c8a5be2d94670b1c5e8f2a7d06b49")


def _refused(shown: Shown) -> None:
    path = f"/matters/{quote(shown.door.filed)}/actions/accept"
    shown.post("window", path, {"data": {"category": "nonsense", "note": 1}})


def _figure(shown: Shown) -> None:
    for _ in range(11):
        matters.open_matter("dispute", "file", FILED, by=PUBLIC)
    figures.refresh()
    told = shown.get("public", "/figures/disputes.registered?period=2025-09")
    shown.text = shown.text.replace(told["definition"], "9f2c41d07a6be385")


EXAMPLES: dict[str, Callable[[Shown], None]] = {
    "open": _open,
    "read": _read,
    "list": _list,
    "stale": _stale,
    "paper": _paper,
    "refused": _refused,
    "figure": _figure,
}


def block(name: str, text: str) -> str:
    return f"<!-- example: {name} -->\n\n```console\n{text}```\n"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_shows_what_happens(name: str, db: None, at: Any) -> None:
    """Each example of the page is a request that was made, with its answer."""
    at("2025-09-26T10:00+08:00")
    shown = Shown(make())
    if name == "list":
        matters.open_matter("dispute", "file", FILED, by=PUBLIC)
    EXAMPLES[name](shown)
    page = PAGE.read_text("utf-8")
    found = next(m for m in MARK.finditer(page) if m[1] == name)
    if os.environ.get("WRITE"):
        page = page[: found.start()] + block(name, shown.text) + page[found.end() :]
        PAGE.write_text(page, "utf-8")
        return
    assert found[0] == block(name, shown.text), "WRITE=1 pytest tests/api/test_docs.py"


def test_every_example_of_the_page_is_made_here() -> None:
    """No block stands in the page that nobody makes."""
    page = PAGE.read_text("utf-8")
    assert [m[1] for m in MARK.finditer(page)] == list(EXAMPLES)
    assert page.count("```console") == len(EXAMPLES)


def test_the_page_names_every_status_of_the_document() -> None:
    """Each status that an operation can answer with is explained."""
    page = PAGE.read_text("utf-8")
    document = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    statuses = {
        status
        for methods in document["paths"].values()
        for operation in methods.values()
        for status in operation["responses"]
    }
    for status in statuses - {"200", "201"}:
        assert status in page, status
