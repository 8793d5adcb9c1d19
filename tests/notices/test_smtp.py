"""Mail that really goes out: to a mail server on this machine that keeps it, refuses it or is gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from dingzi.notices import sending, subscribing
from dingzi.notices.models import Notice, Subscription

from .conftest import Told

USER, PASSWORD = "notice", "a password of the mail server"


class Post:
    """What the server does: keeps mail; answers recipients with ``refusal`` where one is set."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], EmailMessage]] = []
        self.refusal = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 kept"


def allowed(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == right, handled=False)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server that knows one sender, and the settings that lead to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Post()
    server = Controller(
        kept, hostname="127.0.0.1", port=port, authenticator=allowed,
        auth_require_tls=False,
    )  # fmt: skip
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    yield kept
    server.stop()


def subscribed(told: Told) -> Subscription:
    told.seal()
    return subscribing.of_matter(
        told.matter, gateway="mail", target="reader@city.example", language="zh-hans"
    )


def test_mail_arrives_as_it_was_written(told: Told, post: Post) -> None:
    """Confirmation, then news: sender, reader, Chinese subject and text, and the one-click headers."""
    one = subscribed(told)
    assert sending.deliver() == 1
    subscribing.confirm(one.key)
    told.accept()
    told.seal()
    assert sending.deliver() == 1
    (sender, readers, asked), (_, _, news) = post.got
    assert (sender, readers) == ("notice@city.example", ["reader@city.example"])
    assert "请确认" in asked["Subject"]
    assert f"/notices/confirm/{one.key}/" in asked.get_content()
    assert told.matter.number in news["Subject"]
    assert "正在调解" in news.get_content()
    assert news["List-Unsubscribe"].strip() == f"<https://city.example/notices/end/{one.key}/>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "王女士" not in news.as_string()
    assert "漏水" not in news.get_content()
    assert not Notice.objects.exists()


def test_not_now_is_tried_again_and_never_is_not(told: Told, post: Post) -> None:
    """A greylisting server (450) is asked again later; one that knows no such reader (550) is not."""
    subscribed(told)
    post.refusal = "450 greylisted, try later"
    assert sending.deliver() == 0
    notice = Notice.objects.get()
    assert notice.tries == 1
    Notice.objects.update(try_at=notice.created_at)
    post.refusal = ""
    assert sending.deliver() == 1
    subscribing.confirm(Subscription.objects.get().key)
    told.accept()
    told.seal()
    post.refusal = "550 no such reader"
    assert sending.deliver() == 0
    assert not Subscription.objects.exists()
    assert len(post.got) == 1


@pytest.mark.parametrize("wrong", ["password", "port"])
def test_a_server_that_lets_nobody_in_loses_nothing(
    told: Told, post: Post, settings: Any, wrong: str
) -> None:
    """A wrong password, or no server at all: the notice waits and goes out once that is put right."""
    right = settings.EMAIL_PORT
    subscribed(told)
    if wrong == "password":
        settings.EMAIL_HOST_PASSWORD = "another"
    else:
        settings.EMAIL_PORT = 1
    assert sending.deliver() == 0
    notice = Notice.objects.get()
    assert notice.tries == 1
    settings.EMAIL_HOST_PASSWORD, settings.EMAIL_PORT = PASSWORD, right
    Notice.objects.update(try_at=notice.created_at)
    assert sending.deliver() == 1
    assert len(post.got) == 1
