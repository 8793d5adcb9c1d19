"""A city's own sign-on, from the button to the inbox, against an issuer of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from dingzi.city.models import Account
from dingzi.project.config import ConfigError
from dingzi.project.settings_signon import oidc
from tests.city.conftest import Record
from tests.city.issuer import CLIENT, SECRET, Issuer, key


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    issuer = Issuer()
    settings.SOCIALACCOUNT_PROVIDERS, _ = oidc(
        {
            "DINGZI_OIDC_ISSUER": issuer.url,
            "DINGZI_OIDC_CLIENT_ID": CLIENT,
            "DINGZI_OIDC_SECRET": SECRET,
            "DINGZI_OIDC_NAME": "赣政通",
        }
    )
    yield issuer
    issuer.close()


def sign_on(issuer: Issuer, browser: Client | None = None, next_url: str = "") -> Any:
    """Press the button, approve at the issuer, come back; returns the last answer."""
    browser = browser or Client()
    start = "/accounts/oidc/city/login/" + (f"?next={next_url}" if next_url else "")
    away = browser.post(start)
    assert away.status_code == 302, away.content.decode()
    assert away["Location"].startswith(issuer.url + "/authorize")
    back = urlsplit(issuer.approve(away["Location"]))
    return browser.get(f"{back.path}?{back.query}")


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_the_login_page_offers_the_button(city: Record, issuer: Issuer) -> None:
    """With an issuer set up, its name stands on the login page."""
    page = Client().get("/accounts/login/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "用“赣政通”登录" in page
    assert "/accounts/oidc/city/login/" in page


def test_without_an_issuer_there_is_no_button(city: Record) -> None:
    """Without one the page has only the password, and the address leads nowhere."""
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/oidc/city/login/").status_code == 404


def test_signs_on_the_account_of_that_name(city: Record, issuer: Issuer) -> None:
    """The first sign-on ties the name to the account; no account is made and no token kept."""
    accounts = Account.objects.count()
    browser = Client()
    answer = sign_on(issuer, browser)
    assert answer.status_code == 302
    assert answer["Location"] == "/work/"
    assert signed_in(browser)
    tie = SocialAccount.objects.get()
    assert (tie.user.username, tie.uid) == ("zhao", "1")
    assert Account.objects.count() == accounts
    assert not SocialToken.objects.exists()


def test_a_later_sign_on_goes_by_sub(city: Record, issuer: Issuer) -> None:
    """Renamed at the issuer, the person is still the same; the tie is by sub."""
    sign_on(issuer)
    issuer.user = {"sub": "1", "preferred_username": "zhao.new"}
    browser = Client()
    sign_on(issuer, browser)
    assert browser.session["_auth_user_id"] == str(Account.objects.get(username="zhao").pk)


def test_a_name_given_to_another_opens_nothing(city: Record, issuer: Issuer) -> None:
    """Another person who gets the name at the issuer does not get the account."""
    sign_on(issuer)
    issuer.user = {"sub": "2", "preferred_username": "zhao"}
    browser = Client()
    answer = sign_on(issuer, browser)
    assert answer.status_code == 403
    assert not signed_in(browser)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("name", ["nobody", "", None, "ZHAO"])
def test_an_unknown_name_makes_no_account(city: Record, issuer: Issuer, name: str | None) -> None:
    """Who has no account here is told so; nothing is made."""
    issuer.user = {"sub": "9", **({"preferred_username": name} if name is not None else {})}
    accounts = Account.objects.count()
    browser = Client()
    answer = sign_on(issuer, browser)
    assert answer.status_code == 403
    assert not signed_in(browser)
    assert (Account.objects.count(), SocialAccount.objects.count()) == (accounts, 0)


def test_a_closed_account_stays_closed(city: Record, issuer: Issuer) -> None:
    """Neither a first nor a later sign-on opens a closed account."""
    sign_on(issuer)
    city("account_closed", {"username": "zhao", "on": datetime.now(UTC).date().isoformat()})
    browser = Client()
    sign_on(issuer, browser)
    assert not signed_in(browser)
    SocialAccount.objects.all().delete()
    assert sign_on(issuer, browser).status_code == 403


def _expired() -> int:
    return int((datetime.now(UTC) - timedelta(hours=1)).timestamp())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda issuer: setattr(issuer, "signer", key("another")),
        lambda issuer: setattr(issuer, "algorithm", "none"),
        lambda issuer: setattr(issuer, "algorithm", "HS256"),
        lambda issuer: setattr(issuer, "claims", {"aud": "somebody else"}),
        lambda issuer: setattr(issuer, "claims", {"iss": "https://evil.example"}),
        lambda issuer: setattr(issuer, "claims", {"exp": _expired()}),
        lambda issuer: setattr(issuer, "claims", {"exp": None}),
        lambda issuer: setattr(issuer, "claims", {"sub": None}),
        lambda issuer: setattr(issuer, "info", {"sub": "2"}),
        lambda issuer: setattr(issuer, "calls_itself", "https://evil.example"),
    ],
    ids=["key", "none", "shared", "audience", "issuer", "expired", "endless", "nobody", "swapped", "name"],
)  # fmt: skip
def test_a_token_that_cannot_be_trusted(
    city: Record, issuer: Issuer, spoil: Callable[[Issuer], None]
) -> None:
    """Wrong signature, audience, issuer, time or subject: no sign-on, a page in plain words."""
    spoil(issuer)
    browser = Client()
    answer = sign_on(issuer, browser)
    assert "统一身份" in answer.content.decode()
    assert not signed_in(browser)
    assert not SocialAccount.objects.exists()


def test_a_forged_return_is_refused(city: Record, issuer: Issuer) -> None:
    """A code without the state that this browser was given leads nowhere."""
    away = Client().post("/accounts/oidc/city/login/")
    back = urlsplit(issuer.approve(away["Location"]))
    victim = Client()
    answer = victim.get(f"{back.path}?{back.query}")
    assert answer.status_code in (200, 401)
    assert not signed_in(victim)


def test_a_link_cannot_start_it(city: Record, issuer: Issuer) -> None:
    """Only our own form starts a sign-on."""
    assert Client().get("/accounts/oidc/city/login/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/oidc/city/login/").status_code == 403


def test_comes_back_to_the_page_asked_for(city: Record, issuer: Issuer) -> None:
    """A page of ours is come back to, another site is not."""
    assert sign_on(issuer, next_url="/work/figures/")["Location"] == "/work/figures/"
    assert sign_on(issuer, next_url="https://evil.example/")["Location"] == "/work/"


def test_an_issuer_out_of_reach(city: Record, issuer: Issuer) -> None:
    """Where the issuer does not answer, a page says so; no error, nobody signed in."""
    issuer.close()
    browser = Client()
    answer = browser.post("/accounts/oidc/city/login/")
    assert answer.status_code == 502
    assert "回登录页" in answer.content.decode()


@pytest.mark.parametrize(
    "environ",
    [
        {"DINGZI_OIDC_ISSUER": "https://id.example"},
        {
            "DINGZI_OIDC_ISSUER": "id.example",
            "DINGZI_OIDC_CLIENT_ID": "x",
            "DINGZI_OIDC_SECRET": "y",
        },
    ],
)
def test_half_a_configuration_is_named(environ: dict[str, str]) -> None:
    """A configuration that cannot work says which variable and what to write."""
    with pytest.raises(ConfigError, match="DINGZI_OIDC"):
        oidc(environ)
