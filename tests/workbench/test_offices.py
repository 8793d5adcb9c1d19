"""Units, posts and accounts in the workbench: seen by all staff, changed by stewards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from dingzi.city import selectors
from dingzi.city.models import Account, Delegation, Post, Unit
from dingzi.matters.models import BOOK, Event
from dingzi.matters.rebuild import rebuild

from .conftest import Office

POST, UNIT = "/work/posts/cz-town-window/", "/work/units/cz-town/"


def sent(do: str, **fields: Any) -> dict[str, Any]:
    return {"do": do} | {f"{do}-{name}": value for name, value in fields.items()}


def book() -> int:
    return Event.objects.filter(stream=BOOK).count()


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def seated(code: str) -> str:
    account = selectors.holder_of(Post.objects.get(code=code).pk)
    return Account.objects.get(pk=account).username if account else ""


def test_who_sits_on_a_post_changes_by_events_of_the_book(office: Office, steward: Client) -> None:
    """The one ends, the other begins; from that day the new one's desk holds what the post holds."""
    before = seated("cz-town-window")
    assert (
        steward.post("/work/accounts/", sent("account_opened", username="newman")).status_code
        == 302
    )
    ended = steward.post(POST, sent("tenure_ended", account=before, until=today()))
    assert ended.status_code == 302
    assert "现在没有人任职" in steward.get(POST).content.decode()
    begun = steward.post(POST, sent("tenure_started", account="newman", since=today()))
    assert begun.status_code == 302
    assert seated("cz-town-window") == "newman"
    actions = Event.objects.filter(stream=BOOK).order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["account_opened", "tenure_ended", "tenure_started"]
    page = steward.get(POST).content.decode()
    assert "newman" in page and before in page
    assert rebuild(write=False).differences == []


def test_two_do_not_sit_on_one_post(office: Office, steward: Client) -> None:
    """The refusal stands at its field, what was typed is kept, nothing is written."""
    steward.post("/work/accounts/", sent("account_opened", username="newman"))
    count = book()
    answer = steward.post(POST, sent("tenure_started", account="newman", since=today()))
    assert answer.status_code == 422
    assert 'value="newman"' in answer.content.decode()
    assert "受理岗" in answer.content.decode() and book() == count


def test_a_post_is_delegated_and_taken_back(office: Office, steward: Client) -> None:
    """The delegate's desk gets it from that day, and loses it with the day it ends."""
    delegate = "cz-360902-supervisor"
    data = sent("delegated", delegate=delegate, since=today(-1))
    assert steward.post(POST, data).status_code == 302
    assert "正在代办" in steward.get(POST).content.decode()
    ended = steward.post(POST, sent("delegation_ended", delegate=delegate, until=today()))
    assert ended.status_code == 302
    assert Delegation.objects.get().until == today()
    assert "正在代办" not in steward.get(POST).content.decode()


def test_a_unit_is_renamed_gets_a_post_and_is_merged(office: Office, steward: Client) -> None:
    """A reorganisation: the former name stays, posts go along, the old page leads to the new."""
    assert (
        steward.post(
            UNIT, sent("unit_changed", name="灵泉街道矛盾调处中心", on=today())
        ).status_code
        == 302
    )
    assert "灵泉街道综治中心" in steward.get(UNIT).content.decode()
    opened = sent("post_opened", name="二窗口", roles=["window"], since=today())
    assert steward.post(UNIT, opened).status_code == 302
    assert Post.objects.get(name="二窗口").unit.code == "cz-town"
    merged = sent("unit_merged", successor="cz-360902", on=today())
    assert steward.post(UNIT, merged).status_code == 302
    page = steward.get(UNIT).content.decode()
    assert "并入了" in page and "/work/units/cz-360902/" in page
    assert Post.objects.get(name="二窗口").unit.code == "cz-360902"
    assert "可以做的" not in page


