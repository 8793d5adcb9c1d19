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

#: Session key: the account, once it was seen to have a second factor.
_SEEN = "second_factor"


def required_roles() -> frozenset[str]:
    """Return the roles that ask for it: the city's setting and those that mechanisms mark."""
    marked = {role.name for role in roles.roles() if role.second_factor}
    return frozenset(settings.SECOND_FACTOR_ROLES) | marked


def is_lacking(request: HttpRequest, account: Account, seats: Iterable[Seat]) -> bool:
    """Tell whether the account's posts ask for a second factor that it has not set up.

    Who has set one up has been asked for it when signing in; the sign-on of a city's own (OIDC)
    asks in its own way and counts where ``OIDC_IS_SECOND_FACTOR`` says so.
    """
    wanted = required_roles()
    if not wanted or not any(seat.roles & wanted for seat in seats):
        return False
    if request.session.get(_SEEN) == account.pk:
        return False
    methods = {record["method"] for record in get_authentication_records(request, account)}
    enough = (
        "mfa" in methods
        or ("socialaccount" in methods and settings.OIDC_IS_SECOND_FACTOR)
        or is_mfa_enabled(account)
    )
    if enough:
        request.session[_SEEN] = account.pk
    return not enough
