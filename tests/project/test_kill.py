"""``kill -9`` of the web in the middle of a load of acts: what was answered is there, once, whole."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from dingzi.project import roles
from tests.installations import Installation
from tests.settings import CLUSTER

CLERKS = 4
ROUND = (0.3, 1.5)  # seconds of load before a kill

#: What must be empty: each finds events or matters of which only a part was written.
HALVES = {
    "an event without its opening": """SELECT e.id FROM matters_event e
        LEFT JOIN matters_opening o ON o.event_id = e.id WHERE o.event_id IS NULL""",
    "an event not in the outbox": """SELECT e.id FROM matters_event e
        LEFT JOIN matters_outbox o ON o.event_id = e.id WHERE o.event_id IS NULL""",
    "a stream with a hole": """SELECT stream FROM matters_event GROUP BY stream
        HAVING count(*) <> max(seq)""",
    "a matter behind or ahead of its events": """SELECT m.id FROM matters_matter m
        LEFT JOIN (SELECT stream, max(seq) AS last FROM matters_event GROUP BY stream) e
        ON e.stream = m.id WHERE e.last IS NULL OR e.last <> m.seq""",
    "a dispute without its projection": """SELECT m.id FROM matters_matter m
        LEFT JOIN disputes_dispute d ON d.matter_id = m.id
        WHERE m.process = 'dispute' AND d.matter_id IS NULL""",
    "two matters of one number": """SELECT number FROM matters_matter
        GROUP BY number HAVING count(*) > 1""",
}


def _rows(installation: Installation, sql: str) -> list[tuple[Any, ...]]:
    if CLUSTER:
        with psycopg.connect(CLUSTER.url(roles.OWNER, installation.database)) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]
    file = installation.home / "dingzi.sqlite3"
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


class Clerk(threading.Thread):
    """Files disputes one after the other and notes each answer; a lost one is noted as such."""

    def __init__(self, url: str, place: str) -> None:
        super().__init__()
        self.url, self.place = url, place
        self.answered: dict[str, str] = {}
        self.lost: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            key = str(uuid4())
            number = self.file(key)
            if number:
                self.answered[key] = number
            else:
                self.lost.append(key)
                self.stop.wait(0.1)

    def file(self, key: str) -> str:
        """Return the number of the matter filed under ``key``, "" where no answer came."""
        data = {"text": f"楼上漏水，说了几次没有人管。{key}", "place": self.place}
        request = urllib.request.Request(
            f"{self.url}/api/v1/processes/dispute/file",
            json.dumps({"data": data}).encode(),
            {"Content-Type": "application/json", "Idempotency-Key": key},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return str(json.load(response)["number"])
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{error.code} {error.read().decode()}") from None
        except (OSError, ValueError, http.client.HTTPException):  # cut off in the middle
            return ""


@pytest.mark.slow
def test_what_was_answered_is_there_once_and_nothing_is_half_there(
    installation: Installation, campaign: Callable[[int, int], int]
) -> None:
    """Killed again and again under load; then every lost act is sent once more with its key."""
    installation.migrate()
    installation.env["DINGZI_DEMO"] = "1"
    installation.dingzi("demo", "--scale", "20")
    ((place,),) = _rows(
        installation, "SELECT place_id FROM matters_matter WHERE process = 'dispute' LIMIT 1"
    )
    installation.start()
    clerks = [Clerk(installation.url, place) for _ in range(CLERKS)]
    for clerk in clerks:
        clerk.start()
    dice = random.Random(20)
    try:
        for _ in range(campaign(2, 20)):
            time.sleep(dice.uniform(*ROUND))
            os.killpg(installation.pid_of("gunicorn"), signal.SIGKILL)
            installation.wait(30)
    finally:
        for clerk in clerks:
            clerk.stop.set()
        for clerk in clerks:
            clerk.join()
    answered = {key: number for clerk in clerks for key, number in clerk.answered.items()}
    assert len(answered) > CLERKS, "there was no load"
    for what, sql in HALVES.items():
        assert not _rows(installation, sql), what
    lost = [key for clerk in clerks for key in clerk.lost]
    answered |= {key: clerks[0].file(key) for key in lost}
    held = _rows(
        installation,
        "SELECT e.key, m.number FROM matters_event e JOIN matters_matter m ON m.id = e.stream "
        "WHERE e.key IS NOT NULL AND e.seq = 1",
    )
    kept: dict[str, list[str]] = {}
    for key, number in held:
        kept.setdefault(str(key).replace("-", ""), []).append(number)
    assert {key.replace("-", ""): [number] for key, number in answered.items()} == {
        key: numbers for key, numbers in kept.items() if numbers
    }
    for what, sql in HALVES.items():
        assert not _rows(installation, sql), what
