"""A recount beside what a site publishes: equal, within what confidential matters may add, or not.

The site is asked over its public API for its numbers as of one head of its log, and the log up to
that head is recounted, so that both count the same acts.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import orjson

from dingzi.core.errors import Reason

from .bounding import bounds, may_hide
from .declare import Figure, Number
from .period import Period
from .recounting import Recount

MOST_BYTES = 4_000_000
TIMEOUT = 60  # seconds
#: Why a site tells no number though a recount may have one.
UNTOLD = frozenset({"small", "future", "uncounted", "definition_changed", "period_not_over"})
#: Verdicts, the gravest first, and the exit status where it is the gravest of all.
VERDICTS = {"differs": 1, "hidden": 3, "equal": 0, "untold": 0}


class SiteTrouble(Exception):
    """A site does not publish what is asked of it; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a site says: its number, why there is none, by which definition it counted."""

    number: Number | None
    why_none: str
    definition: str


@dataclass(frozen=True, slots=True)
class Site:
    """The API of a site, asked as of a head of its log (``size`` entries; 0 for now)."""

    base: str
    size: int = 0
    root: str = ""

    @classmethod
    def of(cls, where: str) -> Site:
        """Return the site at an address, or whose log is there; SiteTrouble for what is no address."""
        if not where.startswith(("http://", "https://")):
            raise SiteTrouble(f"要写网站地址 http(s)://… | write a site's address: {where}")
        return cls(where.rstrip("/").removesuffix("/log").rstrip("/"))

    def at_head(self, names: list[str], period: Period) -> Site:
        """Return the site as of the newest head that it counts by; SiteTrouble where there is none."""
        for name in names:
            proof = self._get(f"{name}/proof", period)
            if proof is not None:
                return Site(self.base, _whole(proof, "tree_size"), str(proof.get("root")))
        raise SiteTrouble(f"{self.base}: 没有一个数字 | it tells no figure: {period.code}")

    def value(self, figure: Figure, period: Period) -> Told | None:
        """Return what the site says of the whole city; None where it does not publish the figure."""
        found = self._get(figure.name, period)
        return None if found is None else _told(found)

    def parts(self, figure: Figure, period: Period, by: str) -> dict[str, Told] | None:
        """Return what it says of each part; None where it does not divide the figure so."""
        found = self._get(f"{figure.name}/by/{by}", period)
        if found is None:
            return None
        try:
            return {str(row["key"]): _told(row["value"]) for row in found["rows"]}
        except (KeyError, TypeError):
            raise SiteTrouble(f"{self.base}: {figure.name}: 看不懂 | cannot be read") from None

    def _get(self, path: str, period: Period) -> dict[str, Any] | None:
        asked = {"period": period.code} | ({"size": str(self.size)} if self.size else {})
        url = f"{self.base}/api/v1/figures/{path}?{urllib.parse.urlencode(asked)}"
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310
                found = orjson.loads(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                refused = _words(error)
            if error.code == 404 or "inner_dimension" in refused or "no_such_dimension" in refused:
                return None
            raise SiteTrouble(
                f"网站不答 | the site refuses: {url}: {error.code} {refused}"
            ) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SiteTrouble(f"网站读不了 | the site cannot be read: {url}: {error}") from None
        if not isinstance(found, dict):
            raise SiteTrouble(f"{url}: 看不懂 | cannot be read")
        return found


def _words(error: urllib.error.HTTPError) -> str:
    """Return the codes and words of a refusal, as far as it has any."""
    try:
        reasons = orjson.loads(error.read(MOST_BYTES))["reasons"]
        return " ".join(f"{one['code']} {one['text']}" for one in reasons)
    except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
        return ""


def _whole(found: Mapping[str, Any], name: str) -> int:
    value = found.get(name)
    if not isinstance(value, int) or value < 1:
        raise SiteTrouble(f"{name}: 看不懂 | cannot be read: {value!r}")
    return value


def _told(found: Mapping[str, Any]) -> Told:
    try:
        number = found["number"]
        exact = None if number is None else Fraction(number)
        return Told(exact, str(found["why_none"]), str(found["definition"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        raise SiteTrouble(f"看不懂的数 | a number that cannot be read: {found!r:.200}") from None


def judge(
    made: Recount, figure: Figure, period: Period, dims: Mapping[str, str],
    number: Number | None, told: Told,
) -> tuple[str, Reason | None]:  # fmt: skip
    """Return the verdict on a figure, and why where the site's number is not the log's."""
    if told.definition != figure.definition:
        return "differs", (
            "recount_definition",
            {"site": told.definition, "log": figure.definition},
        )
    if told.why_none in UNTOLD:
        return "untold", None
    if told.number == number:
        return "equal", None
    params: dict[str, Any] = {"site": _said(told.number), "log": _said(number)}
    if not may_hide(figure, dims):
        return "differs", ("recount_differs", params)
    if not made.closed:
        return "differs", ("recount_opened", params)
    within = bounds(made, figure, period, dims)
    params |= {"n": made.closed, "low": _said(within.low), "high": _said(within.high)}
    if within.hold(told.number):
        return "hidden", ("recount_hidden", params)
    return "differs", ("recount_outside", params)


def _said(number: Number | None) -> str:
    return "–" if number is None else str(number)
