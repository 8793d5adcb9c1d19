"""Bearer tokens of API clients: shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date

from django.db import transaction
from django.db.models import Q

from dingzi.core.errors import Invalid

from .models import ApiClient
from .selectors import held_on

PREFIX = "dingzi_"


def issue(client: ApiClient) -> str:
    """Give the client a fresh token and return it; an earlier one is worth nothing from now on.

    It is the only time that the token is seen.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    client.token_hash = digest(token)
    client.save(update_fields=["token_hash"])
    return token


def renew(name: str, today: date) -> str:
    """Give the client of that name a fresh token and return it.

    Raises
    ------
    Invalid
        ``city_no_client``: there is none of that name, or it has ended.
    """
    with transaction.atomic():
        running = Q(until=None) | Q(until__gt=today)
        client = ApiClient.objects.select_for_update().filter(running, name=name).first()
        if client is None:
            raise Invalid.of("city_no_client", name=name)
        return issue(client)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def client_of(token: str, today: date) -> ApiClient | None:
    """Return the client whose token this is, with its post and unit, if all hold today; one query.

    The search is by digest, so its time tells nothing about a token; the digests are compared once
    more without a short cut.
    """
    if not token.startswith(PREFIX) or len(token) > 100 or not token.isascii():
        return None
    wanted = digest(token)
    found = (
        ApiClient.objects.filter(
            held_on(today), held_on(today, "post"), held_on(today, "post__unit"), token_hash=wanted
        )
        .select_related("post__unit")
        .first()
    )
    if found is None or not hmac.compare_digest(found.token_hash or "", wanted):
        return None
    return found
