"""From the wish to be told to its confirmation and its end."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dingzi.city import directory
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Forbidden, Invalid, NotFound
from dingzi.matters.models import Matter

from . import gateways
from .models import Notice, Subscription

#: What was not confirmed by then is forgotten.
UNCONFIRMED = timedelta(hours=48)
#: For so long the former secret of a webhook signs beside the new one.
OVERLAP = timedelta(hours=24)
#: Subscriptions of one target that wait for their confirmation.
WAITING = 3
#: A way without a gateway: the reader comes himself.
FEED = "feed"


def of_matter(matter: Matter, *, gateway: str, target: str, language: str) -> Subscription:
    """Ask whether the holder of a receipt wants to be told of his matter this way.

    Raises Forbidden ``notices_confidential`` for a confidential one, Invalid for a target that
    cannot be.
    """
    if matter.confidential:
        raise Forbidden.of("notices_confidential")
    return _begin(gateway, target, language, matter=matter)


def feed_of(matter: Matter, language: str) -> Subscription:
    """Return the matter's feed, made at the first call; whoever has its address can read it."""
    if matter.confidential:
        raise Forbidden.of("notices_confidential")
    found = Subscription.objects.filter(matter=matter, gateway=FEED).first()
    return found or _made(FEED, "", language, {"matter": matter}, confirmed=True)


def of_public(
    process: str, county: str, *, gateway: str, target: str, language: str
) -> Subscription:
    """Ask whether somebody wants to be told of what is public of a process, in one county or all."""
    if process not in {m.process for m in mechanisms.mechanisms()}:
        raise Invalid.of("notices_unknown_topic", field="process")
    if county and county not in {c.code for c in directory.divisions("county")}:
        raise Invalid.of("unknown_division", field="county", value=county[:60])
    return _begin(gateway, target, language, process=process, county=county)


def _begin(gateway: str, target: str, language: str, **topic: Any) -> Subscription:
    target = gateways.gateway(gateway).clean(target)
    same = Subscription.objects.filter(gateway=gateway, target=target, **topic).first()
    if same is not None:
        return same  # nobody learns from a second try whether there was a first
    waiting = Subscription.objects.filter(gateway=gateway, target=target, confirmed_at=None)
    if waiting.count() >= WAITING:
        raise Invalid.of("notices_many_waiting", field="target")
    with transaction.atomic():
        made = _made(gateway, target, language, topic)
        Notice.objects.create(
            subscription=made, event=0, what={"kind": "confirm"}, created_at=made.created_at,
            try_at=made.created_at,
        )  # fmt: skip
    return made


def _made(
    gateway: str, target: str, language: str, topic: dict[str, Any], *, confirmed: bool = False
) -> Subscription:
    now = timezone.now()
    return Subscription.objects.create(
        gateway=gateway, target=target, language=language, key=secrets.token_urlsafe(32),
        secret=secrets.token_urlsafe(32), created_at=now, confirmed_at=now if confirmed else None,
        **topic,
    )  # fmt: skip


def get(key: str) -> Subscription:
    """Return the subscription of a key; NotFound ``notices_no_such`` for an ended one too."""
    found = Subscription.objects.select_related("matter").filter(key=key[:43]).first()
    if found is None:
        raise NotFound.of("notices_no_such")
    return found


def confirm(key: str) -> Subscription:
    """Begin to tell: the second half of the double opt-in. Again, it changes nothing."""
    one = get(key)
    Subscription.objects.filter(pk=one.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    one.refresh_from_db()
    return one


def rotate(key: str) -> Subscription:
    """Give a confirmed webhook a new secret; the former one signs beside it for a day.

    Raises NotFound ``notices_no_such`` for whatever has no secret to change.
    """
    one = get(key)
    if one.gateway != "webhook" or one.confirmed_at is None:
        raise NotFound.of("notices_no_such")
    one.former, one.secret = one.secret, secrets.token_urlsafe(32)
    one.former_until = timezone.now() + OVERLAP
    one.save(update_fields=["former", "former_until", "secret"])
    return one


def secrets_of(one: Subscription) -> tuple[str, ...]:
    """Return the secrets that sign what goes out now, the present one first."""
    if one.former_until is None or one.former_until < timezone.now():
        return (one.secret,)
    return (one.secret, one.former)


def end(key: str) -> None:
    """Stop telling and forget the address; ended before, it is as well."""
    Subscription.objects.filter(key=key[:43]).delete()


def end_of_matter(matter_ids: list[int]) -> None:
    """End all that is told of these matters: their receipts were replaced, or they were erased."""
    Subscription.objects.filter(matter__in=matter_ids).delete()


def sweep() -> int:
    """Forget what nobody confirmed, and secrets that no longer sign; return how many were forgotten."""
    stale = Subscription.objects.filter(former_until__lt=timezone.now())
    stale.update(former="", former_until=None)
    old = Subscription.objects.filter(
        confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED
    )
    return old.delete()[1].get("notices.Subscription", 0)
