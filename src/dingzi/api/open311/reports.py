"""A foreign client's report becomes the opening act of a matter; requests as strangers see them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from dingzi import law, matters
from dingzi.city import directory, whereabouts
from dingzi.city import selectors as places
from dingzi.city.parameters import overrides
from dingzi.city.viewer import PUBLIC
from dingzi.city.viewers import viewer_of_token
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Reason, Refusal
from dingzi.ledger import references
from dingzi.matters import abroad, aliases, registry
from dingzi.matters.abroad import Seen
from dingzi.matters.clocks import LOCAL, local_day
from dingzi.matters.fields import FieldDef
from dingzi.matters.importing.words import Places
from dingzi.matters.models import Matter

from . import services
from .formats import Wrong
from .services import Service

#: Most requests of one answer, and the longest span that may be asked for, in days.
MOST, SPAN = 1_000, 90
#: By whether it is said in English.
_NOTICE = (
    "请把回执交给提出的人，凭它看全部经过、下载证明：{url}",
    "Give whoever reported it this receipt. It opens all that happens, and its proof: {url}",
)
_ATTRIBUTE = re.compile(r"attribute\[([a-z_]{1,40})\](\[\])?$")


def jurisdiction(given: str) -> None:
    """Accept the city's own code, or none; Wrong 404 for another's."""
    city = directory.city()
    if given and given not in {city.code if city else "", city.name if city else ""}:
        raise Wrong(404, ("open311_unknown_jurisdiction", {"value": given[:60]}))


# -- reporting --------------------------------------------------------------------------------


def report(request: HttpRequest) -> dict[str, Any]:
    """Open a matter from what was sent; return the answer's body.

    The key says which client asks; the matter is the citizen's, as if he had filed it himself, and
    the notice holds his receipt: the address with the reference that the city has signed.
    E-mail, device and account of the standard are not kept: nothing here needs them.
    """
    sent: QueryDict = request.POST
    jurisdiction(sent.get("jurisdiction_id", ""))
    if viewer_of_token(sent.get("api_key", "")) is None:
        raise Wrong(403, ("open311_wrong_key", {}))
    service = services.get(sent.get("service_code", ""))
    data = _data(service, sent)
    try:
        done = matters.open_matter(
            service.mechanism.process, service.action.name, data, by=PUBLIC, door="api"
        )
    except Refusal as refusal:
        raise Wrong(400, *map(_blamed, refusal.reasons)) from None
    matter = Matter.objects.get(id=done.stream)
    notice = _NOTICE[_tongue().startswith("en")].format(url=references.url_of_filing(matter))
    return {
        "service_request_id": aliases.of(done.stream),
        "service_notice": notice,
        "account_id": None,
    }


def _tongue() -> str:
    return get_language() or "zh-hans"


_ARGUMENTS = {"text": "description", "spot": "address_string", "place": "lat, long"}


def _blamed(reason: Reason) -> Reason:
    code, params = reason
    field = str(params.get("field", ""))
    return code, params | {"field": _ARGUMENTS.get(field, field)}


def _data(service: Service, sent: QueryDict) -> dict[str, Any]:
    fields = {one.name: one for one in service.action.fields}
    said = sent.get("description", "").strip()
    if not said:
        raise Wrong(400, ("open311_no_description", {}))
    if media := sent.get("media_url", "").strip():
        said = f"{said}\n{media[:500]}"
    place, spot = _where(sent)
    known = {
        "text": said,
        "place": place,
        "spot": spot,
        "name": f"{sent.get('last_name', '')}{sent.get('first_name', '')}".strip(),
        "phone": sent.get("phone", ""),
        "category": service.category,
    }
    data = {name: value for name, value in known.items() if name in fields and value}
    return data | _attributes(service, sent)


def _attributes(service: Service, sent: QueryDict) -> dict[str, Any]:
    asked = {one.name: one for one in service.fields}
    found: dict[str, Any] = {}
    for key in sent:
        match = _ATTRIBUTE.match(key)
        if match is None:
            continue
        one = asked.get(match[1])
        if one is None:
            raise Wrong(400, ("open311_unknown_attribute", {"value": match[1]}))
        value = _value(one, sent.getlist(key))
        if value is not None:
            found[one.name] = value
    for one in asked.values():
        if one.required and one.name not in found:
            raise Wrong(400, ("open311_no_attribute", {"value": one.name}))
    return found


def _value(one: FieldDef, given: list[str]) -> Any:
    if one.kind == "choices":
        return [value for value in given if value]
    value = given[-1].strip()
    if not value:
        return None
    if one.kind == "flag":
        if value not in (services.YES, services.NO, "true", "false"):
            raise Wrong(400, ("open311_unknown_value", {"value": value[:60]}))
        return value in (services.YES, "true")
    if one.kind == "choice" and value not in one.choices:
        raise Wrong(400, ("open311_unknown_value", {"value": value[:60]}))
    return value[:10] if one.kind == "date" else value


def _where(sent: QueryDict) -> tuple[str, str]:
    """Return the division and the spot of a report.

    By ``address_id`` (a division's code), else by ``address_string``, else by ``lat`` and ``long``.
    """
    spot = sent.get("address_string", "").strip()
    code = sent.get("address_id", "").strip()
    if code:
        if directory.division(code) is None:
            raise Wrong(400, ("open311_unknown_place", {"value": code[:60]}))
        return code, spot[:120]
    county = _county(sent)
    if spot:
        found = Places(county).read(spot)
        if found is not None and found[0].startswith(county):
            return found[0], (found[1] or spot)[:120]
    if county:
        return county, spot[:120]
    if spot:
        raise Wrong(400, ("open311_unknown_place", {"value": spot[:60]}))
    raise Wrong(400, ("open311_no_place", {}))


def _county(sent: QueryDict) -> str:
    given = [sent.get(name, "").strip() for name in ("lat", "long")]
    if not any(given):
        return ""
    try:
        latitude, longitude = (float(value) for value in given)
    except ValueError:
        raise Wrong(400, ("open311_bad_point", {})) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Wrong(400, ("open311_bad_point", {}))
    county = whereabouts.county_at(latitude, longitude)
    if not county:
        raise Wrong(400, ("open311_outside", {}))
    return county


# -- reading ----------------------------------------------------------------------------------


def one(alias: str) -> dict[str, Any]:
    """Return one request; Wrong 404 where there is none, or nobody may know of it."""
    found = abroad.one(alias)
    known = {m.process for m in mechanisms.mechanisms() if m.filing is not None}
    if found is None or found.process not in known:
        raise Wrong(404, ("open311_unknown_request", {}))
    return entry(found)


def listed(asked: QueryDict) -> list[dict[str, Any]]:
    """Return the requests of some ids, or of a span of whole months, small cells left out."""
    if ids := asked.get("service_request_id", ""):
        return [one(alias.strip()) for alias in ids.split(",")[:MOST]]
    first, last = _span(asked)
    chosen = [
        services.get(c.strip()) for c in asked.get("service_code", "").split(",") if c.strip()
    ]
    wanted = chosen or services.all_services()
    status = {s.strip() for s in asked.get("status", "").split(",") if s.strip()}
    if status - {"open", "closed"}:
        raise Wrong(400, ("open311_unknown_status", {"value": sorted(status)[0][:60]}))
    categories = {(s.mechanism.process, s.category) for s in wanted}
    least = int(
        law.parameter("figures.smallest_cell", local_day(timezone.now()), overrides()).value
    )
    if first > last:
        return []
    found = abroad.listed(
        sorted({process for process, _ in categories}), first, last, least=least, most=MOST,
        categories=categories if chosen else None, closed=None if len(status) != 1 else status == {"closed"},
    )  # fmt: skip
    # a thousand requests share some hundred descriptions
    alike: dict[Seen, dict[str, Any]] = {}
    told = []
    for seen in found:
        kind = replace(seen, alias="")
        if kind not in alike:
            alike[kind] = entry(kind)
        told.append(alike[kind] | {"service_request_id": seen.alias})
    return told


def _span(asked: QueryDict) -> tuple[date, date]:
    """Return first and last day of the months whose first day lies in the span asked for.

    Requests are dated by their month, so a shorter span cannot tell when in it something was opened.
    """
    begin, end = (_moment(asked.get(name, "")) for name in ("start_date", "end_date"))
    now = timezone.now()
    if begin is None:
        begin = (end or now) - timedelta(days=SPAN)
    if end is None:
        end = min(begin + timedelta(days=SPAN), now)
    if end < begin or end - begin > timedelta(days=SPAN, hours=1):
        raise Wrong(400, ("open311_span_too_long", {"most": SPAN}))
    first, until = local_day(begin), local_day(end)
    if first.day > 1:
        first = _next_month(first)
    return first, _next_month(until.replace(day=1)) - timedelta(days=1) if until >= first else until


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _moment(given: str) -> datetime | None:
    if not given:
        return None
    try:
        found = parse_datetime(given.replace(" ", "+", 1) if "T" in given else given)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1949 <= found.year <= 2099:
        raise Wrong(400, ("open311_bad_moment", {"value": given[:40]}))
    return found


def entry(seen: Seen) -> dict[str, Any]:
    """Return a request in the standard's fields: coarse in place and time, nobody's words."""
    mechanism = mechanisms.of_process(seen.process)
    assert mechanism is not None
    state = registry.process(seen.process, seen.version).states[seen.state]
    label = mechanism.categories.get(seen.category)
    category = label.in_language(_tongue()) if label else ""
    point = whereabouts.point_of(seen.county)
    service = f"{mechanism.name}.{seen.category}" if seen.category else None
    name = mechanism.title.in_language(_tongue())
    return {
        "service_request_id": seen.alias,
        "status": "open" if seen.open else "closed",
        "status_notes": state.public.in_language(_tongue()),
        "service_name": f"{name}: {category}" if category else name,
        "service_code": service,
        "description": None,
        "agency_responsible": directory.name_of(directory.unit(seen.unit), _tongue()) or None,
        "service_notice": None,
        "requested_datetime": _first(seen.opened),
        "updated_datetime": _first(seen.changed),
        "expected_datetime": None,
        "address": places.full_name(seen.county, _tongue()) or None,
        "address_id": seen.county or None,
        "zipcode": None,
        "lat": point[0] if point else None,
        "long": point[1] if point else None,
        "media_url": None,
    }


def _first(day: date) -> str:
    return datetime.combine(day, time(), LOCAL).isoformat()
