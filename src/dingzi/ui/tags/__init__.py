"""The components, by subject; ``templatetags/ui.py`` joins them into ``{% load ui %}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template import Context
from django.utils import timezone

Item = Mapping[str, Any]


def moment_of(context: Context) -> datetime:
    """Return the moment a page speaks at; a view may fix it by giving ``now``."""
    return context.get("now") or timezone.now()
