"""``dingzi client``: open, list and close the machines that may use the API; give them tokens."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dingzi.city import tokens
from dingzi.city.models import ApiClient
from dingzi.city.viewer import SYSTEM
from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.matters import book


class Command(BaseCommand):
    help = (
        "接口客户端：open 开一个（在一个岗位上），rotate 换令牌，close 停用，list 列出。"
        "令牌只显示这一次，系统里只存摘要。"
        "API clients: open one on a post, rotate its token, close it, list them. "
        "A token is shown this once; only its digest is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        new = ways.add_parser("open", help="开一个，打印令牌 open one, print its token")
        new.add_argument("name", help="名称，记在市级簿册里 its name, kept in the city's book")
        new.add_argument(
            "--post", required=True, metavar="CODE", help="岗位代码 code of the post it acts on"
        )
        again = ways.add_parser("rotate", help="换令牌，旧的作废 a new token; the old one ends")
        again.add_argument("name")
        end = ways.add_parser("close", help="停用 close one")
        end.add_argument("name")
        end.add_argument(
            "--on",
            type=_day,
            metavar="YYYY-MM-DD",
            help="从哪天起停用，不写就是今天 the day from which it is closed; else today",
        )
        ways.add_parser("list", help="列出 list them")

    def handle(self, *, way: str, **options: Any) -> None:
        try:
            {"open": _open, "rotate": _rotate, "close": _close, "list": _list}[way](self, options)
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from refusal

    def tell(self, text: str) -> None:
        self.stdout.write(text)


def _open(command: Command, options: dict[str, Any]) -> None:
    name = options["name"]
    facts = {"name": name, "post": options["post"], "since": timezone.localdate().isoformat()}
    with transaction.atomic():
        book.record("client_opened", facts, by=SYSTEM)
        token = tokens.issue(ApiClient.objects.get(name=name))
    _give(command, token)


def _rotate(command: Command, options: dict[str, Any]) -> None:
    _give(command, tokens.renew(options["name"], timezone.localdate()))


def _give(command: Command, token: str) -> None:
    command.tell(token)
    command.stderr.write(
        "令牌只显示这一次，请马上存好。\nThe token is shown only now: keep it safe at once."
    )


def _close(command: Command, options: dict[str, Any]) -> None:
    on: date = options["on"] or timezone.localdate()
    book.record("client_closed", {"name": options["name"], "on": on.isoformat()}, by=SYSTEM)


def _list(command: Command, options: dict[str, Any]) -> None:
    for one in ApiClient.objects.select_related("post").order_by("name"):
        until = one.until or ""
        command.tell(f"{one.name}\t{one.post.code}\t{one.since}\t{until}".rstrip())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text}: YYYY-MM-DD") from error
