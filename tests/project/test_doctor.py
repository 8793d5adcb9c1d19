"""``dingzi doctor``: something is broken, and it says so, in both languages, with a way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.ledger.models import Refused
from dingzi.matters.models import Event
from dingzi.project import doctor, health, roles
from dingzi.project.models import Heartbeat
from tests.databases import acting_as
from tests.world import TOWN, build

pytestmark = pytest.mark.django_db


def _told(lang: str = "en") -> dict[str, dict[str, str]]:
    out = StringIO()
    try:
        call_command("doctor", "--json", "--lang", lang, stdout=out)
    except SystemExit as end:
        assert end.code == 1
    return {finding["what"]: finding for finding in json.loads(out.getvalue())}


def _beat(**change: Any) -> Heartbeat:
    now = timezone.now()
    values = {"at": now, "started_at": now, "host": "x", "pid": 1, "jobs": {}} | change
    return Heartbeat.objects.create(name="steward", **values)


def test_a_sound_installation_has_nothing_to_mend() -> None:
    """With a fresh heartbeat nothing is bad and the exit status is 0."""
    _beat()
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "✗" not in out.getvalue()
    assert "没有要修的" in out.getvalue()


def test_every_finding_speaks_both_languages() -> None:
    """The same findings in the same order, each with its own words."""
    zh, en = _told("zh"), _told("en")
    assert len(zh) == len(en)
    assert not [what for what in en if any("一" <= char <= "鿿" for char in what)]


def test_an_unreachable_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback: the finding says which setting to look at."""

    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    finding = _told()["database answers"]
    assert (finding["state"], finding["found"]) == ("bad", "connection refused")
    assert "DINGZI_DATABASE_URL" in finding["mend"]


def test_pending_migrations_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables older than the code: `dingzi migrate`."""
    monkeypatch.setattr(health, "pending_migrations", lambda: ["matters.0009_more"])
    finding = _told()["tables are up to date"]
    assert (finding["state"], finding["mend"]) == ("bad", "dingzi migrate")


def test_a_key_that_others_can_read_is_bad(tmp_path: Path) -> None:
    """chmod is what mends it; a missing key is called for by name."""
    path = settings.CONFIG.keys / "event.key"
    path.chmod(0o644)
    try:
        finding = _told()["key event.key"]
    finally:
        path.chmod(0o600)
    assert finding["state"] == "bad"
    assert "chmod 600" in finding["mend"]


def test_a_missing_trigger_is_bad(acting_as: Callable[..., Any], db_engine: str) -> None:
    """A guard that somebody took down is named."""
    table = " ON matters_event" if db_engine == "postgresql" else ""
    with acting_as("dingzi_owner"), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER event_outbox{table}")
    finding = _told()["triggers guard the events"]
    assert (finding["state"], finding["found"]) == ("bad", "event_outbox")


def test_a_right_too_many_is_bad(acting_as: Callable[..., Any], db_engine: str) -> None:
    """A web role that may delete events is found; SQLite has no roles to look at."""
    if db_engine == "sqlite":
        assert "roles and rights" not in _told()
        return
    with acting_as("dingzi_owner"), connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON matters_event TO dingzi_web")
    finding = _told()["roles and rights"]
    assert finding["state"] == "bad"
    assert "matters_event: dingzi_web" in finding["found"]


def test_a_silent_steward_is_bad_and_a_failing_job_is_named() -> None:
    """No beat for a minute; a job with an error."""
    late = timezone.now() - 2 * health.LATE
    _beat(at=late, jobs={"escalate": {"error": "ValueError", "failures": 3}})
    told = _told()
    assert told["the steward works"]["state"] == "bad"
    assert told["job escalate"]["found"] == "ValueError ×3"


def test_an_address_nobody_else_can_open_is_warned_of() -> None:
    """A local SITE_URL on receipts leads nowhere; https is well."""
    assert _told()["public address DINGZI_SITE_URL"]["state"] == "warn"
    with override_settings(SITE_URL="https://dingzi.example"):
        assert _told()["public address DINGZI_SITE_URL"]["state"] == "ok"


def test_a_full_disk_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 2 GiB free."""
    usage = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    assert _told()["free disk"]["state"] == "warn"


def test_a_package_of_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed must be what the lock says."""
    plain = doctor.importlib.metadata.version

    def other(name: str) -> str:
        return "4.2" if name == "django" else plain(name)

    monkeypatch.setattr(doctor.importlib.metadata, "version", other)
    finding = _told()["packages are those of the lock"]
    assert finding["state"] == "bad"
    assert finding["found"].startswith("django 4.2 ≠ 5.2")


def test_missing_pango_is_no_more_than_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site runs without PDFs and the doctor says what to install."""
    monkeypatch.setattr(doctor.ctypes.util, "find_library", lambda name: None)
    finding = _told()["receipts as PDF (Pango)"]
    assert finding["state"] == "warn"
    assert "libpango" in finding["mend"]


def test_a_check_that_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in one check is a finding itself."""

    def broken() -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.python))
    assert [f.state for f in doctor.everything()] == ["bad", "ok"]


def test_a_key_that_did_not_write_the_events_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key lost and made anew is noticed by the first event that does not fit it."""
    from dingzi.matters import envelope
    from dingzi.matters.models import Event

    class Events:
        def order_by(self, *keys: str) -> Events:
            return self

        def first(self) -> Event:
            return Event(stream=1, seq=1, action="written", mac=b"other")

        last = first

    monkeypatch.setattr(envelope, "Event", type("Stub", (), {"objects": Events()}))
    monkeypatch.setattr(envelope, "genuine", lambda event: False)
    finding = _told()["the key fits the events"]
    assert (finding["state"], "backup" in finding["mend"]) == ("bad", True)


def test_the_clock_of_the_database_may_not_be_far_off(
    monkeypatch: pytest.MonkeyPatch, db_engine: str
) -> None:
    """Half a minute apart: deadlines would be wrong."""
    monkeypatch.setattr(doctor, "SKEW", timedelta(0))
    assert _told()["clock"]["state"] == "bad"


def test_what_was_not_sealed_is_told() -> None:
    """A refused event must be mended; one that waits longer than was promised is a warning."""
    build()
    data = {"text": "楼道堆放杂物。", "place": TOWN, "phone": "13800006620"}
    matters.open_matter("dispute", "file", data, by=PUBLIC, door="web")
    event = Event.objects.latest("id")
    assert _told()["sealing keeps up"]["state"] == "ok"
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert _told()["sealing keeps up"]["state"] == "warn"
    with acting_as(roles.STEWARD):
        Refused.objects.create(event=event, why="mac", at=timezone.now())
    found = _told()["the sealer refused no event"]
    assert found["state"] == "bad" and str(event.id) in found["found"]
    assert "--retry" in found["mend"]
