"""Texts checked against the declared figures: the site's catalogue, what words mean by hand, marks."""

from __future__ import annotations

from .marking import Checked, Mark, check
from .naming import bind, unbind
from .records import catalogue

__all__ = ["Checked", "Mark", "bind", "catalogue", "check", "unbind"]
