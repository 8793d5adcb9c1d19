"""From the wish to be told to what arrives: in order, once, confirmed, ended by one press."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dingzi.core.errors import Forbidden, Invalid, NotFound
from dingzi.core.text import Text
from dingzi.matters.models import Matter
from dingzi.notices import fanning, gateways, sending, subscribing
from dingzi.notices.gateways import Failed, Message
from dingzi.notices.models import Notice, Place, Subscription

from .conftest import Told

ME = "someone@home.example"


def by_mail(told: Told, language: str = "zh-hans") -> Subscription:
    told.seal()
    return subscribing.of_matter(told.matter, gateway="mail", target=ME, language=language)


def confirmed(told: Told, language: str = "zh-hans") -> Subscription:
    one = by_mail(told, language)
    sending.deliver()
    mail.outbox.clear()
    return subscribing.confirm(one.key)


def test_nothing_is_told_before_it_is_confirmed(told: Told) -> None:
    """One message asks; only the press on its page begins; a look at the page confirms nothing."""
    one = by_mail(told)
    told.accept()
    assert told.seal() == 0
    assert sending.deliver() == 1
    [asked] = mail.outbox
    assert (asked.to, asked.from_email) == ([ME], "notice@city.example")
    assert told.matter.number in asked.body
    path = re.search(r"https://city\.example(/notices/confirm/\S+)", str(asked.body))
    assert path is not None
    client = Client()
    assert client.get(path[1]).status_code == 200
    assert Subscription.objects.get().confirmed_at is None
    assert client.post(path[1]).status_code == 200
    assert Subscription.objects.get().confirmed_at is not None
    assert not Notice.objects.exists()
    assert one.key in path[1]


def test_a_step_is_told_once_in_plain_words(told: Told) -> None:
    """What happened and how it stands now, in the subscriber's language; nobody's name or words."""
    confirmed(told, "en")
    told.accept()
    told.act("note", {"text": "内部看法"}, told.world.mediator)
    assert told.seal() == 1
    assert fanning.fan_out() == 0
    assert (sending.deliver(), sending.deliver()) == (1, 0)
    [one] = mail.outbox
    assert one.subject == f"News on your matter {told.matter.number}"
    assert "It now stands" in one.body
    assert not any(word in one.body for word in ("漏水", "王女士", "内部看法"))
    assert not Notice.objects.exists()


def test_one_press_ends_it_and_forgets_the_address(told: Told) -> None:
    """The mail program's own POST, without a cookie; the address is gone, again is as well."""
    one = confirmed(told)
    told.accept()
    told.seal()
    sending.deliver()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("https://city.example")
    assert path == f"/notices/end/{one.key}/"
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert client.get(path).status_code == 404


def test_what_nobody_confirms_is_forgotten(told: Told) -> None:
    """After two days there is no row with the address; and a target does not fill up with wishes."""
    one = by_mail(told)
    assert subscribing.sweep() == 0
    Subscription.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert subscribing.sweep() == 1
    for process in ("dispute", "petition", "estate"):
        subscribing.of_public(process, "", gateway="mail", target=ME, language="zh-hans")
    with pytest.raises(Invalid, match="notices_many_waiting"):
        subscribing.of_public("household", "", gateway="mail", target=ME, language="zh-hans")
    with pytest.raises(NotFound):
        subscribing.confirm(one.key)


def test_asking_twice_tells_nobody_that_one_asked(told: Told) -> None:
    """The second wish is the first: no second message, no second row."""
    assert by_mail(told).pk == by_mail(told).pk
    assert (Subscription.objects.count(), Notice.objects.count()) == (1, 1)


def test_what_is_public_of_a_county_is_told_as_coarsely_as_the_log(told: Told) -> None:
    """County, category and step; only of the county that was chosen."""
    told.seal()
    for county in ("360902", "360921", ""):
        target = f"a{county}@home.example"
        one = subscribing.of_public(
            "dispute", county, gateway="mail", target=target, language="zh-hans"
        )
        subscribing.confirm(one.key)
    Notice.objects.all().delete()
    told.accept()
    assert told.seal() == 2
    assert sending.deliver() == 2
    assert {m.to[0] for m in mail.outbox} == {"a360902@home.example", "a@home.example"}
    body = str(mail.outbox[0].body)
    assert "袁州区" in body
    assert "邻里" in body
    assert not any(word in body for word in (told.matter.number, "灵泉", "漏水"))


def test_an_erased_matter_and_a_new_receipt_end_it(told: Told) -> None:
    """Who held the old receipt is told nothing more."""
    confirmed(told)
    told.act("replace_receipt", {"checked": "身份证"})
    told.seal()
    assert not Subscription.objects.exists()


def test_nothing_confidential_goes_out(told: Told) -> None:
    """Neither mail nor feed of an accusation; no public subscriber hears of it."""
    told.seal()
    one = subscribing.of_public("dispute", "", gateway="mail", target=ME, language="zh-hans")
    subscribing.confirm(one.key)
    Notice.objects.all().delete()
    told.matter.confidential = True
    for way in (
        lambda: subscribing.feed_of(told.matter, "zh-hans"),
        lambda: subscribing.of_matter(told.matter, gateway="mail", target=ME, language="en"),
    ):
        with pytest.raises(Forbidden, match="notices_confidential"):
            way()
    Matter.objects.filter(pk=told.matter.pk).update(
        confidential=True, posts=[told.world.window.post]
    )
    told.act("reply", {"text": "答复"})
    assert told.seal() == 0


