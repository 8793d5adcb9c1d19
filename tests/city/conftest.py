"""A small city: two counties, a centre in each, window and leader posts, people on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from dingzi.city import book, directory, roles
from dingzi.city.appliers import BOOK
from dingzi.city.models import Account, Division
from dingzi.city.roles import Role
from dingzi.city.viewer import Viewer

Record = Callable[..., None]


def record(action: str, facts: dict[str, Any], *, by: Viewer | None = None) -> None:
    """Do what the book does with an event: check, then apply."""
    check, apply = BOOK[action]
    check(facts)
    apply(facts, datetime.now(UTC))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start every test without what another kept in memory, with roles of its own."""
    monkeypatch.setattr(roles, "_roles", {})
    monkeypatch.setattr(book, "_record", record)
    roles.register(
        Role(name="window", zh="窗口", en="Window"),
        Role(name="leader", zh="负责人", en="Head", sees="division"),
        Role(name="mediator", zh="调解员", en="Mediator"),
    )
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def city(db: None) -> Record:
    """Make the small city; returns ``record`` to change it."""
    since = "2020-01-01"
    Division.objects.bulk_create(
        Division(code=code, name=name, level=level, short=short, parent_id=above, since=since)
        for code, name, level, short, above in [
            ("9901", "丁市", "city", "", None),
            ("990102", "甲县", "county", "甲", "9901"),
            ("990103", "乙县", "county", "乙", "9901"),
            ("990102001", "东街道", "town", "", "990102"),
        ]
    )
    record("unit_opened", {"rows": [
        {"code": "jia", "name": "甲县综治中心", "kind": "centre", "division": "990102", "since": since},
        {"code": "yi", "name": "乙县综治中心", "kind": "centre", "division": "990103", "since": since},
    ]})  # fmt: skip
    record("post_opened", {"rows": [
        {"code": f"{unit}.{name}", "unit": unit, "name": name, "roles": [role], "since": since,
         "supervisor": None if name == "leader" else f"{unit}.leader"}
        for unit in ("jia", "yi")
        for name, role in (("window", "window"), ("leader", "leader"))
    ]})  # fmt: skip
    record("account_opened", {"rows": [{"username": name} for name in ("zhao", "qian", "sun")]})
    record("tenure_started", {"rows": [
        {"post": "jia.window", "account": "zhao", "since": since},
        {"post": "jia.leader", "account": "qian", "since": since},
    ]})  # fmt: skip
    return record


@pytest.fixture
def account(city: Record) -> Callable[[str], Account]:
    """``account("zhao")``: the account, with the password ``ding-zi-2020``."""

    def get(username: str) -> Account:
        found = Account.objects.get(username=username)
        found.set_password("ding-zi-2020")
        found.save()
        return found

    return get
