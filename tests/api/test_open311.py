"""Open311 GeoReport v2: a foreign client, the standard's shapes, its errors, and who is protected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import georeport
import pytest
from django.core.cache import cache
from django.test import Client

from dingzi import matters
from dingzi.city import directory, whereabouts
from dingzi.city.models import Post, Unit
from dingzi.city.viewer import PUBLIC
from dingzi.matters import aliases
from dingzi.matters.models import Event, Matter
from tests.world import TOWN, World

from .conftest import KEY

REPORT = {
    "api_key": KEY, "service_code": "disputes.neighbours", "description": "楼上漏水，天花板泡坏了。",
    "lat": "27.80", "long": "114.38", "address_string": "灵泉街道东门社区3号", "phone": "13800006620",
}  # fmt: skip
#: Fields of a request in the standard's table.
FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


def get(path: str, **query: str) -> Any:
    return Client().get(f"/open311/v2/{path}", query)


def sent(**changed: str) -> Any:
    return Client().post("/open311/v2/requests.json", REPORT | changed)


class _Answer:
    """Django's test client in the place of the network, for the foreign client's ``requests``."""

    def __init__(self, made: Any) -> None:
        self.content, self.status_code, self._made = made.content, made.status_code, made

    def json(self) -> Any:
        return self._made.json()

    def raise_for_status(self) -> None:
        assert self.status_code < 400, self.content


@pytest.fixture(params=["json", "xml"])
def foreign(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, world: World
) -> Iterator[Any]:
    """PyPI's ``georeport``, reading either format from this site."""

    def read(url: str, params: dict[str, str]) -> _Answer:
        assert url.startswith("http://city.example/")
        return _Answer(Client().get(url.removeprefix("http://city.example"), params))

    monkeypatch.setattr("georeport.georeport.requests.get", read)
    yield georeport.GeoReport("http://city.example/open311/v2", "3609", output_format=request.param)


def test_a_foreign_client_lists_services_and_follows_a_request(foreign: Any) -> None:
    """Services, a definition, a request and a list, as a client that is not ours reads them."""
    offered = foreign.get_service_list()
    assert {"disputes.neighbours", "petitions.titles"} <= {s["service_code"] for s in offered}
    assert {str(s["metadata"]).lower() for s in offered} <= {"true", "false"}
    asked = foreign.get_service_definition("petitions.titles")
    assert asked["service_code"] == "petitions.titles"
    number = sent().json()[0]["service_request_id"]
    found = foreign.get_service_request(number)
    assert set(found) == FIELDS
    assert (found["service_request_id"], found["status"]) == (number, "open")
    for _ in range(2):
        sent()
    rows = foreign.get_service_requests(service_request_id=number)
    assert (rows[0] if isinstance(rows, list) else rows)["service_request_id"] == number


def test_a_report_opens_a_matter_of_the_citizens(world: World) -> None:
    """It lands where the address says, with the words in the private part; the point is not kept."""
    answer = sent()
    assert answer.status_code == 201
    [made] = answer.json()
    assert set(made) == {"service_request_id", "service_notice", "account_id"}
    matter = Matter.objects.get()
    assert (matter.category, matter.place_id, matter.door) == ("neighbours", TOWN + "001", "api")
    assert matter.holder_unit_id == world.centre
    assert aliases.matter_id(made["service_request_id"]) == matter.id
    assert "114.38" not in str(list(Event.objects.values_list("facts", "private__data")))


def test_every_argument_of_the_standard_is_taken(world: World) -> None:
    """What we do not need (e-mail, device, account) is taken and kept nowhere."""
    more = {
        "jurisdiction_id": "3609", "email": "someone@city.example", "device_id": "tt4711",
        "account_id": "99", "first_name": "小明", "last_name": "王",
        "media_url": "http://city.example/hole.jpg",
    }  # fmt: skip
    assert sent(**more).status_code == 201
    assert Matter.objects.get().people[0]["name"] == "王小明"
    kept = str(list(Event.objects.values_list("facts", "private__data")))
    assert "hole.jpg" in kept
    assert not any(word in kept for word in ("someone@", "tt4711"))


def test_the_standards_xml_is_laid_out_as_it_says(world: World) -> None:
    """Root elements, declaration and content type of services, definition, requests and errors."""
    services = get("services.xml")
    assert services["Content-Type"] == "text/xml; charset=utf-8"
    assert services.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = ElementTree.fromstring(services.content)
    assert (root.tag, root[0].tag) == ("services", "service")
    assert [e.tag for e in root[0]] == [
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    ]  # fmt: skip
    root = ElementTree.fromstring(get("services/petitions.titles.xml").content)
    assert [e.tag for e in root] == ["service_code", "attributes"]
    kind = root.find("attributes/attribute[code='kind']")
    assert kind is not None
    assert (kind.findtext("datatype"), kind.findtext("required")) == ("singlevaluelist", "true")
    assert [v.findtext("key") for v in kind.iter("value")] == ["claim", "suggestion", "accusation"]
    made = Client().post("/open311/v2/requests.xml", REPORT)
    root = ElementTree.fromstring(made.content)
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    number = root.findtext("request/service_request_id")
    root = ElementTree.fromstring(get(f"tokens/{number}.xml").content)
    assert (root.tag, root.findtext("request/token")) == ("service_requests", number)
    root = ElementTree.fromstring(get("services/nothing.xml").content)
    assert (root.tag, root.findtext("error/code")) == ("errors", "404")


