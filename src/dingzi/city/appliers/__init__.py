"""How the events of the city's book take effect: for each action a check and an apply.

``check(facts)`` raises ``core.errors.Invalid`` with a reason for every fault, each naming its
field; ``apply(facts, at)`` writes. Facts are plain JSON; dates are ISO texts; a row is named by its
``code``, an account by its ``username``, a client by its ``name``. The actions that open something
take one row, or many as ``{"rows": [...]}`` in one event and a handful of queries.

An apply met again in a rebuild brings its row back to the beginning and keeps its id, so events
that name posts and units by id stay true; nothing of the city is deleted first. Passwords, names
of people, second factors and token digests are not in the book and survive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model

from ..models import (
    Account,
    ApiClient,
    Delegation,
    Division,
    LocalParameter,
    Post,
    Residents,
    Tenure,
    Unit,
)
from . import people, places, posts, settings, units
from .replaying import made, put, replaying

__all__ = ["BOOK", "MAKES", "Apply", "Check", "made", "put", "replaying"]

Check = Callable[[dict[str, Any]], None]
Apply = Callable[[dict[str, Any], datetime], None]

#: What the book makes of the city, each with the columns that it says; None: all.
MAKES: dict[type[Model], tuple[str, ...] | None] = {
    Division: None,
    Residents: None,
    Unit: None,
    Post: None,
    Tenure: None,
    Delegation: None,
    LocalParameter: None,
    Account: ("is_active",),
    ApiClient: ("name", "post_id", "since", "until"),
}

BOOK: dict[str, tuple[Check, Apply]] = {
    "divisions_loaded": (places.check_divisions_loaded, places.apply_divisions_loaded),
    "residents_loaded": (places.check_residents_loaded, places.apply_residents_loaded),
    "unit_opened": (units.check_unit_opened, units.apply_unit_opened),
    "unit_changed": (units.check_unit_changed, units.apply_unit_changed),
    "unit_merged": (units.check_unit_merged, units.apply_unit_merged),
    "unit_closed": (units.check_unit_closed, units.apply_unit_closed),
    "post_opened": (posts.check_post_opened, posts.apply_post_opened),
    "post_changed": (posts.check_post_changed, posts.apply_post_changed),
    "post_closed": (posts.check_post_closed, posts.apply_post_closed),
    "tenure_started": (people.check_tenure_started, people.apply_tenure_started),
    "tenure_ended": (people.check_tenure_ended, people.apply_tenure_ended),
    "delegated": (people.check_delegated, people.apply_delegated),
    "delegation_ended": (people.check_delegation_ended, people.apply_delegation_ended),
    "account_opened": (people.check_account_opened, people.apply_account_opened),
    "account_closed": (people.check_account_closed, people.apply_account_closed),
    "client_opened": (people.check_client_opened, people.apply_client_opened),
    "client_closed": (people.check_client_closed, people.apply_client_closed),
    "parameter_set": (settings.check_parameter_set, settings.apply_parameter_set),
}
