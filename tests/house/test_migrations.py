"""The tables are what the models say."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    """makemigrations has nothing to make."""
    try:
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    except (CommandError, SystemExit):
        pytest.fail("run makemigrations")
