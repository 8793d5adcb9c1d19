"""What goes wrong is told in plain words; what is logged names nobody."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from dingzi.project import health, logs
from dingzi.project.middleware import BodyLimit, client_ip
from dingzi.project.models import Heartbeat


def _breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Zhang San, 360902199001011234")


def _takes(request: HttpRequest, secret: str = "") -> HttpResponse:
    return HttpResponse(str(len(request.body)))


class Urls:
    handler400 = "dingzi.project.errors.bad_request"
    handler403 = "dingzi.project.errors.forbidden"
    handler404 = "dingzi.project.errors.not_found"
    handler500 = "dingzi.project.errors.server_error"
    urlpatterns = [
        path("breaks", _breaks),
        path("takes", _takes),
        path("r/<str:secret>", _takes),
        path("healthz", health.healthz),
    ]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """The log as it is written: JSON lines."""
    formatter = logs.JsonFormatter()
    caplog.set_level(logging.INFO)
    return lambda: [formatter.format(record) for record in caplog.records]


def test_a_forged_host_is_refused_and_not_logged(client: Client, lines: Any) -> None:
    """A host name that is not ours gets a plain 400; the log does not repeat it."""
    with override_settings(ROOT_URLCONF=Urls):
        response = client.get("/takes", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.content.decode() + "".join(lines())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "没有这一页"), ("en", "There is no such page")]
)
def test_a_missing_page_says_so_in_both_languages(
    client: Client, language: str, words: str
) -> None:
    """404 speaks the reader's language."""
    response = client.get("/no/such/page", headers={"accept-language": language})
    assert response.status_code == 404
    assert words in response.content.decode()


def test_a_crash_shows_and_logs_nothing_of_what_was_sent(client: Client, lines: Any) -> None:
    """500 is calm; the log has the error's class and place, not its text."""
    with override_settings(ROOT_URLCONF=Urls):
        response = client.get("/breaks?name=Zhang")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    told = "".join(lines())
    assert "RuntimeError" in told
    assert "Zhang" not in told
    assert "36090219" not in told


def test_the_access_log_names_the_route_never_the_path(client: Client, lines: Any) -> None:
    """A secret in a path or query does not reach the log."""
    with override_settings(ROOT_URLCONF=Urls):
        client.get("/r/s3cret?q=Zhang")
    (line,) = [json.loads(line) for line in lines() if "dingzi.access" in line]
    assert (line["route"], line["status"], line["method"]) == ("r/<str:secret>", 200, "GET")
    assert "s3cret" not in str(line)
    assert "Zhang" not in str(line)
    assert "ip" not in line


def test_a_body_over_the_limit_is_refused_unread(client: Client) -> None:
    """413 before a view sees anything; at the limit it passes."""
    with override_settings(ROOT_URLCONF=Urls, REQUEST_LIMIT=1000):
        fits = client.post("/takes", b"x" * 1000, content_type="text/plain")
        over = client.post("/takes", b"x" * 1001, content_type="text/plain")
    assert (fits.status_code, fits.content) == (200, b"1000")
    assert over.status_code == 413
    assert "什么都没有改动" in over.content.decode()


def test_an_api_client_gets_a_problem_document(client: Client) -> None:
    """Under /api/ an error is application/problem+json."""
    response = client.get("/api/no/such")
    assert response["content-type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 404


@pytest.mark.django_db
def test_a_post_without_its_token_is_told_what_to_do() -> None:
    """A stale form gets 403 with advice, and nothing was done."""
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "x"})
    assert response.status_code == 403
    assert "页面放得太久了" in response.content.decode()


def test_every_answer_carries_the_security_headers(client: Client) -> None:
    """Nothing but our own origin may run, frame or receive."""
    with override_settings(ROOT_URLCONF=Urls):
        response = client.get("/takes")
    policy = response["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["x-content-type-options"] == "nosniff"
    assert response["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in response["permissions-policy"]
    assert response["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, expected: str
) -> None:
    """What a client writes into X-Forwarded-For itself never counts."""

    class Config:
        pass

    Config.proxies = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(CONFIG=Config):
        assert client_ip(request) == expected


def test_a_length_that_is_no_number_passes_to_django() -> None:
    """A senseless Content-Length breaks nothing."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().get("/", CONTENT_LENGTH="-5")
    assert BodyLimit(view)(request).status_code == 200
    assert seen


@pytest.mark.django_db
def test_health_tells_database_migrations_and_steward(client: Client) -> None:
    """200 with a late steward named; the beat in it."""
    assert client.get("/healthz").json()["steward"] == "never seen"
    beat = Heartbeat.objects.create(
        name="steward", at=timezone.now(), started_at=timezone.now(), host="x", pid=1
    )
    assert client.get("/healthz").json()["steward"] == "ok"
    beat.at -= 2 * health.LATE
    beat.save()
    response = client.get("/healthz")
    assert (response.status_code, response.json()["steward"]) == (200, "late")


@pytest.mark.django_db
def test_health_is_503_while_migrations_are_pending(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database behind the code serves no pages."""
    health._none_pending.cache_clear()
    monkeypatch.setattr(health, "pending_migrations", lambda: ["matters.0002"])
    response = client.get("/healthz")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")
