"""Finding one's matter again, and nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from dingzi.core import throttle
from dingzi.matters import receipts
from dingzi.matters.models import Matter
from dingzi.portal import holder

PRIVATE = ("/case/", "/receipt/", "/receipt.pdf", "/case/papers/1/")


def opened(client: Client) -> bool:
    return client.get("/case/").status_code == 200


def test_number_and_code_open_the_matter(client: Client, matter: Matter) -> None:
    """As they stand on the receipt."""
    code = receipts.secret_of(matter)
    answer = client.post("/track/", {"number": matter.number, "code": code})
    assert answer.headers["Location"] == "/case/"
    assert matter.number in client.get("/case/").content.decode()


@pytest.mark.parametrize("shape", ["{}", " {} ", "{:号}", "{:[]}", "{:()}", "{:（）}", "{:space}"])
def test_a_number_is_read_as_people_write_it(client: Client, matter: Matter, shape: str) -> None:
    """Other brackets, spaces, no last character; small letters and no hyphens in the code."""
    number = matter.number
    match shape:
        case "{:号}":
            number = number.removesuffix("号")
        case "{:space}":
            number = " ".join(number)
        case "{}" | " {} ":
            number = shape.format(number)
        case _:
            left, right = shape.removeprefix("{:").removesuffix("}")
            number = number.replace("〔", left).replace("〕", right)
    code = receipts.secret_of(matter).lower().replace("-", "")
    assert client.post("/track/", {"number": number, "code": code}).status_code == 302


@pytest.mark.parametrize(
    ("number", "code"),
    [("{}", "0000-0000-0000"), ("袁纠〔2020〕1号", "{}"), ("{}", "ß" * 12), ("x" * 500, "y" * 500)],
)
def test_a_wrong_pair_opens_nothing_and_says_not_which(
    client: Client, matter: Matter, number: str, code: str
) -> None:
    """A wrong number and a wrong code are told alike."""
    code = code.format(receipts.secret_of(matter))
    answer = client.post("/track/", {"number": number.format(matter.number), "code": code})
    assert answer.status_code == 404
    assert "编号或查询码不对" in answer.content.decode()
    assert holder.COOKIE not in client.cookies
    assert not opened(client)


def test_empty_fields_are_named(client: Client, matter: Matter) -> None:
    """Nothing is tried without both."""
    answer = client.post("/track/", {"number": "", "code": ""})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "“编号”还没有填" in body
    assert "“查询码”还没有填" in body


def test_guessing_is_braked_for_that_number_only(client: Client, matter: Matter) -> None:
    """After five wrong codes even the right one waits; another place is not locked out."""
    right = {"number": matter.number, "code": receipts.secret_of(matter)}
    for _ in range(throttle.WRONG_CODE.most):
        client.post("/track/", right | {"code": "0000-0000-0000"})
    answer = client.post("/track/", right)
    assert answer.status_code == 429
    assert "15分钟" in answer.content.decode()
    assert not opened(client)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post("/track/", right).status_code == 302


def test_guessing_over_many_numbers_is_braked_too(
    client: Client, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One place cannot try number after number, nor reference after reference."""
    monkeypatch.setattr(throttle, "WRONG_ANY", throttle.Limit("codes", 3, 600))
    for n in range(3):
        client.post("/track/", {"number": f"袁纠〔2025〕{n}号", "code": "0000-0000-0000"})
    right = {"number": matter.number, "code": receipts.secret_of(matter)}
    assert client.post("/track/", right).status_code == 429
    assert client.post("/r", {"reference": receipts.reference(matter)}).status_code == 429


def test_the_reference_is_exchanged_for_a_cookie(client: Client, matter: Matter) -> None:
    """It travels in the body of a POST and leads to an address that does not hold it."""
    answer = client.post("/r", {"reference": receipts.reference(matter)})
    assert answer.headers["Location"] == "/case/"
    assert opened(client)


@pytest.mark.parametrize("reference", ["", "1", "1..", "2.2HF.0", "1.ÄÖ.0", "1.2HF.000000000000"])
def test_a_wrong_reference_opens_nothing(client: Client, matter: Matter, reference: str) -> None:
    """The page then asks for number and code."""
    answer = client.post("/r", {"reference": reference})
    assert answer.status_code == 404
    assert "查询码" in answer.content.decode()
    assert not opened(client)


def test_without_a_script_the_qr_page_asks_for_number_and_code(client: Client, db: None) -> None:
    """What follows # never came here."""
    body = client.get("/r").content.decode()
    assert 'name="number"' in body
    assert 'name="code"' in body


def test_the_cookie_holds_no_secret_and_no_script_reads_it(client: Client, matter: Matter) -> None:
    """Signed, HttpOnly, Lax, gone after a day's work."""
    code = receipts.secret_of(matter)
    client.post("/track/", {"number": matter.number, "code": code})
    cookie = client.cookies[holder.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == holder.AGE
    assert code.replace("-", "") not in cookie.value


def test_a_forged_cookie_opens_nothing(client: Client, matter: Matter, holder: Client) -> None:
    """Another matter's id under the old signature is no receipt."""
    from dingzi.portal.holder import COOKIE

    value = holder.cookies[COOKIE].value
    for forged in (value[:-1], "x" + value, "", "a:b:c"):
        holder.cookies[COOKIE] = forged
        assert not opened(holder)


def test_a_newer_receipt_shuts_the_old_one(client: Client, matter: Matter, holder: Client) -> None:
    """Cookie, code and reference of the old version open nothing from then on."""
    old = receipts.secret_of(matter)
    reference = receipts.reference(matter)
    Matter.objects.filter(id=matter.id).update(receipt=2)
    assert not opened(holder)
    assert client.post("/track/", {"number": matter.number, "code": old}).status_code == 404
    assert client.post("/r", {"reference": reference}).status_code == 404


@pytest.mark.parametrize("path", PRIVATE)
def test_without_a_receipt_one_is_asked_for_it(client: Client, matter: Matter, path: str) -> None:
    """Nothing of a case is shown, and nothing is kept by anybody."""
    answer = client.get(path)
    assert answer.headers["Location"] == "/track/"
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_one_sees_is_kept_by_nobody(holder: Client) -> None:
    """No cache, no search engine."""
    for path in ("/case/", "/receipt/"):
        answer = holder.get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "noindex" in answer.content.decode()


def test_leaving_forgets_everything_on_this_device(holder: Client) -> None:
    """The case, and what was begun."""
    holder.post("/file/disputes/1/", {"text": "写了一半"})
    assert holder.get("/leave/").status_code == 405
    assert holder.post("/leave/").headers["Location"] == "/"
    assert not opened(holder)
    assert "写了一半" not in holder.get("/file/disputes/1/").content.decode()


def test_the_number_of_the_front_page_is_brought_along(client: Client, matter: Matter) -> None:
    """It stands in the form, as text."""
    body = client.get("/track/", {"number": '"><script>x'}).content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;x"' in body


def test_staff_who_signed_in_hold_no_receipt(client: Client, matter: Matter) -> None:
    """The public's door knows receipts only."""
    from dingzi.city.models import Account

    client.force_login(Account.objects.create_user("window", password="only-for-this-test"))
    assert not opened(client)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
    ],
)
def test_a_household_s_network_counts_as_one(
    rf: RequestFactory, one: str, other: str, same: bool
) -> None:
    """Whoever has a /64 of IPv6 has more addresses than there are tries."""
    places = [throttle.address(rf.get("/", REMOTE_ADDR=at)) for at in (one, other)]
    assert (places[0] == places[1]) is same
