"""What machines send by mistake or on purpose: a clear answer, nothing written, never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dingzi.api import bodies
from dingzi.core import canonical
from dingzi.core.blobs import Blob
from dingzi.core.errors import Refusal
from dingzi.matters.models import Event
from tests.api.conftest import Door, problem

GREAT = str(2**53)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"{", 400, "api_bad_json", ""),
        (b"not json", 400, "api_bad_json", ""),
        (b'{"data": {"text": "\x01"}}', 400, "api_bad_json", ""),
        (b'{"data": {}} {}', 400, "api_bad_json", ""),
        (b"\xff\xfe{}", 400, "api_bad_encoding", ""),
        ('{"data": {"text": "中"}}'.encode("gb18030"), 400, "api_bad_encoding", ""),
        (b'{"data": {"category": NaN}}', 400, "api_no_number", ""),
        (b'{"data": {"category": -Infinity}}', 400, "api_no_number", ""),
        (b'{"data": {}, "data": {"category": "other"}}', 400, "api_named_twice", ""),
        (b'{"data": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "api_too_deep", ""),
        (b"[" * 200_000, 400, "api_too_deep", ""),
        (b'{"data": {"category": 1.5}}', 422, "api_no_fraction", "data.category"),
        (b'{"data": {"category": 1e400}}', 422, "api_no_fraction", "data.category"),
        (f'{{"data": {{"category": {GREAT}}}}}'.encode(), 422, "api_great_number", "data.category"),
        (b'{"data": {"category": ' + b"9" * 5_000 + b"}}", 422, "api_great_number", ""),
        (rb'{"data": {"category": "\u0000"}}', 422, "control_characters", "data.category"),
        (rb'{"data": {"category": "\ud800"}}', 422, "api_no_text", "data.category"),
        (rb'{"data": {"\ud800": 1}}', 422, "api_no_text", "data.?"),
        (rb'{"data": {"a": ["\udfff\ud800"]}}', 422, "api_no_text", "data.a.0"),
        (b"[]", 422, "wrong_value", "body"),
        (b"1", 422, "wrong_value", "body"),
        (b"null", 422, "required", "body"),
        (b"", 422, "required", "body"),
        (b'{"data": []}', 422, "wrong_value", "data"),
        (b'{"data": {}, "more": 1}', 422, "unknown_field", "more"),
        (b'{"data": {"category": "other"}, "seen": "1"}', 422, "not_a_number", "seen"),
        (b'{"data": {"category": "other"}, "seen": -1}', 422, "too_small", "seen"),
        (b'{"data": {"category": "other"}, "seen": true}', 422, "not_a_number", "seen"),
        (b'{"data": {}, "occurred_at": 1758850000}', 422, "wrong_value", "occurred_at"),
        (b'{"data": {}, "occurred_at": "2025-09-26T10:00:00"}', 422, "moment_without_zone", "occurred_at"),
        (b'{"data": {}, "occurred_at": "yesterday"}', 422, "not_a_date", "occurred_at"),
        (b'{"data": {"category": "other"}, "reason": "' + b"x" * 501 + b'"}', 422, "too_long", "reason"),
        (b'{"data": {"category": null}}', 422, "required", "category"),
        (b'{"data": {"category": {"a": 1}}}', 422, "wrong_value", "category"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_bad_body_is_named(
    door: Door, body: bytes, status: int, code: str, field: str, language: str, caplog: Any
) -> None:
    """Status, code and field say what is wrong, in words of the language; nothing is written."""
    answer = door.window.post(
        f"/matters/{door.filed}/actions/accept", body, **{"Accept-Language": language}
    )
    told = problem(answer, status, code)
    assert field in {r["field"] for r in told["reasons"]}
    assert "reason with" not in caplog.text
    assert Event.objects.count() == 1


def test_a_whole_number_written_as_a_fraction_is_whole(door: Door) -> None:
    """1.0 is 1, as RFC 8785 writes it: the same request in another spelling is a retry."""
    key = "0192f3a0-5c1e-7b3a-9d2e-4f6a8b1c0d3e"
    path = f"/matters/{door.filed}/actions/transfer"
    post = door.world.supervisor.post
    first = door.window.post(
        path, f'{{"data": {{"post": {post}.0, "why": "x"}}}}'.encode(), key=key
    )
    again = door.window.post(path, f'{{"data": {{"post": {post}, "why": "x"}}}}'.encode(), key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(door: Door, kind: str) -> None:
    """A form of a foreign page is not taken for JSON, nor JSON for a form."""
    answer = door.window.post(
        f"/matters/{door.filed}/actions/accept", b'{"data": {}}', **{"Content-Type": kind}
    )
    problem(answer, 415, "api_want_json")
    upload = door.window.post("/papers", b"{}")
    problem(upload, 415, "api_want_form")
    assert Event.objects.count() == 1


def test_a_body_of_more_than_a_megabyte_is_413(door: Door, settings: Any) -> None:
    """JSON over the limit is refused before it is read; so is any request over its own."""
    path = f"/matters/{door.filed}/actions/note"
    body = b'{"data": {"text": "' + b"x" * 1_048_576 + b'"}}'
    problem(door.window.post(path, body), 413, "api_body_too_large")
    settings.REQUEST_LIMIT = 100
    answer = door.window.post(path, b"x" * 101)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x\r\n",
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nabc",
        b"--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nabc\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno file\r\n--x--\r\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data"])
def test_a_broken_upload_is_refused(door: Door, body: bytes, kind: str) -> None:
    """A form without its file, or cut off, keeps nothing."""
    answer = door.window.post("/papers", body, **{"Content-Type": kind})
    assert answer.status_code in (400, 415, 422), answer.content
    problem(answer, answer.status_code)
    assert not Blob.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/matters/%00",
        "/matters/%FF%FE",
        "/matters/%ED%A0%80",
        "/matters/1",
        "/matters/" + "9" * 3000,
        "/matters/%E8%A2%81%E7%BA%A0%E3%80%942025%E3%80%95%D9%A1%E5%8F%B7",
        "/papers/-1",
        "/papers/99999999999999999999",
        "/papers/1%00",
        "/processes/%00",
        "/figures/a%00.b",
        "/figures/disputes.registered?period=%00",
        "/figures/disputes.registered?county=%00",
        "/figures/disputes.registered?category=%00",
        "/divisions?parent=%00",
        "/matters?process=%00",
        "/matters?process=dispute&state=%00",
        "/matters?process=dispute&after=%00",
        "/matters?process=dispute&limit=0",
        "/matters?process=dispute&limit=99999999999999999999999",
        "/matters?process=dispute&limit=nan",
        "/search?q=%00",
        "/search?q=x&after=99999999999999999999999",
        "/search?q=" + "x" * 201,
        "/search",
        "/inbox?limit=-1",
    ],
)
def test_a_bad_address_is_refused(door: Door, path: str) -> None:
    """NUL, broken UTF-8, other digits, great numbers: 404 or 422 with a problem."""
    answer = door.window.get(path)
    assert answer.status_code in (404, 422), answer.content
    problem(answer, answer.status_code)


def test_odd_headers_break_nothing(door: Door) -> None:
    """A token or receipt of any bytes is a wrong one; a forged host gets a plain 400."""
    for odd in (
        "Bearer",
        "Bearer ",
        "Bearer \xe9\xff",
        "Basic eDp5",
        "Bearer dingzi_" + "x" * 5000,
    ):
        problem(Client().get("/api/v1/inbox", headers={"Authorization": odd}), 401)
    for odd in ("", ".", "1..", "1.\xe9.x", "2.A.B", "1." + "Z" * 10 + ".x", "1.Z" * 400):
        problem(Client().get("/api/v1/receipt", headers={"X-Receipt": odd}), 401)
    forged = Client().get("/api/v1/figures", headers={"host": "evil.example"})
    assert (forged.status_code, forged["Content-Type"]) == (400, "application/problem+json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_what_is_read_has_a_canonical_form(value: Any) -> None:
    """Whatever JSON says is either refused or can be put into an event as it is."""
    import json

    try:
        read = bodies.read(json.dumps(value).encode())
    except Refusal:
        return
    assert canonical.plain(read) == read
