"""``kill -9`` in the middle of a load of acts: what was answered is there, once, whole."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.installations import Installation

ROOT = Path(__file__).parents[2]
CLERKS = 4
LOAD = (0.4, 1.6)  # seconds of load before a kill
PATIENCE = 60.0  # seconds in which the site must be there again


def in_city(installation: Installation, way: str) -> Any:
    """Run a part of ``kill_city`` in the installation."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.project.kill_city", way],
        cwd=ROOT,
        env=installation.env | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Clerk(threading.Thread):
    """Takes disputes through their first acts, each under a key of its own, until told to stop.

    An act without an answer is sent again with its key until one comes, as a good client does.
    """

    def __init__(self, site: Installation, city: dict[str, Any], shared: str) -> None:
        super().__init__(daemon=True)
        self.site, self.city, self.shared = site, city, shared
        self.answered: dict[str, tuple[str, int, str]] = {}  # key: number, seq, action
        self.lost = 0  # answers that did not come
        self.replayed = 0  # of these, acts that had been done all the same
        self.stop = threading.Event()
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._one()
        except BaseException as fault:
            self.fault = fault

    def _one(self) -> None:
        city = self.city
        number = self.act(
            "/processes/dispute/file",
            {
                "text": "楼上漏水，说了几次没有人管。",
                "place": city["place"],
                "phone": "13800006620",
            },
        )
        on = f"/matters/{quote(number)}/actions"
        dispatch = {
            "category": "neighbours", "lead": city["mediation"], "co_units": [city["housing"]],
            "what": "看看水管",
        }  # fmt: skip
        self.act(f"{on}/accept_dispatch", dispatch, "window")
        session = {"mediators": ["甲"], "how": "hall", "text": "谈了一次"}
        self.act(f"{on}/session", session, "mediator")
        self.act(f"/matters/{quote(self.shared)}/actions/note", {"text": "又说了一次"}, "window")
        self.act(f"{on}/settle", {"text": "说和了"}, "mediator")

    def act(self, path: str, data: dict[str, Any], role: str = "") -> str:
        """Do one act, however often it takes; return the number of its matter."""
        key, body = str(uuid4()), json.dumps({"data": data}).encode()
        end = time.monotonic() + PATIENCE
        while True:
            told = self._send(path, body, key, role)
            if told is not None:
                self.answered[key] = (told["number"], told["seq"], told["action"])
                return str(told["number"])
            self.lost += 1
            assert time.monotonic() < end, "the site did not come back"
            time.sleep(0.1)

    def _send(self, path: str, body: bytes, key: str, role: str) -> dict[str, Any] | None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if role:
            headers["Authorization"] = f"Bearer {self.city[role]}"
        request = urllib.request.Request(f"{self.site.url}/api/v1{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                told: dict[str, Any] = json.load(response)
                self.replayed += "Idempotency-Replayed" in response.headers
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from None
        except (OSError, ValueError, http.client.HTTPException):  # cut off in the middle
            return None
        return told


def kill_web(site: Installation) -> None:
    """Kill gunicorn and its workers at once; `dingzi run` starts them again."""
    os.killpg(site.pid_of("gunicorn"), signal.SIGKILL)
    site.wait(PATIENCE)


def kill_all(site: Installation) -> None:
    """Kill everything, the watcher too, and start the site anew.

    The watcher is stopped first: killed first, it would have the others end by themselves.
    """
    assert site.server
    site.server.send_signal(signal.SIGSTOP)
    for group in (site.pid_of("gunicorn"), site.pid_of("steward")):
        os.killpg(group, signal.SIGKILL)
    site.server.kill()
    site.server.wait(10)
    site.start()


def at_work(clerks: list[Clerk], acts: int) -> None:
    """Wait until each clerk has had so many answers, or has failed."""
    end = time.monotonic() + PATIENCE
    while not all(clerk.fault or len(clerk.answered) >= acts for clerk in clerks):
        assert time.monotonic() < end, "there is no load"
        time.sleep(0.05)


@pytest.mark.slow
def test_what_was_answered_is_there_once_and_nothing_is_half_there(
    installation: Installation, campaign: Callable[[int, int], int]
) -> None:
    """Killed again and again under load: no answered act is lost or doubled, none is half there,
    and each is sealed once."""
    installation.migrate()
    installation.env["DINGZI_WORKERS"] = "2"
    city = in_city(installation, "make")
    installation.start()
    first = Clerk(installation, city, "")
    shared = first.act(
        "/processes/dispute/file", {"text": "漏水，大家都来说。", "place": city["place"]}
    )
    clerks = [Clerk(installation, city, shared) for _ in range(CLERKS)]
    for clerk in clerks:
        clerk.start()
    dice = random.Random(20)
    try:
        for turn in range(campaign(2, 20)):
            at_work(clerks, 3 * (turn + 1))
            time.sleep(dice.uniform(*LOAD))
            (kill_web, kill_all)[turn % 2](installation)
    finally:
        for clerk in clerks:
            clerk.stop.set()
        for clerk in clerks:
            clerk.join(2 * PATIENCE)
    assert [clerk.fault for clerk in clerks if clerk.fault] == []
    assert not any(clerk.is_alive() for clerk in clerks)
    assert sum(clerk.lost for clerk in clerks) > 0, "no kill met an act"
    assert min(len(clerk.answered) for clerk in clerks) > 5, "there was no load"
    installation.stop()
    installation.dingzi("seal")
    assert in_city(installation, "look") == []
    answered = {key: told for clerk in (first, *clerks) for key, told in clerk.answered.items()}
    assert in_city(installation, "keys") == {key: list(told) for key, told in answered.items()}