@pytest.mark.parametrize(
    "target", ["", "me", "a@b@c", "a@b.example\nBcc: x@y.example", "@x.example"]
)
def test_no_address_that_is_none(told: Told, target: str) -> None:
    """Refused with what to write; no header can be slipped in."""
    with pytest.raises(Invalid, match="notices_bad_address"):
        subscribing.of_matter(told.matter, gateway="mail", target=target, language="en")
    assert not Subscription.objects.exists()


def test_without_a_mail_server_no_mail_is_offered(told: Told, settings: Any) -> None:
    """An installation offers only what it has; an unknown way is refused."""
    settings.MAIL_FROM = ""
    assert "mail" not in {one.name for one in gateways.offered()}
    for name in ("mail", "pigeon"):
        with pytest.raises(NotFound, match="notices_no_gateway"):
            subscribing.of_matter(told.matter, gateway=name, target=ME, language="en")


def test_a_citys_own_gateway_plugs_in_and_is_retried(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An SMS service: one class; it fails twice, with longer and longer waits, then gets through."""
    monkeypatch.setattr(gateways, "_gateways", dict(gateways._gateways))
    sent: list[tuple[str, Message]] = []

    @gateways.register
    class Sms:
        name = "sms"
        label = Text("短信", "Text message")
        broken = 2

        def available(self) -> bool:
            return True

        def clean(self, target: str) -> str:
            return target.replace(" ", "")

        def send(self, target: str, message: Message) -> None:
            if Sms.broken:
                Sms.broken -= 1
                raise Failed("no network")
            sent.append((target, message))

    subscribing.of_matter(told.matter, gateway="sms", target="138 0000 6620", language="zh-hans")
    now = Notice.objects.get().try_at
    for wait in (timedelta(0), timedelta(minutes=1), timedelta(minutes=4)):
        assert sending.deliver(now + wait - timedelta(seconds=1)) == 0
        now += wait
        sending.deliver(now)
    [(target, message)] = sent
    assert (target, message.kind) == ("13800006620", "confirm")
    assert len(message.text) < 400


def test_who_cannot_be_reached_is_forgotten(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """After all tries, or where the other side says that it never will be."""
    for for_good, tries in ((False, sending.TRIES), (True, 1)):
        by_mail(told)

        def fail(*_: Any, for_good: bool = for_good, **__: Any) -> None:
            raise Failed("broken", for_good=for_good)

        monkeypatch.setattr(gateways.gateway("mail"), "send", fail)
        now = timezone.now()
        for n in range(1, tries + 1):
            assert Subscription.objects.count() == 1
            sending.deliver(now)
            now += sending.wait(n)
        assert not Subscription.objects.exists()
    assert sending.wait(9) == sending.LONGEST


def test_a_round_that_broke_off_tells_nothing_twice(told: Told) -> None:
    """The place in the log and the notices are written together."""
    confirmed(told)
    told.accept()
    told.seal()
    Place.objects.update(last=-1)
    fanning.fan_out()
    assert Notice.objects.filter(event__gt=0).count() == 2  # the filing too, which lay before


def test_feeds_are_atom_and_private_ones_need_their_key(told: Told) -> None:
    """The public feed is coarse; the matter's own is read by who has its address."""
    told.accept()
    told.seal()
    client = Client()
    answer = client.get("/feeds/disputes.atom", {"county": "360902"})
    assert answer["Content-Type"].startswith("application/atom+xml")
    body = answer.content.decode()
    assert "袁州区" in body
    assert not any(word in body for word in (told.matter.number, "灵泉", "漏水"))
    assert (
        "<entry>" not in client.get("/feeds/disputes.atom", {"county": "360921"}).content.decode()
    )
    assert client.get("/feeds/disputes.atom", {"county": "x"}).status_code == 404
    assert client.get("/feeds/nothing.atom").status_code == 404
    one = subscribing.feed_of(told.matter, "zh-hans")
    assert subscribing.feed_of(told.matter, "zh-hans").pk == one.pk
    body = client.get(f"/notices/feed/{one.key}.atom").content.decode()
    assert told.matter.number in body
    assert "漏水" not in body
    assert client.get(f"/notices/feed/{one.key[:-1]}.atom").status_code == 404


def test_the_pages_say_what_is_wrong(told: Told) -> None:
    """The public form in both languages: a wrong address, an unknown kind, too many tries."""
    client = Client()
    for tongue in ("zh-hans", "en"):
        assert client.get("/notices/", headers={"Accept-Language": tongue}).status_code == 200
    good = {"process": "dispute", "county": "360902", "gateway": "mail", "target": ME}
    for wrong in (
        {"target": "me"}, {"process": "x"}, {"county": "1"}, {"gateway": "x"},
        {"gateway": "webhook", "target": "http://127.0.0.1/"},
    ):  # fmt: skip
        assert client.post("/notices/", good | wrong).status_code == 422
    assert client.post("/notices/", good).status_code == 302
    assert Subscription.objects.count() == 1
    for _ in range(6):
        last = client.post("/notices/", good)
    assert last.status_code == 422


def test_a_public_wish_needs_a_known_place(told: Told) -> None:
    """No process and no county that the city does not have."""
    for process, county in (("nothing", ""), ("dispute", "999999"), ("task", "")):
        with pytest.raises(Invalid):
            subscribing.of_public(process, county, gateway="mail", target=ME, language="en")
