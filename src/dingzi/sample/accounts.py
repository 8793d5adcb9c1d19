"""The demo accounts: one for each role, with passwords that this installation's key makes."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password

from dingzi.city import book, tokens
from dingzi.city.models import Account, ApiClient
from dingzi.city.viewer import SYSTEM
from dingzi.core.text import Text

from .structure import SINCE, post_code

#: The successor came so many days ago.
CAME = 12
CLIENT = "demo"
#: Fewer rounds than Django's own, which take half a second an account: these passwords are random,
#: and the first sign-in hashes them anew.
ITERATIONS = 20_000
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    username: str
    post: str
    role: Text
    job: Text


def demo_accounts(home: str) -> list[DemoAccount]:
    """Return who can sign in; ``home`` is the township where most of them sit."""
    county, city = home[:6], home[:4]
    made = [
        ("window", f"zz-{home}", "sl", "受理窗口", "Window", "登记、受理、派单", "register, accept, dispatch"),
        ("mediator", f"tj-{home}", "t1", "调解员", "Mediator", "调解、协议、回访", "mediate, agree, visit"),
        ("handler", f"zj-{county}", "jb", "协办单位", "Handler", "交协办结果、问题楼盘", "answer tasks, stuck estates"),
        ("supervisor", f"zz-{home}", "zr", "乡镇督办", "Town supervisor", "看到期未办的、交接", "overdue work, hand-overs"),
        ("county", f"zz-{county}", "db", "县级督办", "County supervisor", "全县的事、补录", "the whole county"),
        ("petitions", f"xf-{county}", "jf", "县级信访", "Petition office", "信访登记、转送、核实异议", "register, route, rule on objections"),
        ("registry", f"zr-{county}", "jb", "不动产登记", "Registry", "户室名单、受理、发证", "households, certificates"),
        ("leader", f"zf-{county}", "l1", "包案领导", "Leader", "阅卷、接访、下访、定办法", "read, receive, visit, decide"),
        ("inspector", f"dc-{county}", "dc", "督查", "Inspector", "验收、回头看", "accept, look back"),
        ("debts", f"zf-{county}", "qz", "旧账清理", "Old debts", "上账、核定、核实", "enter, rule, check"),
        ("successor", f"sc-{county}", "jb", "接任的人", "Successor", "交接签收、单位的旧账", "sign for what was handed over"),
        ("analyst", f"zz-{city}", "fx", "市级分析", "City analyst", "数字、审计", "figures, audit"),
        ("editor", f"zz-{city}", "bj", "编辑", "Editor", "核对文稿、写文章", "check drafts, write articles"),
        ("checker", f"zz-{city}", "hg", "核稿", "Checking editor", "核对、发布别人写的文章", "check what the editor wrote"),
        ("steward", f"zz-{city}", "pt", "系统管理", "Steward", "单位、岗位、账号、参数、依法删除", "units, posts, accounts, settings, erasure"),
    ]  # fmt: skip
    return [
        DemoAccount(username=n, post=post_code(u, p), role=Text(zh, en), job=Text(job, job_en))
        for n, u, p, zh, en, job, job_en in made
    ]


def password(username: str) -> str:
    """Return an account's password: the same each time here, another one on every installation."""
    return _derived(f"demo account {username}", 10)


def _hashed(word: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(word, hasher.salt(), ITERATIONS))
    return make_password(word)


def token() -> str:
    return tokens.PREFIX + _derived("demo client", 32)


def _derived(name: str, length: int) -> str:
    made = hmac.digest(settings.SECRET_KEY.encode(), name.encode(), "sha256")
    return "".join(_LETTERS[byte & 31] for byte in made[:length])


def write(home: str, today: date) -> None:
    """Open the accounts, seat them, and give the API client its token."""
    accounts = demo_accounts(home)
    names, gone, before = [a.username for a in accounts], "former", "predecessor"
    opened = [{"username": name} for name in (*names, gone, before)]
    book.record("account_opened", {"rows": opened}, by=SYSTEM)
    since = (today - timedelta(days=700)).isoformat()
    # One post that has changed hands: what its former holder left lies there still.
    came = (today - timedelta(days=CAME)).isoformat()
    new = {a.username: came for a in accounts if a.username == "successor"}
    rows = [
        {"post": a.post, "account": a.username, "since": new.get(a.username, since)}
        for a in accounts
    ]
    rows += [
        {"post": a.post, "account": before, "since": SINCE.isoformat(), "until": came}
        for a in accounts
        if a.username in new
    ]
    # One post whose holder has left and whom nobody has followed yet.
    left = {"post": post_code(f"sf-{home}", "zl"), "account": gone, "since": SINCE.isoformat(),
            "until": (today - timedelta(days=20)).isoformat()}  # fmt: skip
    book.record("tenure_started", {"rows": [*rows, left]}, by=SYSTEM)
    made = {a.username: a for a in Account.objects.filter(username__in=names)}
    for one in accounts:
        account = made[one.username]
        account.display_name = one.role.zh
        account.password = _hashed(password(one.username))
    Account.objects.bulk_update(made.values(), ["display_name", "password"])
    client = {"name": CLIENT, "post": post_code(f"zz-{home[:4]}", "jk"), "since": since}
    book.record("client_opened", client, by=SYSTEM)
    ApiClient.objects.filter(name=CLIENT).update(token_hash=tokens.digest(token()))
