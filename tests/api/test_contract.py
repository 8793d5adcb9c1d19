"""What a program may rely on: addresses, keys, cursors, tags, languages, receipts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core import blobs
from dingzi.matters.models import Event, Matter
from tests.api.conftest import FILED, Door, Machine, problem
from tests.world import TOWN

CATEGORY = {"category": "neighbours"}


def test_a_number_stands_in_the_path_as_it_is_or_encoded(door: Door) -> None:
    """袁纠〔2025〕1号 reads the same raw and percent-encoded; the answer carries it as it is."""
    for path in (door.filed, quote(door.filed)):
        answer = door.window.get(f"/matters/{path}")
        assert answer.status_code == 200
        assert answer.json()["number"] == door.filed


def test_filing_gives_a_receipt_that_opens_the_matter(door: Door) -> None:
    """The public files without a token and reads with the reference; Location leads there."""
    answer = door.public.open()
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert unquote(answer["Location"]) == f"/api/v1/matters/{told['number']}"
    holder = Machine({"X-Receipt": told["reference"]})
    mine = holder.get("/receipt").json()
    assert mine["number"] == told["number"]
    assert holder.get(f"/matters/{told['number']}").json() == mine
    assert mine["state_label"]["zh"] == "登记了，正在看由谁来办"
    problem(holder.get(f"/matters/{door.filed}"), 404, "no_such_matter")


def test_the_same_key_and_body_give_the_same_answer(door: Door) -> None:
    """A retry after a lost answer does nothing again and says the same, marked as replayed."""
    key = uuid4()
    first = door.public.post("/processes/dispute/file", {"data": FILED}, key=key)
    again = door.public.post("/processes/dispute/file", {"data": FILED}, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Matter.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(door: Door) -> None:
    """One key is one request."""
    key = uuid4()
    assert door.window.act(door.filed, "accept", CATEGORY, key=key).status_code == 200
    other = door.window.act(door.filed, "accept", {"category": "other"}, key=key)
    problem(other, 422, "key_reused")
    assert Event.objects.count() == 2


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "é"])
def test_an_act_needs_a_key(door: Door, key: str) -> None:
    """Without a UUID in Idempotency-Key nothing is done."""
    answer = door.window.post(
        f"/matters/{door.filed}/actions/accept", {"data": CATEGORY}, key=key or " "
    )
    assert problem(answer, 422)["reasons"][0]["field"] == "Idempotency-Key"
    assert Event.objects.count() == 1


def test_a_stale_act_is_told_what_changed(door: Door) -> None:
    """409 with the events since; seen is the seq of the matter."""
    seen = door.window.get(f"/matters/{door.filed}").json()["seq"]
    assert door.window.act(door.filed, "note", {"text": "看过了"}, seen=seen).status_code == 200
    told = problem(door.window.act(door.filed, "accept", CATEGORY, seen=seen), 409, "stale")
    assert [c["action"] for c in told["changes"]] == ["note"]
    assert Event.objects.count() == 2


def test_roles_and_states_are_refused_apart(door: Door) -> None:
    """404 for who may not see it, 403 for who may not do it, 409 for the wrong state."""
    problem(door.stranger.act(door.filed, "note", {"text": "x"}), 404, "no_such_matter")
    problem(door.receipt.act(door.filed, "accept", CATEGORY), 403, "not_your_role")
    problem(door.window.act(door.filed, "dispatch", {"lead": 1}), 409, "wrong_state")
    problem(door.window.act(door.filed, "nothing"), 404, "no_such_action")
    assert Event.objects.count() == 1


def test_a_foreign_or_confidential_matter_is_nowhere(door: Door) -> None:
    """Who may not see it meets the same 404 as for a number that was never given."""
    Matter.objects.filter(number=door.filed).update(confidential=True)
    never = door.filed.replace("1号", "999号")
    for path in ("", "/timeline", "/deadlines", "/actions", "/papers", "/children"):
        for caller in (door.stranger, door.bureau, door.supervisor, door.auditor):
            answer = problem(caller.get(f"/matters/{door.filed}{path}"), 404)
            absent = problem(caller.get(f"/matters/{never}{path}"), 404)
            assert str(answer).replace(door.filed, "") == str(absent).replace(never, "")
    for caller in (door.supervisor, door.auditor):
        assert caller.get("/matters?process=dispute").json()["items"] == []
        assert caller.get("/search?q=" + quote("漏水")).json()["items"] == []


def test_lists_are_paged_by_cursor(door: Door) -> None:
    """Walking by `next` meets every matter once, and `previous` leads back."""
    numbers = {door.filed} | {
        matters.open_matter("dispute", "file", FILED, by=PUBLIC).number for _ in range(6)
    }
    met: list[str] = []
    page = door.window.get("/matters?process=dispute&limit=3").json()
    first = page["items"]
    while True:
        met += [m["number"] for m in page["items"]]
        if page["next"] is None:
            break
        last = page
        page = door.window.get(
            f"/matters?process=dispute&limit=3&after={quote(page['next'])}"
        ).json()
    assert sorted(met) == sorted(numbers)
    assert len(met) == 7
    back = door.window.get(f"/matters?process=dispute&limit=3&before={quote(page['previous'])}")
    assert [m["number"] for m in back.json()["items"]] == [m["number"] for m in last["items"]]
    assert len(first) == 3
    problem(door.window.get("/matters?process=dispute&after=nonsense"), 422, "bad_cursor")


def test_filters_narrow_a_list(door: Door) -> None:
    """Days are of the city and counted in; an unknown state finds nothing."""
    for query, found in (
        (f"town={TOWN}", 1),
        ("town=360902002", 0),
        ("state=registered&active=true", 1),
        ("state=nothing", 0),
        ("overdue=true", 0),
        ("overdue=false", 1),
        ("opened_from=2099-12-31", 0),
        ("opened_to=2099-12-31", 1),
        ("opened_to=1949-10-01", 0),
    ):
        answer = door.window.get(f"/matters?process=dispute&{query}")
        assert (query, len(answer.json()["items"])) == (query, found)
    problem(door.window.get("/matters?process=dispute&opened_to=9999-12-31"), 422)
    problem(door.window.get("/matters?process=nothing"), 404, "no_such_process")


def test_words_follow_the_language_asked_for(door: Door) -> None:
    """Refusals and explanations speak zh or en; codes never change."""
    zh = problem(door.window.act(door.filed, "accept"), 422, "required")
    en = problem(
        door.window.post(
            f"/matters/{door.filed}/actions/accept", {"data": {}}, **{"Accept-Language": "en"}
        ),
        422,
        "required",
    )
    assert zh["reasons"][0]["text"] == "这一项必须填写。"
    assert en["reasons"][0]["text"] == "This must be filled in."
    assert en["title"] == "The content cannot be taken"


def test_a_read_is_not_sent_twice(door: Door) -> None:
    """If-None-Match with the ETag gives 304 until something happens."""
    first = door.window.get(f"/matters/{door.filed}")
    same = door.window.get(f"/matters/{door.filed}", **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    door.window.act(door.filed, "note", {"text": "看过了"})
    later = door.window.get(f"/matters/{door.filed}", **{"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"


def test_head_is_get_without_its_body(door: Door) -> None:
    """HEAD answers with the headers of GET."""
    answer = door.window.client.head(f"/api/v1/matters/{door.filed}", headers=door.window.headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) > 100


def test_a_receipts_holder_reads_only_what_is_meant_for_him(door: Door) -> None:
    """No internal note, no inner state words, no papers of others."""
    door.window.act(door.filed, "note", {"text": "内部看法"})
    door.window.act(door.filed, "reply", {"text": "请等电话"})
    mine = door.receipt.get(f"/matters/{door.filed}/timeline")
    assert [e["action"] for e in mine.json()] == ["reply", "file"]
    assert "内部看法" not in mine.content.decode()
    assert "内部看法" in door.window.get(f"/matters/{door.filed}/timeline").content.decode()
    problem(door.receipt.get("/inbox"), 401)
    problem(door.receipt.get("/matters?process=dispute"), 401)


def test_a_citizen_acts_with_the_receipt(door: Door) -> None:
    """He sees what he can do, and does it."""
    can = {p["action"] for p in door.receipt.get(f"/matters/{door.filed}/actions").json()}
    assert {"withdraw", "add_paper"} <= can
    assert "accept" not in can
    done = door.receipt.act(door.filed, "withdraw", {"why": "已经说好了"})
    told = done.json()
    assert told.pop("url").partition("#")[2] == door.receipt.headers["X-Receipt"]
    assert told == {
        "number": door.filed, "seq": 2, "state": "withdrawn", "action": "withdraw", "promise": "",
    }  # fmt: skip


def test_a_paper_is_uploaded_named_by_an_act_and_downloaded(door: Door) -> None:
    """Type and size come from the store; the name is made harmless; strangers get 404."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("<script>照片.txt", "水管照片说明".encode())
    answer = door.receipt.client.post(
        "/api/v1/papers", {"file": file}, headers=door.receipt.headers
    )
    assert answer.status_code == 201, answer.content
    ref = answer.json()
    assert ref["name"] == "script_照片.txt"
    bare = {"digest": ref["digest"], "name": "又一份<b>.txt", "media_type": "text/html", "size": 1}
    for ticket in ({}, {"ticket": "0" * 32}, {"ticket": 1}):  # who merely knows what it hashes to
        refused = door.receipt.act(door.filed, "add_paper", {"papers": [bare | ticket]})
        assert problem(refused, 422, "unknown_paper")["reasons"][0]["field"] == "papers.0.digest"
    bare["ticket"] = ref["ticket"]
    assert door.receipt.act(door.filed, "add_paper", {"papers": [bare]}).status_code == 200
    (kept,) = door.window.get(f"/matters/{door.filed}/papers").json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("又一份_b.txt", "text/plain", 18)
    got = door.receipt.get(f"/papers/{kept['id']}")
    assert b"".join(got.streaming_content).decode() == "水管照片说明"
    assert got["Content-Disposition"].startswith("attachment")
    problem(door.stranger.get(f"/papers/{kept['id']}"), 404)
    problem(door.public.get(f"/papers/{kept['id']}"), 401)