def test_a_post_with_work_on_it_is_not_closed(
    office: Office, steward: Client, file: Callable[..., str]
) -> None:
    """Nothing is ever without a holder: the page says how many must go elsewhere first."""
    file()
    count = book()
    answer = steward.post(POST, sent("post_closed", on=today()))
    assert answer.status_code == 422
    assert "1件" in answer.content.decode()
    assert book() == count


def test_a_new_unit_is_opened_by_the_name_of_its_place(office: Office, steward: Client) -> None:
    """It gets a code of its own and leads to its page, where the first post is set up."""
    data = sent(
        "unit_opened", name="灵泉司法所", kind="mediation", division="灵泉街道", since=today()
    )
    answer = steward.post("/work/units/", data)
    assert answer.status_code == 302
    assert "还没有岗位" in steward.get(answer["Location"]).content.decode()
    wrong = steward.post("/work/units/", data | {"unit_opened-division": "月球"})
    assert wrong.status_code == 422
    assert Unit.objects.filter(name="灵泉司法所").count() == 1


def test_an_account_gets_a_password_that_is_shown_once(office: Office, steward: Client) -> None:
    """Set at random, told on one page that nobody keeps, never in the book."""
    steward.post("/work/accounts/", sent("account_opened", username="newman", display_name="小新"))
    count = book()
    answer = steward.post("/work/accounts/newman/", {"do": "password"})
    assert answer["Cache-Control"] == "private, no-store"
    word = re.search(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())
    assert word and Account.objects.get(username="newman").check_password(word[1])
    assert word[1] not in steward.get("/work/accounts/newman/").content.decode()
    assert book() == count
    assert "小新" in steward.get("/work/accounts/?q=小").content.decode()


def test_an_account_is_closed_and_opened_again(office: Office, steward: Client) -> None:
    """A closed one sits nowhere from that day; nobody closes his own."""
    name = seated("cz-town-window")
    assert (
        steward.post(f"/work/accounts/{name}/", sent("account_closed", on=today())).status_code
        == 302
    )
    assert (Account.objects.get(username=name).is_active, seated("cz-town-window")) == (False, "")
    assert steward.post(f"/work/accounts/{name}/", {"do": "account_opened"}).status_code == 302
    assert Account.objects.get(username=name).is_active
    own = steward.post("/work/accounts/keeper/", sent("account_closed", on=today()))
    assert own.status_code == 422
    assert Account.objects.get(username="keeper").is_active


def test_other_staff_look_and_change_nothing(office: Office) -> None:
    """Units and posts are public to staff; who sits there, accounts and acts are the steward's."""
    client = office.client(office.world.window)
    name = seated("cz-town-window")
    for path in ("/work/units/", UNIT, POST):
        page = client.get(path)
        assert page.status_code == 200
        assert name not in page.content.decode() and "可以做的" not in page.content.decode()
    assert client.get("/work/accounts/").status_code == 403
    assert client.get(f"/work/accounts/{name}/").status_code == 403
    assert client.post(POST, sent("post_closed", on=today())).status_code == 403
    assert client.get("/work/units/nowhere/").status_code == 404
    assert not Event.objects.filter(stream=BOOK).exists()


def test_an_act_that_is_not_of_the_page_is_not_done(office: Office, steward: Client) -> None:
    """A forged field names no other action of the book."""
    for do in ("parameter_set", "divisions_loaded", ""):
        assert steward.post(POST, sent(do, name="x")).status_code == 404
    assert not Event.objects.filter(stream=BOOK).exists()


def test_units_are_found_by_name_place_and_code(office: Office) -> None:
    """A place finds all units in it; ended ones are shown where they are asked for."""
    client = office.client(office.world.window)
    assert "区住房和城乡建设局" in client.get("/work/units/?q=住房").content.decode()
    assert "灵泉街道人民调解委员会" in client.get("/work/units/?q=灵泉街道").content.decode()
    assert "没有这样的单位" in client.get("/work/units/?q=月球").content.decode()
    assert "没有这样的单位" in client.get("/work/units/?ended=on").content.decode()
