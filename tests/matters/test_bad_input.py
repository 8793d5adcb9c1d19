"""What goes wrong at a city's doors: each thing has its test; those without a place are here."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dingzi import matters
from dingzi.city.models import Post, Unit
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core import blobs, reasons
from dingzi.core.blobs import Blob
from dingzi.core.errors import Invalid
from dingzi.core.text import Text
from dingzi.matters.fields import FieldDef, clean, model_of
from dingzi.matters.models import Event, Matter, Paper
from tests.world import TOWN, World

ROOT = Path(__file__).parents[2]

#: Every bad input that was promised to be met, and where it is.
WHERE = {
    "wrong state": "workbench/test_case.py::test_an_act_in_a_wrong_state_says_so_and_shows_what_was_typed",
    "stale page": "workbench/test_case.py::test_a_stale_page_says_what_changed_and_keeps_what_was_typed",
    "double click": "matters/test_concurrency.py::test_a_double_click_at_the_same_moment_is_one_act",
    "two clerks at once": "matters/test_concurrency.py::test_two_clerks_at_once_one_wins_and_the_other_is_told",
    "a retry with the same key": "matters/test_recording.py::test_a_retry_with_the_same_key_does_one_act",
    "the same key with another body": "matters/test_recording.py::test_the_same_key_with_another_body_is_refused",
    "a foreign matter's number": "api/test_contract.py::test_a_foreign_or_confidential_matter_is_nowhere",
    "a foreign matter's number, staff": "workbench/test_case.py::test_what_is_not_his_is_not_there",
    "a foreign matter's number, citizen": "portal/test_case.py::test_a_form_of_another_matter_is_refused",
    "a 2 GB upload": "project/test_run.py::test_two_gigabytes_are_refused_with_a_page_and_nothing_is_kept",
    "a script in a file name": "matters/test_bad_input.py::test_a_script_in_a_file_name_is_made_harmless",
    "an Excel with formulas": "core/test_spreadsheet.py::test_a_formula_is_refused_with_its_cell",
    "dates in 1900": "core/test_spreadsheet.py::test_dates_in_1900_are_named",
    "dates in 1900, imported": "matters/test_importing.py::test_odd_dates_are_refused",
    "dates in 1900, as an answer": "matters/test_bad_input.py::test_what_cannot_be_is_refused",
    "a back-dated act": "matters/test_recording.py::test_a_past_act_needs_permission_and_a_reason",
    "an ID number with a wrong digit": "matters/test_bad_input.py::test_what_cannot_be_is_refused",
    "an ID number in a text": "portal/test_filing.py::test_an_identity_number_is_refused_with_its_digits_underlined",
    "an unknown division": "matters/test_bad_input.py::test_what_is_named_must_be_there",
    "a YAML process with a trap state": "matters/test_process_files.py::test_a_state_from_which_no_end_can_be_reached_is_a_trap",
    "a changed released process": "matters/test_bad_input.py::test_a_changed_released_process_is_found",
    "CSV injection in an export": "workbench/test_lists.py::test_a_formula_in_a_title_stays_a_text",
    "HTML in a reply": "matters/test_bad_pages.py::test_html_stays_text_on_every_page",
    "an open redirect": "matters/test_bad_pages.py::test_no_address_of_ours_leads_elsewhere",
    "an open redirect, signing in": "city/test_signon.py::test_no_open_redirect",
    "a forged host header": "project/test_pages.py::test_a_forged_host_is_refused_and_not_logged",
    "a forged host header, signing in": "city/test_signon.py::test_a_forged_host_is_refused",
}  # fmt: skip


@pytest.mark.parametrize("what", WHERE)
def test_each_bad_input_has_its_test(what: str) -> None:
    """The list above leads to tests that are there."""
    file, _, name = WHERE[what].partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# -- what an act is told -------------------------------------------------------------------------

FILED = {"text": "楼上水管漏水。", "place": TOWN}


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is refused has words with all that they need, in both languages."""
    yield
    assert "reason with" not in caplog.text


def refusal(action: str, data: dict[str, Any], number: str | None, by: Viewer) -> Invalid:
    """Do what must be refused, and look that nothing was written and words are there."""
    before = Event.objects.count(), Matter.objects.count(), Paper.objects.count()
    with pytest.raises(Invalid) as refused:
        if number is None:
            matters.open_matter("dispute", action, data, by=by, key=uuid4())
        else:
            matters.act(number, action, data, by=by, key=uuid4())
    assert (Event.objects.count(), Matter.objects.count(), Paper.objects.count()) == before
    for language in ("zh-hans", "en"):
        general = reasons.say(("unknown_reason", {}), language)
        assert general not in reasons.say_all(refused.value, language)
    return refused.value


