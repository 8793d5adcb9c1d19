"""`dingzi recount URL`: each figure equal to the site's, within what is confidential, or not equal."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from dingzi.figures import registry
from dingzi.figures.bounding import may_hide
from dingzi.figures.period import today
from dingzi.ledger import keys
from dingzi.project import roles
from tests.databases import acting_as

pytestmark = pytest.mark.django_db
SITE = "http://city.example"
Told = dict[str, dict[str, Any]]
#: Figures that count by columns which no leaf shows.
IN_PART = {
    "debts.entered_amount", "debts.open_amount", "debts.settled_amount", "estates.obstacles",
    "estates.obstacles_cleared", "estates.promised", "estates.broken_share", "households.days_median",
}  # fmt: skip


class Answer(io.BytesIO):
    """What `urlopen` gives, of an answer of the test's client."""


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[Any], Any]]:
    """A site at `SITE`; put a function of a body under the end of a path to have it say otherwise."""
    other: dict[str, Callable[[Any], Any]] = {}

    def urlopen(url: str, timeout: int) -> Answer:
        path = url.removeprefix(SITE)
        found = Client().get(path)
        if found.status_code >= 400:
            raise HTTPError(url, found.status_code, "", {}, io.BytesIO(found.content))  # type: ignore[arg-type]
        body = found.content
        for end, change in other.items():
            if path.partition("?")[0].endswith(end):
                body = json.dumps(change(json.loads(body))).encode()
        return Answer(body)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return other


def recounted(status: int = 0, **more: Any) -> Told:
    """Run the command, which ends with ``status``; return its lines by figure."""
    out, err = io.StringIO(), io.StringIO()
    named = keys.named()
    assert named
    asked: dict[str, Any] = {"key": named.log, "site": SITE, "period": str(today().year - 1)}
    asked |= {"stdout": out, "stderr": err} | more
    if status:
        with pytest.raises(SystemExit) as ended:
            call_command("recount", str(settings.LOG), **asked)
        assert ended.value.code == status
    else:
        call_command("recount", str(settings.LOG), **asked)
    return {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}


def test_only_what_may_count_confidential_matters_is_not_equal(city: list[int], says: Any) -> None:
    """Every other figure equals the site's; these lie within their bounds, said in both languages."""
    told = recounted(3)
    by_name = {f.name: f for group in registry.public() for f in group.figures}
    verdicts = {name: line["verdict"] for name, line in told.items() if "needs" not in line}
    assert {*verdicts.values()} <= {"equal", "hidden", "untold"}
    assert [*verdicts.values()].count("equal") > 40
    hidden = {name for name, verdict in verdicts.items() if verdict == "hidden"}
    assert "petitions.received" in hidden
    assert {name.partition(".")[0] for name in hidden} <= {"petitions", "carried"}
    assert all(may_hide(by_name[name], {}) for name in hidden)
    one = told["petitions.received"]
    assert one["low"] <= one["site"] <= one["high"]
    assert one["value"] < one["site"]
    assert "confidential" in one["why"]["en"] and "保密" in one["why"]["zh"]


def test_with_the_confidential_opened_all_are_equal(
    city: list[int], says: Any, tmp_path: Path
) -> None:
    """Every figure of the catalogue; of a confidential act the auditor's file opens no more than one
    fact, matter and time."""
    file = tmp_path / "openings"
    with acting_as(roles.STEWARD):
        call_command("openings", str(file), confidential=True, to="审计局", stdout=io.StringIO())
    told = recounted(openings=file)
    assert {*told} == {f.name for group in registry.public() for f in group.figures}
    assert not [line for line in told.values() if "needs" in line]
    verdicts = [line["verdict"] for line in told.values()]
    assert {*verdicts} <= {"equal", "untold"} and verdicts.count("equal") > 60
    assert told["petitions.received"]["verdict"] == "equal"
    assert {told[name]["verdict"] for name in IN_PART} == {"equal"}
    assert any(told[name]["value"] for name in IN_PART)
    opened = [json.loads(line)["o"] for line in file.read_text().splitlines()[1:-1]]
    confided = [one for one in opened if "shown" in one]
    assert confided
    assert {name for one in confided for name in one} == {"shown", "@stream", "@occurred_at"}


