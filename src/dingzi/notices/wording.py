"""What is sent, in plain words and in the subscriber's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.core import registry as mechanisms
from dingzi.matters import registry

from . import subscribing
from .gateways import Message
from .models import Notice, Subscription


def message(notice: Notice) -> Message:
    """Put a notice into words."""
    one = notice.subscription
    with translation.override(one.language):
        subject, text, link, data = _MAKERS[notice.what["kind"]](one, notice.what)
        end = address("portal:notices_end", one.key)
        closing = _("不想再收到，点这里就停：%(end)s") % {"end": end}
        return Message(
            id=f"{one.pk}-{notice.event}",
            kind=notice.what["kind"],
            subject=subject,
            text=f"{text}\n\n{link}\n\n{closing}\n",
            link=link,
            end=end,
            data=data,
            secrets=subscribing.secrets_of(one),
        )


def address(name: str, *args: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse(name, args=args)}"


def city() -> str:
    return directory.name_of(directory.city(), translation.get_language() or "zh-hans")


def topic_of(one: Subscription) -> str:
    """Say what one is told of."""
    tongue = translation.get_language() or "zh-hans"
    if one.matter is not None:
        return _("编号%(number)s的进展") % {"number": one.matter.number}
    found = mechanisms.of_process(one.process)
    title = str(found.title) if found else one.process
    where = next((c for c in directory.divisions("county") if c.code == one.county), None)
    place = directory.name_of(where, tongue) if where else city()
    return _("%(place)s的%(title)s") % {"place": place, "title": title}


Made = tuple[str, str, str, dict[str, Any]]


def _confirm(one: Subscription, what: dict[str, Any]) -> Made:
    subject = _("请确认：要不要收%(city)s的通知") % {"city": city()}
    text = _("有人填了这个地址，要在有进展时告诉您：%(topic)s。要收，请打开下面的网址点“确认”。不是您填的，不用管它，两天后自动作废。") % {
        "topic": topic_of(one)
    }  # fmt: skip
    return subject, text, address("portal:notices_confirm", one.key), {}


def _case(one: Subscription, what: dict[str, Any]) -> Made:
    told, process = _told(what)
    state = process.states[what["state"]].public.in_language(_tongue())
    assert one.matter is not None
    number = one.matter.number
    subject = _("您的事有进展了：%(number)s") % {"number": number}
    text = _("%(told)s。现在：%(state)s。用回执可以看全部经过。") % {"told": told, "state": state}
    data = {"number": number, "action": what["action"], "state": what["state"]}
    return subject, text, address("portal:track"), data


def _public(one: Subscription, what: dict[str, Any]) -> Made:
    told, process = _told(what)
    where = next((c for c in directory.divisions("county") if c.code == what["county"]), None)
    place = directory.name_of(where, _tongue()) if where else city()
    title = process.title.in_language(_tongue())
    found = mechanisms.of_process(what["process"])
    label = found.categories.get(what["category"]) if found else None
    of = f"{title}（{label}）" if label and not _tongue().startswith("en") else title
    if label and _tongue().startswith("en"):
        of = f"{title} ({label.in_language('en')})"
    subject = _("%(place)s：%(of)s有进展") % {"place": place, "of": of}
    text = _("%(place)s有一件%(of)s：%(told)s。") % {"place": place, "of": of, "told": told}
    data = {k: what[k] for k in ("process", "action", "county", "category", "month")}
    return subject, text, address("portal:status_map"), data


def _tongue() -> str:
    return translation.get_language() or "zh-hans"


def _told(what: dict[str, Any]) -> tuple[str, Any]:
    process = registry.process(what["process"], what["version"])
    action = registry.action(process, what["action"])
    label = (action.told or action.label) if action else process.title
    return label.in_language(_tongue()), process


_MAKERS = {"confirm": _confirm, "case": _case, "public": _public}
