"""The check page: by itself, without scripts, and as a file on a disk without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page

from dingzi import matters
from dingzi.city.viewer import receipt
from dingzi.figures import counted
from dingzi.ledger import keys, receipts, references
from dingzi.ledger.leaves import pseudonym
from dingzi.ledger.sealing import Sealer
from dingzi.matters import receipts as slips
from dingzi.matters.models import Event, Matter
from dingzi.matters.slips import qr as slips_qr
from dingzi.matters.timeline import timeline
from dingzi.project import roles
from tests.databases import acting_as
from tests.portal.conftest import moved
from tests.world import World, build

from .conftest import file
from .tampering import unguarded


def seal() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


@pytest.fixture
def holder(world: World, client: Client) -> Client:
    """A browser that holds the receipt of a dispute that is filed and sealed."""
    number = file("楼上水管漏水")
    seal()
    code = slips.secret_of(Matter.objects.get())
    assert client.post("/track/", {"number": number, "code": code}).status_code == 302
    return client


@pytest.mark.django_db
def test_each_sealed_act_bears_the_seal_and_the_proof_is_to_be_had(holder: Client) -> None:
    """The case page shows where the act stands; nothing that waits bears a seal."""
    body = holder.get("/case/").content.decode()
    assert body.count('class="unfold seal') == 1
    assert "在公开日志第1条，第2号总印之下" in body
    answer = holder.get("/case/proof.json")
    assert answer["Content-Disposition"] == 'attachment; filename="receipt.json"'
    assert "no-store" in answer["Cache-Control"]
    assert json.loads(answer.content)["acts"][0]["index"] == 1
    assert "在公开日志第1条" in holder.get("/receipt/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("facts", ["{}", "[1]", '{"origin": 3, "log": "x", "promise": null}', None])
def test_no_page_falls_over_keys_that_were_tampered_with(holder: Client, facts: str | None) -> None:
    """Gutted in the book, or (None) gone from their folder: pages that need them say so, with 503."""
    if facts is None:
        keys.path(keys.PROMISES).unlink()
        receipts.promiser.cache_clear()
    else:
        with unguarded() as cursor:
            sql = "UPDATE matters_event SET facts = %s WHERE action = 'log_keys'"
            cursor.execute(sql, [facts])
    need = {"/case/proof.json"} | ({"/log/", "/check/receipt/"} if facts else set())
    for path in ("/case/", "/receipt/", "/receipt.pdf", "/log/", "/check/receipt/", *need):
        answer = holder.get(path)
        assert answer.status_code == (503 if path in need else 200), path
        if path in need:
            assert "公开日志的密钥现在用不了" in answer.content.decode()


@pytest.mark.django_db
def test_an_act_that_waits_has_a_promise_and_no_seal(world: World, client: Client) -> None:
    """Before sealing the receipt says by when it will be."""
    number = file()
    code = slips.secret_of(Matter.objects.get())
    client.post("/track/", {"number": number, "code": code})
    assert 'class="unfold seal' not in client.get("/case/").content.decode()
    assert "封进公开日志，这是签了名的保证" in client.get("/receipt/").content.decode()
    assert json.loads(client.get("/case/proof.json").content)["acts"][0]["index"] is None


@pytest.mark.django_db
def test_the_check_works_without_scripts(holder: Client) -> None:
    """The form sent to the site says the same sentence; a bent proof is told apart."""
    text = holder.get("/case/proof.json").content
    sent = SimpleUploadedFile("receipt.json", text)
    body = holder.post("/check/receipt/", {"file": sent}).content.decode()
    assert "是真的" in body
    assert "第1步在公开日志里，是第1条" in body
    bent = text.decode().replace("漏水", "着火")
    body = holder.post("/check/receipt/", {"text": bent}).content.decode()
    assert "对不上" in body and "@private" in body
    assert "不是一份完整的" in holder.post("/check/receipt/", {"text": "x"}).content.decode()


@pytest.mark.django_db
def test_the_page_says_in_which_figures_the_case_is_counted(holder: Client) -> None:
    """The holder sees the published counts; who holds nothing is told nothing of any case."""
    matter = Matter.objects.get()
    found = [one.figure for one in counted.counted(matter)]
    assert found == ["disputes.registered", "disputes.open"]
    body = holder.get("/check/receipt/").content.decode()
    assert f"{matter.number}现在算在这些公布的数字里" in body
    assert "/figures/disputes.registered/?period=" in body
    assert matter.number not in Client().get("/check/receipt/").content.decode()


@pytest.mark.django_db
def test_who_has_the_proof_is_told_where_the_case_is_counted(holder: Client) -> None:
    """On any device, from a proof that holds or a signed reference; a number alone tells nothing."""
    matter = Matter.objects.get()
    text = holder.get("/case/proof.json").content.decode()
    told = f"{matter.number}现在算在这些公布的数字里"
    for given in (text, references.url_of_filing(matter)):
        assert told in Client().post("/check/receipt/", {"text": given}).content.decode()
    bent = text.replace("漏水", "着火")
    assert told not in Client().post("/check/receipt/", {"text": bent}).content.decode()
    asked = {"number": matter.number, "matter": pseudonym(matter.id)}
    answer = Client().get("/check/receipt/figures.json", asked)
    assert "disputes.registered" in answer.json()["figures"][0]["url"]
    for wrong in (asked | {"matter": "0" * 32}, asked | {"number": "袁纠〔2020〕9号"}, {}, {"matter": "ä"}):  # fmt: skip
        assert Client().get("/check/receipt/figures.json", wrong).status_code == 404


@pytest.mark.django_db
def test_a_closed_case_is_counted_in_shares_and_means_too(world: World, holder: Client) -> None:
    """Every figure that would be another without the case is named, but for what says it again."""
    matter = Matter.objects.get()
    assert {one.figure for one in counted.counted(matter)} >= {"disputes.registered"}
    moved(world, matter.number, "accept", "session", "settle")
    matter = Matter.objects.get(id=matter.id)
    found = {one.figure for one in counted.counted(matter)}
    assert {"disputes.registered", "disputes.closed", "disputes.resolved_share"} <= found


@pytest.mark.django_db
def test_every_act_that_the_citizen_sees_has_its_receipt(
    world: World, holder: Client, pango: None
) -> None:
    """A page and a PDF for each, with the act, its seal or promise, and its own signed QR."""
    matter = Matter.objects.get()
    matters.act(matter.number, "accept", {"category": "property"}, by=world.window)
    matters.act(matter.number, "note", {"text": "内部"}, by=world.window)
    case = holder.get("/case/").content.decode()
    assert "/receipt/1/" in case and "/receipt/2/" in case and "/receipt/3/" not in case
    body = holder.get("/receipt/2/").content.decode()
    title = timeline(matter, receipt(matter.id), "zh-hans")[0].title
    assert title in body and "封进公开日志，这是签了名的保证" in body
    event = Event.objects.get(stream=matter.id, seq=2)
    assert slips_qr(references.url(matter, event)) in body
    seal()
    assert "在公开日志第" in holder.get("/receipt/2/").content.decode()
    assert holder.get("/receipt/2.pdf").content.startswith(b"%PDF")
    for seq in (3, 4, 10**9):
        assert holder.get(f"/receipt/{seq}/").status_code == 404
        assert holder.get(f"/receipt/{seq}.pdf").status_code == 404
    assert Client().get("/receipt/2/").status_code != 200


@pytest.mark.django_db
def test_what_a_scanned_qr_says_is_checked_without_scripts(holder: Client) -> None:
    """The address of the QR, as a scanner gives it: the city's, or not."""
    text = references.url_of_filing(Matter.objects.get())
    assert "是本市签发的回执" in holder.post("/check/receipt/", {"text": text}).content.decode()
    bent = text[:-2] + ("AA" if not text.endswith("AA") else "BB")
    assert "不是本市的" in holder.post("/check/receipt/", {"text": bent}).content.decode()


