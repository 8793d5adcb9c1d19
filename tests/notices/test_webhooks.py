"""Webhooks: signed, tried again, and never led into our own network."""

from __future__ import annotations

import base64
import hmac
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from django.test import Client

from dingzi.core.errors import Invalid
from dingzi.notices import outgoing, sending, subscribing
from dingzi.notices.models import Notice, Subscription

from .conftest import Told

URL = "https://hook.example:8443/in?x=1"


class Receiver:
    """A server of somebody else: keeps what comes and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers = [200]
        self.may_answer = Event()
        self.may_answer.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                receiver.may_answer.wait(60)
                status = (
                    receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                )
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/inside")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that the name hook.example leads to; TLS is left out, all else is as it is."""
    made = Receiver()
    real = socket.create_connection

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address == ("93.184.216.34", 8443)  # the very address that was looked at
        return real(("127.0.0.1", made.server.server_port), timeout)

    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["93.184.216.34"])
    monkeypatch.setattr("dingzi.notices.outgoing.socket.create_connection", connect)
    monkeypatch.setattr(outgoing, "secure", lambda plain, host: plain)
    yield made
    made.may_answer.set()
    made.server.shutdown()
    made.server.server_close()


def hooked(told: Told) -> Subscription:
    told.seal()
    return subscribing.of_matter(told.matter, gateway="webhook", target=URL, language="en")