@pytest.mark.parametrize("digest", ["0" * 64, "ab" * 32])
def test_a_paper_that_was_never_stored_is_refused(door: Door, digest: str) -> None:
    """An act cannot name a file that is not there."""
    ref = {"digest": digest, "name": "a.txt"}
    answer = door.receipt.act(door.filed, "add_paper", {"papers": [ref]})
    told = problem(answer, 422, "unknown_paper")
    assert told["reasons"][0]["field"] == "papers.0.digest"
    assert Event.objects.count() == 1


def test_a_file_too_large_is_413_and_not_kept(door: Door, settings: Any) -> None:
    """One paper over the limit is refused, and nothing of it stays."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.UPLOAD_LIMIT = 1000
    file = SimpleUploadedFile("a.txt", b"x" * 1001)
    answer = door.receipt.client.post(
        "/api/v1/papers", {"file": file}, headers=door.receipt.headers
    )
    problem(answer, 413, "too_large")
    assert not blobs.Blob.objects.exists()


def test_a_session_reads_but_writes_only_with_its_csrf_token(door: Door) -> None:
    """Another site's page cannot act in the name of who is signed in."""
    assert door.session.get(f"/matters/{door.filed}").status_code == 200
    bare = Machine({}, door.session.client)
    problem(bare.act(door.filed, "accept", CATEGORY), 403, "api_no_csrf")
    problem(bare.open(), 403, "api_no_csrf")
    assert Event.objects.count() == 1
    assert door.session.act(door.filed, "accept", CATEGORY).status_code == 200