@pytest.mark.django_db
def test_before_the_first_seal_the_page_says_so(client: Client) -> None:
    """No key is named yet, so nothing could be checked."""
    assert "公开日志还没有开始" in client.get("/check/receipt/").content.decode()


@pytest.fixture
def sealed(transactional_db: None, tmp_path: Path) -> tuple[Path, Path]:
    """A proof and a bent copy of it, as files."""
    build()
    file("楼上水管漏水")
    seal()
    matter = Matter.objects.get()
    text = receipts.full(matter, Event.objects.of(matter.id))
    for at in range(300):
        file(f"第{at}件")
    seal()
    good, bent = tmp_path / "good.json", tmp_path / "bent.json"
    good.write_bytes(text)
    bent.write_bytes(text.replace("漏水".encode(), "着火".encode()))
    return good, bent


def _verdict(page: Page, proof: Path) -> tuple[str, str]:
    page.set_input_files("#id_file", proof)
    # what an earlier check found must not be taken for this one's
    page.evaluate("for (const old of document.querySelectorAll('[data-findings] li')) old.remove()")
    page.locator("[data-proof] button").click()
    page.wait_for_function("document.querySelectorAll('[data-findings] li').length > 0")
    result = page.locator("[data-result]")
    return str(result.get_attribute("data-verdict")), result.inner_text()


