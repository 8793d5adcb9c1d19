"""The requests that the text of GeoReport v2 shows as samples, sent as they stand there.

They name another city, its key, its service, its street and its questions. Each of those is wrong
here, and is told as the standard says it is; put right one after the other, the same request is
taken. The answers have the elements of the sample answers, in their order.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from dingzi.city.models import Post
from dingzi.matters.models import Event, Matter
from tests.world import TOWN, World

from .conftest import KEY

FORM = "application/x-www-form-urlencoded; charset=utf-8"
#: The sample body of ``POST Service Request``, byte for byte.
POSTED = (
    "api_key=xyz&jurisdiction_id=city.gov&service_code=001&lat=37.76524078&long=-122.4212043"
    "&address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111"
    "&account_id=123456&first_name=john&last_name=smith&phone=111111111"
    "&description=A+large+sinkhole+is+destroying+the+street"
    "&media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg"
    "&attribute[WHISPAWN]=123456&attribute[WHISDORN]=COISL001"
)
#: What in it belongs to the other city, what it is here, and how the standard tells each.
STEPS = (
    (404, "jurisdiction_id=city.gov", "jurisdiction_id=3609"),
    (403, "api_key=xyz", f"api_key={KEY}"),
    (404, "service_code=001", "service_code=petitions.titles"),
    (400, "lat=37.76524078&long=-122.4212043", "lat=27.80&long=114.38"),
    (400, "attribute[WHISPAWN]=123456", "attribute[kind]=claim"),
    (400, "&attribute[WHISDORN]=COISL001", ""),
    (400, "phone=111111111", "phone=13800006620"),
)
#: The elements of the sample answers, in their order.
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = [
    "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
]  # fmt: skip
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
#: The subset of ISO 8601 that the standard asks for: with seconds and a zone.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def world(world: World) -> World:
    """The window's city, with a petition office."""
    office = Post.objects.get(pk=world.supervisor.post)
    office.unit.kind, office.roles = "petition", [*office.roles, "petition"]
    office.unit.save()
    office.save()
    return world


def posted(body: str, kind: str) -> Any:
    return Client().post(f"/open311/v2/requests.{kind}", body, content_type=FORM)


def got(address: str) -> Any:
    """Ask as the samples do; their ``/dev/v2`` is ``/open311/v2`` here."""
    return Client().get(address.replace("/dev/v2/", "/open311/v2/"))


def errors(answer: Any, kind: str) -> list[tuple[int, str]]:
    """Read the standard's errors out of an answer of either format."""
    if kind == "json":
        return [(one["code"], one["description"]) for one in answer.json()]
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "errors"
    rows = root.findall("error")
    return [(int(e.findtext("code") or 0), e.findtext("description") or "") for e in rows]


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_the_sample_report_is_taken_once_it_is_of_this_city(world: World, kind: str) -> None:
    """As it stands it is another city's (404); each next fault has its code and words; then it is in."""
    body = POSTED
    for status, theirs, ours in STEPS:
        answer = posted(body, kind)
        assert answer.status_code == status, (theirs, answer.content)
        [(code, said)] = errors(answer, kind)
        assert code == status
        assert said
        assert not Event.objects.exists()
        assert theirs in body
        body = body.replace(theirs, ours)
    answer = posted(body, kind)
    assert answer.status_code == 201, answer.content
    if kind == "json":
        [made] = answer.json()
        assert list(made) == ["service_request_id", "service_notice", "account_id"]
        assert made["account_id"] is None
    else:
        root = ElementTree.fromstring(answer.content)
        assert (root.tag, root[0].tag) == ("service_requests", "request")
        names = [e.tag for e in root[0]]
        assert names == ["service_request_id", "service_notice", "account_id"]
        assert root.find("request/account_id").text is None  # type: ignore[union-attr]
    matter = Matter.objects.get()
    assert (matter.process, matter.category) == ("petition", "titles")
    assert matter.people[0]["name"] == "smithjohn"
    private = str(list(Event.objects.values_list("private__data", flat=True)))
    assert "A large sinkhole is destroying the street" in private
    assert "smit333" not in private + str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/dev/v2/services.{kind}?jurisdiction_id=city.gov", 404),
        ("/dev/v2/services/033.{kind}?jurisdiction_id=city.gov", 404),
        ("/dev/v2/services/033.{kind}", 404),
        ("/dev/v2/tokens/123456.{kind}?jurisdiction_id=city.gov", 404),
        ("/dev/v2/tokens/123456.{kind}", 404),
        ("/dev/v2/requests/123456.{kind}?jurisdiction_id=city.gov", 404),
        ("/dev/v2/requests/123456.{kind}", 404),
        ("/dev/v2/requests.{kind}?start_date=2010-05-24T00:00:00Z&end_date=2010-06-24T00:00:00Z"
         "&status=open&jurisdiction_id=city.gov", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["xml", "json"])
