"""Accounts, tenures, delegations and API clients. No name of a person stands in the book."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from dingzi.core.errors import Reason

from ..models import Account, ApiClient, Delegation, Post, Tenure
from .reading import (
    Facts,
    Field,
    by_key,
    code,
    day,
    keep,
    missing,
    not_held,
    one,
    optional,
    read,
    read_rows,
    refuse,
    taken,
    text,
    username,
)
from .replaying import made, put, there

_ACCOUNT = {"username": Field(username)}
_ACCOUNT_CLOSED = {"username": Field(username), "on": Field(day)}
_TENURE = {"post": Field(code(80)), "account": Field(username), "since": Field(day), "until": optional(day)}  # fmt: skip
_TENURE_ENDED = {"post": Field(code(80)), "account": Field(username), "until": Field(day)}
_DELEGATED = {"post": Field(code(80)), "delegate": Field(code(80)), "since": Field(day), "until": optional(day)}  # fmt: skip
_DELEGATION_ENDED = {"post": Field(code(80)), "delegate": Field(code(80)), "until": Field(day)}
_CLIENT = {"name": Field(text(60)), "post": Field(code(80)), "since": Field(day)}
_CLIENT_CLOSED = {"name": Field(text(60)), "on": Field(day)}


def check_account_opened(facts: dict[str, Any]) -> None:
    """Names that differ only in their case are one: people sign in with either."""
    names = [row["username"] for row in read_rows(facts, _ACCOUNT)]
    lowered = Account.objects.annotate(lower=Lower("username"))
    found = lowered.filter(lower__in=[name.lower() for name in names])
    known = {account.username.lower(): account for account in found}
    # A closed account is opened again under its very name.
    closed = {account.username for account in known.values() if not account.is_active}
    asked = [name.lower() for name in names if name not in closed]
    refuse(taken(asked, known, "username"))


def apply_account_opened(facts: dict[str, Any], at: datetime) -> None:
    """Open accounts that nobody can sign in with until a password is set or OIDC knows them.

    A closed account is opened again by its name, with the password it had.
    """
    names = [row["username"] for row in read_rows(facts, _ACCOUNT)]
    known = set(Account.objects.filter(username__in=names).values_list("username", flat=True))
    fresh = [Account(username=name) for name in names if name not in known]
    for account in fresh:
        account.set_unusable_password()
    Account.objects.bulk_create(fresh, batch_size=500)
    Account.objects.filter(username__in=known).update(is_active=True)
    made(Account.objects.filter(username__in=names))


def check_account_closed(facts: dict[str, Any]) -> None:
    given = read(facts, _ACCOUNT_CLOSED)
    account = one(Account, "username", given["username"], "username")
    if not account.is_active:
        refuse([("city_account_closed", {"field": "username", "value": given["username"]})])


def apply_account_closed(facts: dict[str, Any], at: datetime) -> None:
    """Close an account at once, and end from ``on`` what it sits on."""
    given = read(facts, _ACCOUNT_CLOSED)
    account = Account.objects.get(username=given["username"])
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end(Tenure, Q(account=account), given["on"])


def check_tenure_started(facts: dict[str, Any]) -> None:
    rows = read_rows(facts, _TENURE)
    posts = by_key(Post, "code", (row["post"] for row in rows))
    accounts = by_key(Account, "username", (row["account"] for row in rows))
    reasons = missing(Post, rows, "post", posts) + missing(Account, rows, "account", accounts)
    sitting = _sitting([post.pk for post in posts.values()])
    for row in rows:
        reasons += _order(row)
        account = accounts.get(row["account"])
        if account is not None and not account.is_active:
            reasons.append(("city_account_closed", {"field": "account", "value": row["account"]}))
        if post := posts.get(row["post"]):
            reasons += not_held(post, row["since"], "post")
            for since, until in sitting.setdefault(post.pk, []):
                if _meet(since, until, row["since"], row["until"]):
                    reasons.append(("city_post_held", {"field": "post", "post": str(post), "since": since}))  # fmt: skip
            sitting[post.pk].append((row["since"], row["until"]))
    refuse(reasons)


def apply_tenure_started(facts: dict[str, Any], at: datetime) -> None:
    """Seat an account, or several by ``rows``; one at a time sits on a post."""
    rows = read_rows(facts, _TENURE)
    posts = by_key(Post, "code", (row["post"] for row in rows))
    accounts = by_key(Account, "username", (row["account"] for row in rows))
    fresh = [
        Tenure(
            post=posts[row["post"]],
            account=accounts[row["account"]],
            since=row["since"],
            until=row["until"],
        )
        for row in rows
    ]
    keep(Tenure, fresh, "post", "account", "since")


def check_tenure_ended(facts: dict[str, Any]) -> None:
    given = read(facts, _TENURE_ENDED)
    tenure = _tenure(given)
    if tenure is None:
        refuse([("city_not_sitting", {"field": "account", "account": given["account"], "post": given["post"]})])  # fmt: skip


def apply_tenure_ended(facts: dict[str, Any], at: datetime) -> None:
    """End a tenure; from the day ``until`` on the account acts no more from this post."""
    given = read(facts, _TENURE_ENDED)
    tenure = _tenure(given)
    assert tenure is not None
    tenure.until = given["until"]
    tenure.save(update_fields=["until"])


def check_delegated(facts: dict[str, Any]) -> None:
    given = read(facts, _DELEGATED)
    post = one(Post, "code", given["post"], "post")
    delegate = one(Post, "code", given["delegate"], "delegate")
    reasons = [*not_held(post, given["since"], "post"), *not_held(delegate, given["since"], "delegate"), *_order(given)]  # fmt: skip
    if post == delegate:
        reasons.append(("city_own_delegate", {"field": "delegate"}))
    for since, until in Delegation.objects.filter(post=post, delegate=delegate).values_list("since", "until"):  # fmt: skip
        if _meet(since, until, given["since"], given["until"]):
            reasons.append(("city_delegated_already", {"field": "delegate", "since": since}))
    refuse(reasons)


def apply_delegated(facts: dict[str, Any], at: datetime) -> None:
    """Let a post act for another; to several posts at once where that is recorded so."""
    given = read(facts, _DELEGATED)
    row = Delegation(
        post=Post.objects.get(code=given["post"]),
        delegate=Post.objects.get(code=given["delegate"]),
        since=given["since"],
        until=given["until"],
    )
    keep(Delegation, [row], "post", "delegate", "since")


def check_delegation_ended(facts: dict[str, Any]) -> None:
    given = read(facts, _DELEGATION_ENDED)
    if _delegation(given) is None:
        refuse([("city_not_delegated", {"field": "delegate", "post": given["post"], "delegate": given["delegate"]})])  # fmt: skip


def apply_delegation_ended(facts: dict[str, Any], at: datetime) -> None:
    given = read(facts, _DELEGATION_ENDED)
    delegation = _delegation(given)
    assert delegation is not None
    delegation.until = given["until"]
    delegation.save(update_fields=["until"])


def check_client_opened(facts: dict[str, Any]) -> None:
    given = read(facts, _CLIENT)
    post = one(Post, "code", given["post"], "post")
    known = by_key(ApiClient, "name", [given["name"]])
    refuse([*not_held(post, given["since"], "post"), *taken([given["name"]], known, "name")])


def apply_client_opened(facts: dict[str, Any], at: datetime) -> None:
    """Open an API client; its token is issued apart (``tokens.issue``) and never in the book."""
    given = read(facts, _CLIENT)
    post = Post.objects.get(code=given["post"])
    put(ApiClient, {"post": post, "since": given["since"], "until": None}, name=given["name"])


def check_client_closed(facts: dict[str, Any]) -> None:
    given = read(facts, _CLIENT_CLOSED)
    client = one(ApiClient, "name", given["name"], "name")
    refuse(not_held(client, given["on"], "name"))


def apply_client_closed(facts: dict[str, Any], at: datetime) -> None:
    given = read(facts, _CLIENT_CLOSED)
    ApiClient.objects.filter(name=given["name"]).update(until=given["on"])


def _tenure(given: Facts) -> Tenure | None:
    """Return the tenure that ``until`` would cut: the latest that had begun and goes on past it."""
    found = Tenure.objects.filter(
        Q(until__isnull=True) | Q(until__gt=given["until"]),
        post__code=given["post"],
        account__username=given["account"],
        since__lte=given["until"],
    )
    return next(filter(there, found.order_by("-since")), None)


def _delegation(given: Facts) -> Delegation | None:
    found = Delegation.objects.filter(
        Q(until__isnull=True) | Q(until__gt=given["until"]),
        post__code=given["post"],
        delegate__code=given["delegate"],
        since__lte=given["until"],
    )
    return next(filter(there, found.order_by("-since")), None)


def _sitting(posts: list[int]) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    rows = Tenure.objects.filter(post__in=posts).values_list("post", "since", "until")
    for post, since, until in rows:
        found.setdefault(post, []).append((since, until))
    return found


def _meet(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Tell whether two spans share a day; a span without days meets nothing."""
    first = max(since, other_since)
    last = min(until or date.max, other_until or date.max)
    return first < last


def _order(row: Facts) -> list[Reason]:
    if row["until"] is not None and row["until"] <= row["since"]:
        return [("city_until_before_since", {"field": "until"})]
    return []


def _end(model: Any, which: Q, on: date) -> None:
    """Let dated rows end from ``on``; take away those that were still to come."""
    open_ = which & (Q(until__isnull=True) | Q(until__gt=on))
    rows = [row for row in model.objects.filter(open_) if there(row)]
    model.objects.filter(pk__in=[row.pk for row in rows if row.since > on]).delete()
    model.objects.filter(pk__in=[row.pk for row in rows if row.since <= on]).update(until=on)
