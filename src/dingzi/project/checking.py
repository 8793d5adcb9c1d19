"""``dingzi check``: the reader's command, given the figures of this installation."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dingzi.reading import Catalogue, Unreadable, cli

#: Values that one text may ask for on the command line.
MOST = 20_000


def main(argv: Sequence[str] | None = None) -> int:
    """Check one text against this site's figures; see ``dingzi.reading.cli``."""
    return cli.main(argv, site=_site)


def _site() -> Catalogue:
    """Start Django and return the declared figures.

    Raises Unreadable ``no_site`` where there is no installation or its tables are not there.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dingzi.project.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    from .config import ConfigError

    try:
        django.setup()
        from dingzi.figures.texts import catalogue

        return catalogue(most=MOST)
    except (ConfigError, ImproperlyConfigured, Error, OSError) as error:
        fault = str(error).strip().splitlines()
        told = fault[0] if fault else type(error).__name__
        raise Unreadable(("no_site", {"fault": told})) from error