def test_discovery_names_the_endpoint(world: World) -> None:
    """Both formats of the discovery file."""
    found = Client().get("/open311/discovery.json").json()
    assert found["endpoints"][0]["formats"] == ["application/json", "text/xml"]
    root = ElementTree.fromstring(Client().get("/open311/discovery.xml").content)
    assert (
        root.findtext("endpoints/endpoint/specification") == "http://wiki.open311.org/GeoReport_v2"
    )


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "dingzi_wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "disputes.nothing"}, 404),
        ({"jurisdiction_id": "chicago.gov"}, 404),
        ({"description": " "}, 400),
        ({"lat": "", "long": "", "address_string": ""}, 400),
        ({"lat": "39.9", "long": "116.4", "address_string": ""}, 400),
        ({"lat": "north", "long": "114.38"}, 400),
        ({"lat": "nan", "long": "nan"}, 400),
        ({"lat": "27.8", "long": ""}, 400),
        ({"address_id": "999999"}, 400),
        ({"attribute[secret]": "1"}, 400),
        ({"phone": "12"}, 400),
        ({"description": "x\x00y"}, 400),
        ({"description": "身份证 110101199003070732 的人"}, 400),
        ({"service_code": "petitions.titles"}, 400),
        ({"service_code": "petitions.titles", "attribute[kind]": "nothing"}, 400),
    ],
)
def test_a_wrong_report_is_told_in_the_standards_errors(
    world: World, changed: dict[str, str], status: int
) -> None:
    """Code and words, in both formats; nothing is written."""
    answer = sent(**changed)
    assert answer.status_code == status
    [error] = answer.json()
    assert error["code"] == status
    assert error["description"]
    xml = Client().post("/open311/v2/requests.xml", REPORT | changed)
    assert ElementTree.fromstring(xml.content).findtext("error/code") == str(status)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"}, {"start_date": "2026-01-01"}, {"status": "lost"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
    ],
)  # fmt: skip
def test_a_wrong_question_is_told(world: World, query: dict[str, str]) -> None:
    """Moments without a zone, unknown states, spans beyond 90 days."""
    answer = get("requests.json", **query)
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


def test_the_list_is_coarse_and_leaves_small_cells_out(
    world: World, at: Callable[..., Any]
) -> None:
    """County and month, nobody's words; fewer than three alike are not listed at all."""
    at("2026-03-17T10:00+08:00")
    for _ in range(2):
        sent()
    assert get("requests.json").json() == []
    sent()
    cache.clear()
    rows = get("requests.json").json()
    assert len(rows) == 3
    for row in rows:
        assert row["requested_datetime"] == "2026-03-01T00:00:00+08:00"
        assert (row["address_id"], row["description"]) == ("360902", None)
        assert (row["lat"], row["long"]) == whereabouts.point_of("360902")
    body = get("requests.xml").content.decode()
    assert not any(word in body for word in ("漏水", "东门", "13800006620", "灵泉"))
    assert get("requests.json", service_code="disputes.wages").json() == []
    assert len(get("requests.json", status="open").json()) == 3
    assert get("requests.json", status="closed").json() == []
    within = {"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-20T00:00:00Z"}
    assert get("requests.json", **within).json() == []  # by the day nothing is to be had


def test_what_is_confidential_is_not_there(world: World) -> None:
    """An accusation has a number, and is found by nobody with it; no child and no other process."""
    post = Post.objects.get(pk=world.window.post)
    Unit.objects.filter(pk=world.centre).update(kind="petition")
    Post.objects.filter(pk=post.pk).update(roles=["petition"])
    directory.forget()
    data = {"text": "收受好处。", "kind": "accusation", "place": TOWN}
    for _ in range(4):
        matters.open_matter("petition", "receive", data, by=PUBLIC, door="web")
    alias = aliases.of(Matter.objects.latest("id").id)
    for path in (f"requests/{alias}.json", f"tokens/{alias}.json"):
        assert get(path).status_code == 404
    assert get("requests.json", service_code="petitions.conduct").json() == []


def test_an_alias_is_never_guessed(db: None) -> None:
    """It comes back, and whatever else is asked for means nothing."""
    assert aliases.matter_id(aliases.of(1_234)) == 1_234
    assert aliases.of(1_234) != aliases.of(1_235)
    for wrong in ("", "0" * 32, "zz" * 16, "1234", aliases.of(5)[:-1] + "x"):
        assert aliases.matter_id(wrong) is None


def test_points_are_found_in_their_counties(world: World) -> None:
    """A county's middle lies in the county; a point far away in none."""
    for county in ("360902", "360921"):
        point = whereabouts.point_of(county)
        assert point is not None
        assert whereabouts.county_at(*point) == county
    assert whereabouts.county_at(39.9, 116.4) == ""