@pytest.mark.browser
def test_the_browser_checks_against_the_log_as_it_is_now(
    sealed: tuple[Path, Path], new_page: Callable[..., Page], settings: Any, live_server: Any
) -> None:
    """From the proof, the newest head and the tiles; a bent proof and a changed log are named.

    The log is read from where the page was: whoever opens the site by another address sees it too.
    """
    settings.SITE_URL = "https://elsewhere.example"
    good, bent = sealed
    page = new_page(width="narrow")
    page.goto("/check/receipt/")
    verdict, words = _verdict(page, good)
    assert verdict == "sealed"
    page.get_by_text("都还在，没有改动").wait_for()
    assert "楼上水管漏水" in words
    page.goto("/check/receipt/")
    assert _verdict(page, bent)[0] == "differs"
    good.write_bytes(good.read_bytes().replace("您写的".encode(), "市里答应的".encode()))
    page.goto("/check/receipt/")
    assert "市里答应的\n@private" in _verdict(page, good)[1]  # who relabels cannot rename
    _another_history()
    page.goto("/check/receipt/")
    _verdict(page, good)
    page.get_by_text("找不到原来的内容").wait_for()
    assert page.locator("[data-result]").get_attribute("data-verdict") == "differs"


def _another_history() -> None:
    """Put another log of the same size, signed with the very key, in the place of ours."""
    import shutil

    from dingzi.tlog.checkpoints import Checkpoint
    from dingzi.tlog.log import TileLog

    old = list(TileLog(settings.LOG).read())
    old[1] = old[2]
    shutil.rmtree(settings.LOG)
    fresh = TileLog(settings.LOG)
    fresh.append(old)
    named = keys.named()
    assert named
    signer = keys.signers(keys.HEADS, named.log, [])[0]
    fresh.publish(Checkpoint(named.origin, len(old), fresh.root()).sign(signer))


@pytest.mark.browser
def test_a_saved_copy_checks_from_a_disk_without_a_network(
    sealed: tuple[Path, Path], new_page: Callable[..., Page], client: Client, tmp_path: Path
) -> None:
    """One file, opened from a folder: the same verdict, and it says what it could not compare."""
    good, bent = sealed
    answer = client.get("/check/receipt/saved.html", headers={"accept-language": "en"})
    assert f'"at": "{settings.SITE_URL}/log/"' in answer.content.decode()
    saved = tmp_path / "dingzi-check.html"
    saved.write_bytes(answer.content)
    page = new_page(language="en")
    page.context.set_offline(True)
    page.goto(saved.as_uri())
    verdict, words = _verdict(page, good)
    assert verdict == "sealed"
    page.get_by_text("cannot be reached now").wait_for()
    assert "under head no. 2" in words
    assert _verdict(page, bent)[0] == "differs"


@pytest.mark.browser
def test_the_browser_knows_the_citys_signature_on_a_scanned_qr(
    sealed: tuple[Path, Path], new_page: Callable[..., Page], settings: Any, live_server: Any
) -> None:
    """Pasted as a scanner gives it; one letter changed, it is not the city's."""
    settings.SITE_URL = live_server.url
    text = references.url_of_filing(Matter.objects.order_by("id")[0])
    at = text.rindex(".") + 20
    other = "A" if text[at] != "A" else "B"
    for given, verdict in ((text, "signed"), (text[:at] + other + text[at + 1 :], "differs")):
        page = new_page(width="narrow")
        page.goto("/check/receipt/")
        page.fill("#id_text", given)
        page.locator("[data-proof] button").click()
        page.wait_for_function("document.querySelectorAll('[data-findings] li').length > 0")
        assert page.locator("[data-result]").get_attribute("data-verdict") == verdict


@pytest.mark.browser
def test_only_the_last_of_two_checks_says_anything(
    sealed: tuple[Path, Path], new_page: Callable[..., Page], live_server: Any
) -> None:
    """While the log is still asked about one proof another is checked: the first adds nothing to it."""
    good, bent = sealed
    page = new_page()
    page.goto("/check/receipt/")
    held: list[Any] = []
    page.route("**/log/checkpoint", lambda route: held.append(route))
    page.set_input_files("#id_file", good)
    with page.expect_request("**/log/checkpoint"):
        page.locator("[data-proof] button").click()
    assert page.locator("[data-result]").get_attribute("data-verdict") == "sealed"
    assert _verdict(page, bent)[0] == "differs"
    said = page.locator("[data-result]").inner_text()
    with page.expect_response("**/log/checkpoint"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-result]").inner_text() == said
    assert "都还在" not in said
