"""Who must sign in with a second factor, and whether this session did."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from . import roles
from .models import Account
from .viewers import Seat


def required_roles() -> frozenset[str]:
    """Return the roles that ask for it: the city's setting and those that mechanisms mark.

    In a demonstration, where nothing is real, only the setting counts: whoever tries it has no
    phone at hand.
    """
    named = frozenset(settings.SECOND_FACTOR_ROLES)
    if settings.DEMO:
        return named
    return named.union(role.name for role in roles.roles() if role.second_factor)


def is_lacking(request: HttpRequest, account: Account, seats: Iterable[Seat]) -> bool:
    """Tell whether the account's posts ask for a second factor that it has not set up.

    Who has set one up was asked for it when signing in. A city's own sign-on asks in its own way
    and counts where ``OIDC_IS_SECOND_FACTOR`` says so. One query, only for holders of such roles.
    """
    wanted = required_roles()
    if not any(seat.roles & wanted for seat in seats):
        return False
    if settings.OIDC_IS_SECOND_FACTOR:
        records = get_authentication_records(request, account)
        if any(record["method"] == "socialaccount" for record in records):
            return False
    return not is_mfa_enabled(account)