def test_a_wrong_token_is_never_taken_for_none(door: Door) -> None:
    """A client with an expired token does not file as the public by mistake."""
    wrong = Machine({"Authorization": "Bearer dingzi_wrong"})
    for answer in (wrong.open(), wrong.get("/inbox"), wrong.act(door.filed, "accept", CATEGORY)):
        problem(answer, 401, "api_wrong_token")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    problem(Machine({"X-Receipt": "1.ZZ.AAAA"}).get("/receipt"), 401, "no_such_receipt")
    problem(door.public.get("/inbox"), 401, "sign_in_first")
    assert Matter.objects.count() == 1


def test_open_data_may_be_read_from_any_origin_and_nothing_else(door: Door) -> None:
    """Figures, divisions, processes and the document allow any page; matters none."""
    there = {"Origin": "https://example.org"}
    for path in ("/figures", "/divisions", "/processes", "/openapi.json"):
        assert door.public.get(path, **there)["Access-Control-Allow-Origin"] == "*"
    answer = door.window.get(f"/matters/{door.filed}", **there)
    assert "Access-Control-Allow-Origin" not in answer
    assert "Access-Control-Allow-Credentials" not in answer


def test_what_is_not_there_is_a_problem_too(door: Door) -> None:
    """An unknown address, a wrong method, an unknown process: problem+json each time."""
    for path in ("/api/v1/nothing", "/api/v1/", "/api/v2/matters", "/api/", "/api/v1/matters/"):
        problem(Client().get(path), 404, "api_no_route")
    answer = Client().delete("/api/v1/matters")
    problem(answer, 405, "api_no_method")
    assert answer["Allow"] == "GET, HEAD"
    assert Client().options("/api/v1/papers")["Allow"] == "POST"
    problem(door.public.get("/processes/nothing"), 404, "no_such_process")
    problem(door.public.get("/processes/dispute?version=99"), 404, "no_such_process")
    problem(door.public.get("/figures/disputes.nothing"), 404, "no_such_figure")