@pytest.mark.parametrize(
    ("field", "value", "code", "where"),
    [
        ("parties", [{"name": "张三", "identity": "110101199001010011"}], "bad_identity_number", "parties.0.identity"),
        ("parties", [{"name": "张\x00三"}], "control_characters", "parties.0.name"),
        ("parties", [{"name": "甲" * 61}], "too_long", "parties.0.name"),
        ("parties", [{"nick": "甲"}], "unknown_field", "parties.0.nick"),
        ("parties", [{}] * 21, "too_many", "parties"),
        ("parties", "张三", "wrong_value", "parties"),
        ("phone", "12345678901234567890", "bad_phone", "phone"),
        ("phone", "七九一", "bad_phone", "phone"),
        ("phone", "1380000662", "bad_phone", "phone"),
        ("phone", "12345", "bad_phone", "phone"),
        ("phone", 13800006620, "wrong_value", "phone"),
        ("name", "甲\x07", "control_characters", "name"),
        ("text", "", "required", "text"),
        ("text", "   \n ", "required", "text"),
        ("text", None, "required", "text"),
        ("text", "长" * 20_001, "too_long", "text"),
        ("text", "坏\ud800字", "wrong_value", "text"),
        ("danger", "vielleicht", "not_yes_or_no", "danger"),
        ("danger", [], "not_yes_or_no", "danger"),
        ("category", "aliens", "unknown_choice", "category"),
        ("category", 7, "unknown_choice", "category"),
        ("place", "36090", "wrong_value", "place"),
        ("place", "３６０９０２", "wrong_value", "place"),
        ("place", 360902001, "wrong_value", "place"),
        ("papers", [{"digest": "0" * 64}], "required", "papers.0.name"),
        ("papers", [{"digest": "../../etc/passwd", "name": "a"}], "wrong_value", "papers.0.digest"),
        ("papers", [{"digest": "0" * 64, "name": "a"}] * 13, "too_many", "papers"),
        ("surprise", 1, "unknown_field", "surprise"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named(
    world: World, said: None, field: str, value: Any, code: str, where: str
) -> None:
    """Each wrong answer at filing is refused with its field, in words of both languages."""
    refused = refusal("file", FILED | {field: value}, None, PUBLIC)
    assert (code, where) in {(c, p.get("field")) for c, p in refused.reasons}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１３８ ００００－６６２０", "13800006620"),
        ("(0795) 399-8877", "07953998877"),
        ("3998877", "3998877"),
        ("400-800-1234", "4008001234"),
        ("+852 5123 4567", "+85251234567"),
    ],
)
def test_a_telephone_is_taken_as_people_write_it(written: str, kept: str) -> None:
    """Blanks, hyphens, brackets and wide digits are no mistakes."""
    model = model_of("Said", (FieldDef(name="phone", kind="phone", label=Text("电话", "Phone")),))
    assert clean(model, {"phone": written}).model_dump() == {"phone": kept}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"accepted_on": "1900-01-01"}, "date_out_of_range"),
        ({"closed_on": "1899-12-30"}, "date_out_of_range"),
        ({"closed_on": "2199-01-01"}, "date_out_of_range"),
        ({"closed_on": "2025-02-30"}, "not_a_date"),
        ({"closed_on": "45000"}, "not_a_date"),
        ({"closed_on": 45000}, "not_a_date"),
        ({"closed_on": "昨天"}, "not_a_date"),
        ({"closed_on": None}, "not_a_date"),
        ({"phone": "1"}, "bad_phone"),
        ({"parties": []}, "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused(
    world: World, said: None, data: dict[str, Any], code: str
) -> None:
    """Odd dates are refused: a serial number of Excel is no date, 1900 is not of our time."""
    base = FILED | {"closed_on": "2025-01-10", "result": "settled"}
    refused = refusal("take_over", base | data, None, world.window)
    assert code in refused.codes or (data == {"closed_on": None} and refused.codes)


DISPATCH = {"category": "other", "what": "看看"}


@pytest.mark.parametrize(
    ("action", "field", "value", "code"),
    [
        ("accept_dispatch", "lead", 999_999, "unknown_unit"),
        ("accept_dispatch", "lead", -1, "unknown_unit"),
        ("accept_dispatch", "lead", 2**70, "unknown_unit"),
        ("accept_dispatch", "co_units", [999_999], "unknown_unit"),
        ("transfer", "post", 999_999, "unknown_post"),
        ("transfer", "post", 2**70, "unknown_post"),
        ("correct", "place", "999999", "unknown_division"),
        ("merge", "into", "袁纠〔2025〕999号", "no_such_matter"),
        ("merge", "into", "袁纠\x00号", "control_characters"),
        ("add_paper", "papers", [{"digest": "0" * 64, "name": "a.txt"}], "unknown_paper"),
    ],
)
def test_what_is_named_must_be_there(
    world: World, filed: str, said: None, action: str, field: str, value: Any, code: str
) -> None:
    """Units, posts, places, matters and papers are looked for before anything else is asked."""
    base: dict[str, dict[str, Any]] = {
        "accept_dispatch": DISPATCH | {"lead": world.mediation},
        "transfer": {"why": "x"},
        "correct": {"why": "x"},
    }
    refused = refusal(action, base.get(action, {}) | {field: value}, filed, world.window)
    told = {(c, str(p.get("field")).split(".")[0]) for c, p in refused.reasons}
    assert told == {(code, field)}


