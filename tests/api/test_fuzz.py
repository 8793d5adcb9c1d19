"""Every operation, every role, made-up requests: no 500, no answer that the document lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.core.files.base import ContentFile
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dingzi.api.app import api
from dingzi.api.document import made
from dingzi.api.tickets import ticket
from dingzi.city.models import Post, Unit
from dingzi.core import blobs
from dingzi.matters.models import Event, Matter, Paper
from tests.api.concrete import Known, concrete
from tests.api.conftest import ROLES, Door, Machine
from tests.conftest import CAMPAIGN
from tests.world import TOWN

#: How often each role met each status.
Met = Counter[tuple[str, int]]
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def site() -> Iterator[Any]:
    """The site as a server calls it; it leaves the test's connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    application = get_wsgi_application()

    def read_whole(environ: Any, start_response: Any) -> list[bytes]:
        answer: Any = application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()

    yield read_whole
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def lived(door: Door) -> Door:
    """The city with matters in several states, a task, papers."""
    stored = blobs.store(ContentFile("一份材料".encode(), name="a.txt"))
    ref = {"digest": stored.digest, "ticket": ticket(stored.digest), "name": "a.txt"}
    dispatch = {
        "category": "neighbours", "lead": door.world.mediation,
        "co_units": [door.world.housing], "what": "看看",
    }  # fmt: skip
    session = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
    assert door.receipt.act(door.filed, "add_paper", {"papers": [ref]}).status_code == 200
    for depth in range(4):
        number = door.public.open().json()["number"]
        steps: list[tuple[Machine, str, dict[str, Any]]] = [
            (
                door.window,
                "accept_dispatch",
                dispatch if depth == 0 else dispatch | {"co_units": []},
            ),
            (door.mediator, "session", session),
            (door.mediator, "settle", {"text": "说和了"}),
            (door.mediator, "visit", {"how": "phone"}),
        ]
        for machine, action, data in steps[: depth + 1]:
            assert machine.act(number, action, data).status_code == 200
    return door


def known_in(door: Door) -> Known:
    """What is there, and something that is not."""
    units = [*Unit.objects.order_by("id").values_list("id", flat=True)[:4], 999_999]
    numbers = [*Matter.objects.order_by("id").values_list("number", flat=True)]
    paper = Paper.objects.get()
    return Known(
        kinds={
            "unit": units,
            "units": units,
            "post": [*Post.objects.order_by("id").values_list("id", flat=True)[:4], 999_999],
            "place": [TOWN, TOWN + "001", "3609", "999999"],
            "matter": [*numbers[:2], "袁纠〔2025〕999号"],
            "papers": [
                [],
                [{"digest": paper.blob_id, "ticket": ticket(paper.blob_id or ""), "name": "b.txt"}],
            ],
        },
        parameters={
            "number": numbers,
            "paper": [str(paper.pk)],
            "process": ["dispute", "task"],
            "name": ["disputes.registered", "disputes.resolved_share"],
            "dimension": ["county", "category", "month", "town"],
        },
    )


def cookies_of(machine: Machine) -> dict[str, str]:
    return {name: cookie.value for name, cookie in machine.client.cookies.items()}


def requests_of(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Requests that the document allows, and some that it does not."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return st.one_of(right, right, right, wrong)


def try_out(operation: APIOperation, machines: dict[str, Machine], met: Met, examples: int) -> None:
    """Send made-up requests of one operation, each as every role (in ``make test`` half of them)."""
    turn = count()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=requests_of(operation))
    def conforms(case: Case) -> None:
        first = next(turn) % 2
        for role in list(machines) if CAMPAIGN else list(machines)[first::2]:
            note(f"as {role}")
            machine = machines[role]
            with transaction.atomic():
                response = case.call(headers=machine.headers, cookies=cookies_of(machine))
                transaction.set_rollback(True)
            met[role, response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

    # A seed of its own for each, or all would begin with the same guesses.
    (conforms if CAMPAIGN else seed(crc32(operation.label.encode()))(conforms))()


def test_nothing_answers_outside_the_document(
    lived: Door, site: Any, campaign: Callable[[int, int], int]
) -> None:
    """Whatever is sent by whomever, the answer is one that the document tells, and never a 500."""
    schema = schemathesis.openapi.from_dict(concrete(made(api), known_in(lived)))
    schema.app = site
    machines = {role: lived.roles[role] for role in ROLES}
    before = Event.objects.count()
    met: Met = Counter()
    for operation in schema.get_all_operations():
        try_out(operation.ok(), machines, met, campaign(4, 60))
    assert Event.objects.count() == before
    # A run that is always stopped at the first check would prove nothing.
    assert {status for _, status in met} >= {200, 201, 400, 401, 403, 404, 409, 422}, met
    assert all(met[role, 200] > 5 for role in ROLES), met
