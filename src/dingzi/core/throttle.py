"""A brake on guessing and flooding, counted over all workers and never in words of who came.

Addresses go into keys as keyed digests, for an hour at most; nothing is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from axes.helpers import get_client_ip_address
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from dingzi.core.errors import Refusal


class TooMany(Refusal):
    """Too often in too short a time; ``minutes`` says when to come again."""

    status = 429


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times within ``seconds``, counted from the first."""

    name: str
    most: int
    seconds: int

    def _place(self, *parts: str) -> str:
        text = "\0".join((self.name, *parts))
        return f"brake:{salted_hmac('dingzi.brake', text, algorithm='sha256').hexdigest()}"

    def check(self, *parts: str) -> None:
        """Raise TooMany where the limit is reached."""
        if caches["shared"].get(self._place(*parts), 0) >= self.most:
            raise TooMany.of("too_many_tries", minutes=max(self.seconds // 60, 1))

    def count(self, *parts: str) -> None:
        cache, place = caches["shared"], self._place(*parts)
        if not cache.add(place, 1, self.seconds):
            try:
                cache.incr(place)
            except ValueError:  # it ran out between the two
                cache.add(place, 1, self.seconds)

    def forget(self, *parts: str) -> None:
        caches["shared"].delete(self._place(*parts))


#: Wrong codes for one number from one place; a stranger elsewhere locks nobody out.
WRONG_CODE = Limit("code", 5, 15 * 60)
#: Wrong codes for any number from one place. Many share an address, so it is wide.
WRONG_ANY = Limit("codes", 40, 60 * 60)
#: Matters filed from one place.
FILED = Limit("filed", 20, 60 * 60)
#: Wishes to be told, from one place.
SUBSCRIBED = Limit("subscribed", 10, 60 * 60)
#: Files sent from one place.
SENT = Limit("sent", 120, 60 * 60)


def address(request: HttpRequest) -> str:
    """Return the client's address as the installation reads it (proxies and all).

    Of IPv6 the network of a household (/64): within it one changes addresses at will.
    """
    found = get_client_ip_address(request) or ""
    try:
        whole = ip_address(found)
    except ValueError:
        return found
    if isinstance(whole, IPv6Address):
        if whole.ipv4_mapped is not None:
            return str(whole.ipv4_mapped)
        return str(ip_network((whole, 64), strict=False))
    return found