def test_a_place_that_is_no_place_opens_nothing(world: World, said: None) -> None:
    """A division that this city does not have, at every opening."""
    for action, more in (
        ("file", {}),
        ("take_over", {"closed_on": "2025-01-10", "result": "settled"}),
    ):
        refused = refusal(action, FILED | more | {"place": "110101"}, None, world.window)
        assert refused.codes == ("unknown_division",)


def test_a_closed_unit_or_post_takes_nothing(world: World, filed: str, said: None) -> None:
    """What was closed is not there any more."""
    from dingzi.city import directory

    Unit.objects.filter(pk=world.housing).update(until="2024-01-01")
    Post.objects.filter(pk=world.bureau.post).update(until="2024-01-01")
    directory.forget()
    data = DISPATCH | {"lead": world.mediation, "co_units": [world.housing]}
    assert refusal("accept_dispatch", data, filed, world.window).codes == ("unknown_unit",)
    moved = {"post": world.bureau.post, "why": "x"}
    assert refusal("transfer", moved, filed, world.window).codes == ("unknown_post",)


def test_a_matter_that_one_does_not_see_cannot_be_named(world: World, filed: str) -> None:
    """Merging into a foreign or confidential matter says only that it is not there."""
    other = matters.open_matter("dispute", "file", FILED, by=PUBLIC).number
    Matter.objects.filter(number=other).update(confidential=True, units=[], holder=None)
    refused = refusal("merge", {"into": other}, filed, world.window)
    assert refused.reasons[0][0] == "no_such_matter"


def test_no_query_is_made_where_nothing_is_named(world: World, filed: str) -> None:
    """Units and posts are known in memory; papers cost one query, however many."""
    refs = []
    for n in range(4):
        kept = blobs.store(ContentFile(f"材料{n}".encode(), name=f"{n}.txt"))
        refs.append({"digest": kept.digest, "name": kept.name})
    matters.act(filed, "note", {"text": "先来一次"}, by=world.window)

    def cost(action: str, data: dict[str, Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            matters.act(filed, action, data, by=world.window)
        return len([q for q in made if "core_blob" in q["sql"] or "matters_paper" in q["sql"]])

    assert cost("note", {"text": "没有材料"}) == 0
    with CaptureQueriesContext(connection) as made:
        matters.act(filed, "add_paper", {"papers": refs}, by=world.window)
    assert len([q for q in made if "SELECT" in q["sql"] and "core_blob" in q["sql"]]) == 1
    assert Paper.objects.count() == 4


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('"><script>alert(1)</script>.txt', "script.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie_ x=1.txt"),
        ("照片\u202egnp.txt", "照片gnp.txt"),
        ("C:\\temp\\x.txt", "x.txt"),
    ],
)
def test_a_script_in_a_file_name_is_made_harmless(
    world: World, filed: str, name: str, kept: str
) -> None:
    """Whatever a sender calls a stored file, it is kept under a name that harms nobody."""
    stored = blobs.store(ContentFile("材料".encode(), name="a.txt"))
    ref = {"digest": stored.digest, "name": name, "media_type": "text/html", "size": 10**9}
    if any(ord(c) < 32 and c not in "\r\n" for c in name):
        refusal("add_paper", {"papers": [ref]}, filed, world.window)
        return
    matters.act(filed, "add_paper", {"papers": [ref]}, by=world.window)
    paper = Paper.objects.get()
    assert (paper.name, paper.media_type, paper.size) == (kept, "text/plain", 6)


def test_a_file_cannot_change_its_kind_by_its_name(world: World, filed: str, said: None) -> None:
    """A text that calls itself a program is refused; so is one without any name."""
    stored = blobs.store(ContentFile("材料".encode(), name="a.txt"))
    for name in ("a.exe", "a.html", "a.pdf"):
        ref = {"digest": stored.digest, "name": name}
        refused = refusal("add_paper", {"papers": [ref]}, filed, world.window)
        assert refused.codes == ("type_differs_from_name",)
        assert refused.reasons[0][1]["field"] == "papers.0.name"
    assert Blob.objects.count() == 1


def test_a_changed_released_process_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte more in a released file fails the house, with what to do instead."""
    from tests.house import test_processes as house

    path = "src/dingzi/matters/processes/task.1.yaml"
    digest = house._digest((ROOT / path).read_bytes())
    monkeypatch.setattr(house, "RELEASED", tmp_path / "released.json")
    house.RELEASED.write_text(json.dumps({path: digest}))
    house.test_no_released_process_has_changed_or_gone()
    for told in ({path: digest[::-1]}, {path.replace("task.1", "gone.1"): digest}):
        house.RELEASED.write_text(json.dumps(told))
        with pytest.raises(AssertionError, match="copy it to the next version and change that"):
            house.test_no_released_process_has_changed_or_gone()