def test_a_webhook_is_signed_and_says_what_happened(told: Told, receiver: Receiver) -> None:
    """Id, time and signature as a receiver checks them; codes for machines beside the words."""
    one = hooked(told)
    assert sending.deliver() == 1
    subscribing.confirm(one.key)
    told.accept()
    told.seal()
    assert sending.deliver() == 1
    path, headers, body = receiver.got[-1]
    assert path == "/in?x=1"
    signed = b".".join(
        (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    )
    digest = hmac.digest(one.secret.encode(), signed, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    sent = orjson.loads(body)
    assert (sent["type"], sent["id"]) == ("case", headers["webhook-id"])
    assert sent["data"] == {
        "number": told.matter.number, "action": "accept_dispatch", "state": "mediating",
    }  # fmt: skip
    assert one.secret not in body.decode()


def test_a_receiver_that_fails_is_tried_again_and_one_that_is_gone_is_not(
    told: Told, receiver: Receiver
) -> None:
    """500 and a redirect wait for the next try, with the same id; 410 ends the subscription."""
    hooked(told)
    receiver.answers = [500, 302, 410]
    for tries in (1, 2):
        assert sending.deliver() == 0
        notice = Notice.objects.get()
        assert notice.tries == tries
        Notice.objects.update(try_at=notice.created_at)
    assert sending.deliver() == 0
    assert not Subscription.objects.exists()
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 3  # the redirect was not followed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_leads_inside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Private, local, reserved, mapped and tunnelled addresses are refused, also beside a public one."""
    assert not outgoing.public(ipaddress.ip_address(address))
    for found in ([address], ["93.184.216.34", address]):
        monkeypatch.setattr(outgoing, "resolve", lambda host, port, found=found: found)
        with pytest.raises(Invalid, match="notices_private_address"):
            outgoing.reach(outgoing.split("https://hook.example/"))


def test_the_open_network_is_reached() -> None:
    """Ordinary addresses of both kinds."""
    for address in ("93.184.216.34", "2606:4700::1111", "1.1.1.1"):
        assert outgoing.public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "http://hook.example/", "ftp://hook.example/", "https://", "https:///x", "//hook.example",
        "https://user:pw@hook.example/", "https://hook.example:22/", "https://hook.example:0/",
        "https://hook.example:99999/", "https://hook.example/#x", "https://hook.example/ x",
        "https://hook.example/\r\nX: y", "https://例子.example/", "https://hook.example/" + "a" * 300,
        "file:///etc/passwd", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_only_a_plain_https_address_is_one(url: str) -> None:
    """No other scheme, no user, no low port, nothing that could end a header."""
    with pytest.raises(Invalid, match="notices_bad_url"):
        outgoing.split(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/"])
def test_an_address_in_place_of_a_name_is_looked_at_too(url: str) -> None:
    """Also one written as a single number."""
    with pytest.raises(Invalid, match=r"notices_private_address|notices_unknown_host"):
        outgoing.reach(outgoing.split(url))


def test_a_name_that_turns_inside_later_is_not_asked(
    told: Told, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it was subscribed, private when it is to be sent: ended, and nothing was asked."""
    hooked(told)
    monkeypatch.setattr(outgoing, "resolve", lambda host, port: ["169.254.169.254"])
    assert sending.deliver() == 0
    assert receiver.got == []
    assert not Subscription.objects.exists()


def test_a_receiver_that_fails_twice_has_it_the_third_time(
    told: Told, receiver: Receiver, at: Callable[..., Any]
) -> None:
    """After one minute and then four, never before; the same id and body, each time signed anew."""
    hooked(told)
    receiver.answers = [503, 500, 200]
    begun = Notice.objects.get().created_at
    at(begun)
    assert sending.deliver() == 0
    for waited, early in ((timedelta(minutes=1), 59), (timedelta(minutes=5), 299)):
        assert sending.deliver(begun + timedelta(seconds=early)) == 0
        at(begun + waited)
        sending.deliver()
    assert not Notice.objects.exists()
    assert len(receiver.got) == 3
    assert len({(headers["webhook-id"], body) for _, headers, body in receiver.got}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in receiver.got}) == 3
    secret = Subscription.objects.get().secret
    for _, headers, body in receiver.got:
        assert headers["webhook-signature"] == signed(secret, headers, body)


def test_a_slow_receiver_holds_up_nobody_for_long(
    told: Told, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not answer in time is left and tried again; the subscription stays."""
    monkeypatch.setattr(outgoing, "PATIENCE", 0.2)
    hooked(told)
    receiver.may_answer.clear()
    begin = time.monotonic()
    assert sending.deliver() == 0
    assert time.monotonic() - begin < 30
    assert Notice.objects.get().tries == 1
    assert Subscription.objects.exists()


def test_a_changed_secret_signs_at_once_and_the_former_one_for_a_day(
    told: Told, receiver: Receiver, at: Callable[..., Any]
) -> None:
    """The page shows the new one once; a receiver that knows either checks what comes meanwhile."""
    one = subscribing.confirm(hooked(told).key)
    Notice.objects.all().delete()
    old, url = one.secret, f"/notices/secret/{one.key}/"
    assert Client().get(url).status_code == 405
    answer = Client().post(url)
    one.refresh_from_db()
    assert one.secret in answer.content.decode()
    assert one.secret != old
    assert one.secret not in Client().get(f"/notices/confirm/{one.key}/").content.decode()
    told.accept()
    told.seal()
    assert sending.deliver() == 1
    _, headers, body = receiver.got[-1]
    both = [signed(secret, headers, body) for secret in (one.secret, old)]
    assert headers["webhook-signature"].split(" ") == both
    at(one.former_until + timedelta(seconds=1))
    assert subscribing.secrets_of(one) == (one.secret,)
    subscribing.sweep()
    one.refresh_from_db()
    assert (one.former, one.former_until) == ("", None)


def test_only_a_confirmed_webhook_has_a_secret_to_change(told: Told, receiver: Receiver) -> None:
    """Unconfirmed ones, mail and keys that nobody has are not there; nothing is changed."""
    one = hooked(told)
    mail = subscribing.of_matter(
        told.matter, gateway="mail", target="a@city.example", language="en"
    )
    subscribing.confirm(mail.key)
    for key in (one.key, mail.key, "x" * 43):
        assert Client().post(f"/notices/secret/{key}/").status_code == 404
    assert not Subscription.objects.exclude(former="").exists()


def signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """Sign as a receiver does that has read the documentation alone."""
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(secret.encode(), text, "sha256").digest()
    return f"v1,{base64.b64encode(digest).decode()}"