def test_a_process_tells_what_its_acts_ask(door: Door) -> None:
    """The JSON Schema of each act, the common ones too, with labels in both languages."""
    told = door.public.get("/processes/dispute").json()
    acts = {a["name"]: a for a in told["actions"]}
    assert acts["accept"]["schema"]["required"] == ["category"]
    assert acts["file"]["opens"] and not acts["accept"]["opens"]
    assert "transfer" in acts
    assert "dispute" in {p["name"] for p in door.public.get("/processes").json()}


def test_children_are_told_to_who_sees_them(door: Door) -> None:
    """Co-handling tasks are listed for staff, not for the citizen."""
    data = {
        **CATEGORY, "lead": door.world.mediation, "co_units": [door.world.housing], "what": "看",
    }  # fmt: skip
    assert door.window.act(door.filed, "accept_dispatch", data).status_code == 200
    (child,) = door.window.get(f"/matters/{door.filed}/children").json()
    assert (child["number"], child["parent"]) == (f"{door.filed}-1", door.filed)
    assert door.receipt.get(f"/matters/{door.filed}/children").json() == []
    assert door.bureau.get(f"/matters/{child['number']}").status_code == 200
    (deadline,) = door.bureau.get(f"/matters/{child['number']}/deadlines").json()
    assert deadline["state"] == "running" and deadline["lines"]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/matters?process=dispute&limit=50", 4),
        ("/search?q=" + quote("漏水"), 4),
        ("/inbox", 7),
        ("/matters/{number}", 3),
        ("/matters/{number}/timeline", 7),
        ("/divisions", 1),
    ],
)
def test_reads_cost_few_queries(door: Door, path: str, most: int) -> None:
    """What a read costs does not grow with what it returns."""
    for _ in range(12):
        matters.open_matter("dispute", "file", FILED, by=PUBLIC)
    path = path.format(number=door.filed)
    assert door.window.get(path).status_code == 200
    with CaptureQueriesContext(connection) as made:
        door.window.get(path)
    assert len(made) <= most, [q["sql"] for q in made]