def test_sample_questions_about_another_city_are_told_so(
    world: World, address: str, status: int, kind: str
) -> None:
    """Each sample address answers with the standard's code and words in the format asked for."""
    answer = got(address.format(kind=kind))
    assert answer.status_code == status
    assert [code for code, said in errors(answer, kind) if said] == [status]


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_the_sample_span_is_answered_with_a_list(world: World, kind: str) -> None:
    """A month of 2010 holds nothing here: an empty list under the standard's root, no error."""
    span = "start_date=2010-05-24T00:00:00Z&end_date=2010-06-24T00:00:00Z&status=open"
    answer = got(f"/dev/v2/requests.{kind}?{span}")
    assert answer.status_code == 200
    if kind == "json":
        assert answer.json() == []
    else:
        root = ElementTree.fromstring(answer.content)
        assert (root.tag, len(root)) == ("service_requests", 0)


def test_services_and_definitions_are_laid_out_as_the_samples(world: World) -> None:
    """Names, order and types of the sample answers: a flag is a flag, an empty description is null."""
    rows = got("/dev/v2/services.json?jurisdiction_id=3609").json()
    assert all(list(row) == SERVICE for row in rows)
    assert {type(row["metadata"]) for row in rows} == {bool}
    assert {row["type"] for row in rows} <= {"realtime", "batch", "blackbox"}
    root = ElementTree.fromstring(got("/dev/v2/services.xml").content)
    assert all([e.tag for e in service] == SERVICE for service in root)
    made = got("/dev/v2/services/petitions.titles.json").json()
    assert list(made) == ["service_code", "attributes"]
    [kind] = [one for one in made["attributes"] if one["code"] == "kind"]
    assert list(kind) == ATTRIBUTE
    assert (kind["variable"], kind["required"], kind["datatype_description"]) == (True, True, None)
    assert all(list(value) == ["key", "name"] for value in kind["values"])
    root = ElementTree.fromstring(got("/dev/v2/services/petitions.titles.xml").content)
    found = root.find("attributes/attribute[code='kind']")
    assert found is not None
    assert [e.tag for e in found] == ATTRIBUTE
    assert found.find("datatype_description").text is None  # type: ignore[union-attr]
    assert {tuple(e.tag for e in value) for value in found.iter("value")} == {("key", "name")}


def test_a_request_is_laid_out_as_the_sample(world: World) -> None:
    """All elements of the sample in its order, moments with their zone, a point of numbers; token too."""
    report = {
        "api_key": KEY, "service_code": "disputes.neighbours", "description": "漏水", "address_id": TOWN,
    }  # fmt: skip
    made = Client().post("/open311/v2/requests.json", report).json()[0]["service_request_id"]
    for address in (f"requests/{made}.json", f"requests.json?service_request_id={made}"):
        [row] = got(f"/dev/v2/{address}").json()
        assert list(row) == REQUEST
        assert all(MOMENT.fullmatch(row[f"{name}_datetime"]) for name in ("requested", "updated"))
        assert isinstance(row["lat"], float)
        assert isinstance(row["long"], float)
        assert row["status"] in ("open", "closed")
    root = ElementTree.fromstring(got(f"/dev/v2/requests/{made}.xml").content)
    assert [e.tag for e in root[0]] == REQUEST
    [token] = got(f"/dev/v2/tokens/{made}.json").json()
    assert list(token) == ["service_request_id", "token"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_the_standard_does_not_have_is_told(world: World, method: str) -> None:
    """405 in the standard's errors; nothing is written."""
    answer = getattr(Client(), method)("/open311/v2/requests.json")
    assert (answer.status_code, answer.json()[0]["code"]) == (405, 405)
    assert not Event.objects.exists()