def test_counties_are_never_excused(city: list[int], says: Any) -> None:
    """What is confidential counts in no county: there a number of petitions is equal or differs."""

    def more(body: Any) -> Any:
        row = next(row for row in body["rows"] if row["key"] == "360902")
        row["value"] |= {"number": "99999", "why_none": ""}
        return body

    says["petitions.registered/by/county"] = more
    told = recounted(1, by="county")["petitions.registered"]
    assert told["verdict"] == "differs"
    assert "No confidential matter counts" in told["why"]["360902"]["en"]


@pytest.mark.parametrize("name", ["disputes.registered", "disputes.resolved_share"])
def test_a_wrong_number_of_what_hides_nothing_differs(
    city: list[int], says: Any, name: str
) -> None:
    """No confidential entry explains a number of disputes, by however little it is wrong."""

    def nudged(body: Any) -> Any:
        return body | {"number": str(Fraction(body["number"]) + Fraction(1, 1000))}

    says[f"figures/{name}"] = nudged
    told = recounted(1)[name]
    assert told["verdict"] == "differs"
    assert "No confidential matter counts" in told["why"]["en"]
    assert "low" not in told


@pytest.mark.parametrize("by", [-1, 10**6])
def test_a_number_beyond_the_bounds_differs(city: list[int], says: Any, by: int) -> None:
    """Confidential matters only add, and no more than there are entries that show nothing."""
    plain = recounted(3)["petitions.received"]
    says["figures/petitions.received"] = lambda body: body | {"number": str(plain["value"] + by)}
    told = recounted(1)["petitions.received"]
    assert told["verdict"] == "differs" and "between" in told["why"]["en"]


def test_with_openings_nothing_is_excused(city: list[int], says: Any, tmp_path: Path) -> None:
    """Whoever holds the openings finds a number of petitions wrong by one."""
    file = tmp_path / "openings"
    with acting_as(roles.STEWARD):
        call_command("openings", str(file), confidential=True, to="审计局", stdout=io.StringIO())
    right = recounted(openings=file)["petitions.received"]["value"]
    says["figures/petitions.received"] = lambda body: body | {"number": str(right + 1)}
    told = recounted(1, openings=file)["petitions.received"]
    assert told["verdict"] == "differs" and "opened" in told["why"]["en"]


def test_another_definition_is_said(city: list[int], says: Any) -> None:
    """A site of another release counts otherwise: that is told, not taken for a forgery."""
    says["figures/disputes.closed"] = lambda body: body | {"definition": "0" * 16}
    assert "release" in recounted(1)["disputes.closed"]["why"]["en"]


@pytest.mark.parametrize(
    "body",
    [[], {}, {"number": "1/0", "why_none": "", "definition": ""}, {"number": [], "why_none": ""}],
)
def test_a_site_that_answers_nonsense_is_named(city: list[int], says: Any, body: Any) -> None:
    """No stack trace: what was asked and that it cannot be read."""
    says["figures/disputes.closed"] = lambda _: body
    with pytest.raises(CommandError, match="cannot be read"):
        recounted()


def test_a_site_that_counts_by_another_log_is_refused(city: list[int], says: Any) -> None:
    """A proof with another root is no proof of this log; compared with nothing it still recounts."""
    for name in ("disputes.resolved_share/proof",):
        says[name] = lambda body: body | {"root": "00" * 32}
    with pytest.raises(CommandError, match="another log"):
        recounted()
    assert "verdict" not in recounted(alone=True)["disputes.closed"]


def test_a_proof_says_that_it_may_count_confidential_matters(city: list[int]) -> None:
    """The city's petitions do, a county's do not, nor any disputes; the page says it too."""
    ask = Client().get
    assert ask("/api/v1/figures/petitions.received/proof").json()["confidential"] is True
    assert ask("/api/v1/figures/disputes.closed/proof").json()["confidential"] is False
    assert "保密的事项" in ask("/figures/petitions.received/").content.decode()
    assert "保密的事项" not in ask("/figures/disputes.closed/").content.decode()
