"""What every page's shell needs and no view should have to repeat."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give ``sample`` (show the simulated-data line) to every template."""
    return {"sample": getattr(settings, "DEMO", False)}
