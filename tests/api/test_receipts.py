"""Who files by a program gets what the web gives: a signed reference, a promise, and later the proof."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dingzi.ledger import keys
from dingzi.ledger.checking import Checked, check
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from tests.api.conftest import FILED, Door, Machine
from tests.api.test_open311 import REPORT
from tests.databases import acting_as
from tests.ledger.conftest import _fresh_log
from tests.world import World

assert _fresh_log  # a fixture


def sealed() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def judged(text: str | bytes) -> Checked:
    """Check what a citizen was given, by the city's public keys alone."""
    named = keys.named()
    assert named
    raw = text.encode() if isinstance(text, str) else text
    return check(raw, [named.log], [named.promise], timezone.now())


def holder(told: dict[str, Any]) -> Machine:
    return Machine({"X-Receipt": told["url"].partition("#")[2]})


@pytest.fixture
def begun(door: Door) -> Door:
    """A city whose log has begun: its keys are named."""
    sealed()
    return door


@pytest.mark.parametrize("role", ["public", "window"])
def test_a_filing_is_answered_with_evidence(begun: Door, role: str) -> None:
    """The reference is the city's signature on this act; asked again the answer is the same."""
    key = "0192f3a0-5c1e-7b3a-9d2e-4f6a8b1c0d3e"
    path, body = "/processes/dispute/file", {"data": FILED}
    answer = begun.roles[role].post(path, body, key=key)
    told = answer.json()
    assert answer.status_code == 201, told
    assert judged(told["url"]).verdict == "signed"
    assert told["promise"].startswith("dingzi promise 1")
    assert begun.roles[role].post(path, body, key=key).json() == told


def test_the_proof_is_there_once_it_is_sealed(begun: Door) -> None:
    """First only promised, then in the log: by the signed reference or the plain one."""
    told = begun.public.open().json()
    found = holder(told).get("/receipt/proof")
    assert judged(found.content).verdict == "promised"
    assert found.json()["acts"][0]["index"] is None
    assert found.json()["acts"][0]["promise"] == told["promise"]
    sealed()
    plain = Machine({"X-Receipt": told["reference"]})
    for machine in (holder(told), plain):
        proof = machine.get("/receipt/proof")
        assert judged(proof.content).verdict == "sealed"
        assert told["number"] in proof.content.decode()


def test_the_proof_is_the_very_one_of_the_web(begun: Door) -> None:
    """Both doors give the same document."""
    told = begun.public.open().json()
    sealed()
    client = Client()
    client.post("/r", {"reference": told["url"].partition("#")[2]})
    web = client.get("/case/proof.json")
    assert json.loads(web.content) == holder(told).get("/receipt/proof").json()


def test_each_act_of_the_holder_has_its_own(begun: Door) -> None:
    """A later act by the receipt is answered with its own reference; staff's acts with none."""
    told = begun.public.open().json()
    done = holder(told).act(told["number"], "withdraw").json()
    assert done["url"] != told["url"]
    assert judged(done["url"]).verdict == "signed"
    assert ".2." in done["url"]
    by_staff = begun.window.act(begun.filed, "note", {"text": "打过电话"}).json()
    assert (by_staff["url"], by_staff["promise"]) == ("", "")


@pytest.mark.parametrize(
    "given", ["", "x", "2.A.B.1.1.C.D", "1.ZZ.0000", "2." + "Z" * 500, "1.\x01"]
)
def test_no_receipt_no_proof(begun: Door, given: str) -> None:
    """Whatever is sent for one: 401, no stack trace."""
    assert Machine({"X-Receipt": given}).get("/receipt/proof").status_code == 401
    assert begun.window.get("/receipt/proof").status_code == 401


def test_a_replaced_receipt_opens_no_proof(begun: Door) -> None:
    """The old code ends for the proof as for all else."""
    told = begun.public.open().json()
    begun.window.act(told["number"], "replace_receipt", {"checked": "身份证"})
    assert holder(told).get("/receipt/proof").status_code == 401


def test_before_the_log_has_begun_it_is_only_unsigned(door: Door) -> None:
    """Nothing is claimed that cannot be: the plain reference opens the matter, and no proof yet."""
    told = door.public.open().json()
    assert told["promise"] == ""
    assert told["url"].endswith("#" + told["reference"])
    assert holder(told).get("/receipt").status_code == 200
    assert holder(told).get("/receipt/proof").status_code == 404


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_open311_hands_the_receipt_on(world: World, kind: str) -> None:
    """The notice of a report holds the signed address, and by it the proof is had once sealed."""
    sealed()
    answer = Client().post(f"/open311/v2/requests.{kind}", REPORT)
    assert answer.status_code == 201, answer.content
    found = re.search(r"https?://[^\s\"<]+/r#[0-9A-Za-z._-]+", answer.content.decode())
    assert found
    assert judged(found[0]).verdict == "signed"
    sealed()
    proof = holder({"url": found[0]}).get("/receipt/proof")
    assert judged(proof.content).verdict == "sealed"
