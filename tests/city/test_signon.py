"""Signing in with a password and a second factor; the pages around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from dingzi.city import roles, second_factor
from dingzi.city.models import Account
from dingzi.city.roles import Role
from tests.city.conftest import Record

PASSWORD = "ding-zi-2020"
Get = Callable[[str], Account]


@pytest.fixture(autouse=True)
def _no_rate_limits(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


def sign_in(browser: Client, name: str = "zhao", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/accounts/login/", {"login": name, "password": password, **more})


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_signs_in_and_out(account: Get) -> None:
    """The right password leads to the workbench; signing out is asked for and leads home."""
    account("zhao")
    browser = Client()
    answer = sign_in(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert signed_in(browser)
    assert browser.get("/accounts/logout/").status_code == 200
    assert signed_in(browser)
    assert browser.post("/accounts/logout/")["Location"] == "/"
    assert not signed_in(browser)


def test_the_session_ends_with_the_browser(account: Get) -> None:
    """Offices share machines."""
    account("zhao")
    browser = Client()
    sign_in(browser)
    cookie = browser.cookies["dingzi"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "账号或密码不对"), ("en", "The account or the password is wrong")],
)
def test_a_wrong_password_says_nothing_of_the_account(
    account: Get, language: str, words: str
) -> None:
    """The same words for a wrong password and an unknown account, and what was typed stays."""
    account("zhao")
    pages = []
    for name in ("zhao", "nobody"):
        browser = Client(headers={"accept-language": language})
        page = sign_in(browser, name, "wrong").content.decode()
        assert words in page
        assert f'value="{name}"' in page
        pages.append(page.count(words))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "账号锁住了"), ("en", "locked")])
def test_five_wrong_tries_lock(account: Get, language: str, words: str) -> None:
    """After five wrong passwords even the right one does not help, and a page says what does."""
    account("zhao")
    browser = Client(headers={"accept-language": language})
    for _ in range(4):
        assert sign_in(browser, password="wrong").status_code == 200
    fifth = sign_in(browser, password="wrong")
    assert fifth.status_code == 429
    locked = sign_in(browser)
    assert locked.status_code == 429
    assert words in locked.content.decode()
    assert not signed_in(browser)


def test_the_case_of_a_name_gives_no_more_tries(account: Get) -> None:
    """ZHAO and zhao are counted as one."""
    account("zhao")
    for name in ("zhao", "ZHAO", "Zhao", " zhao", "zHao"):
        answer = sign_in(Client(), name, "wrong")
    assert answer.status_code == 429


def test_a_lock_is_for_one_name_from_one_place(account: Get) -> None:
    """Somebody else, or the same person from elsewhere, is not locked out by it."""
    account("zhao")
    account("qian")
    for _ in range(6):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 429
    assert sign_in(Client(), "qian").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302


def test_a_lock_ends_by_itself(account: Get, at: Callable[..., Any]) -> None:
    """After an hour the right password opens again, and the tries are forgotten."""
    account("zhao")
    clock = at("2025-09-26T10:00+08:00")
    for _ in range(5):
        sign_in(Client(), password="wrong")
    clock.shift(30 * 60)
    assert sign_in(Client()).status_code == 429
    at("2025-09-26T11:31+08:00")
    assert sign_in(Client()).status_code == 302


def test_the_operator_opens_a_lock(account: Get) -> None:
    """The command named in docs/city.md works."""
    account("zhao")
    for _ in range(5):
        sign_in(Client(), password="wrong")
    call_command("axes_reset_username", "zhao", verbosity=0)
    assert sign_in(Client()).status_code == 302


def test_a_closed_account_cannot_sign_in(city: Record, account: Get) -> None:
    """A closed account is treated as an unknown one."""
    account("zhao")
    city("account_closed", {"username": "zhao", "on": "2025-09-26"})
    browser = Client()
    sign_in(browser)
    assert not signed_in(browser)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil",
    ],
)
def test_no_open_redirect(account: Get, target: str) -> None:
    """A foreign address in next= is not followed, at login or logout."""
    account("zhao")
    browser = Client()
    assert sign_in(browser, next=target)["Location"] == "/work/"
    assert browser.post("/accounts/logout/", {"next": target})["Location"] == "/"


def test_comes_back_to_the_page_asked_for(account: Get) -> None:
    """A page of ours in next= is."""
    account("zhao")
    assert sign_in(Client(), next="/work/figures/?a=1")["Location"] == "/work/figures/?a=1"


def test_a_forged_host_is_refused(account: Get) -> None:
    """A request under another host's name gets nothing, and no address built from it."""
    account("zhao")
    answer = Client(HTTP_HOST="evil.example").get("/accounts/login/")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


def test_forms_need_their_token(account: Get) -> None:
    """Another site cannot sign somebody in or out."""
    account("zhao")
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert strict.post("/accounts/logout/").status_code == 403


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_reset_password", "account_email", "socialaccount_signup",
     "socialaccount_connections", "account_set_password", "account_confirm_email"],
)  # fmt: skip
def test_only_what_staff_need_is_there(name: str) -> None:
    """Signing up, mail and connecting accounts have no address."""
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/", "email/", "social/connections/", ""]
)
def test_other_addresses_of_allauth_are_closed(db: None, path: str) -> None:
    """They answer like any address that does not exist."""
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_a_password_is_changed(account: Get) -> None:
    """The old one is asked for, a weak one refused, and this session goes on."""
    account("zhao")
    browser = Client()
    sign_in(browser)
    form = {"oldpassword": "wrong", "password1": "zhu-zi-2021", "password2": "zhu-zi-2021"}
    assert browser.post("/accounts/password/", form).status_code == 200
    weak = form | {"oldpassword": PASSWORD, "password1": "1234567890", "password2": "1234567890"}
    assert browser.post("/accounts/password/", weak).status_code == 200
    assert Account.objects.get(username="zhao").check_password(PASSWORD)
    other = Client()
    sign_in(other)
    assert browser.post("/accounts/password/", form | {"oldpassword": PASSWORD}).status_code == 302
    assert Account.objects.get(username="zhao").check_password("zhu-zi-2021")
    assert browser.get("/accounts/password/").status_code == 200
    assert other.get("/accounts/password/").status_code == 302


def test_who_signs_on_elsewhere_has_no_password_here(city: Record) -> None:
    """An account without a password is told where to change it."""
    browser = Client()
    browser.force_login(Account.objects.get(username="zhao"))
    assert "统一身份" in browser.get("/accounts/password/").content.decode()


# ---- second factor -----------------------------------------------------------------------------


def activate(browser: Client) -> str:
    """Set the second factor up as a person does; returns the secret."""
    page = browser.get("/accounts/2fa/totp/activate/")
    if page.status_code == 302:
        assert page["Location"].startswith("/accounts/reauthenticate/")
        browser.post(page["Location"], {"password": PASSWORD})
        page = browser.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    assert "data:image/svg+xml;base64," in page.content.decode()
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def recovery_codes(browser: Client) -> list[str]:
    codes: list[str] = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    return codes


def test_a_second_factor_is_asked_for(account: Get) -> None:
    """Once set up, the password alone is not enough; a right code is."""
    account("zhao")
    browser = Client()
    sign_in(browser)
    secret = activate(browser)
    browser = Client()
    assert sign_in(browser)["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(browser)
    page = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "验证码不对" in page.content.decode()
    assert not signed_in(browser)
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer["Location"] == "/work/"
    assert signed_in(browser)


def test_a_recovery_code_works_once(account: Get) -> None:
    """Without the phone, one of the ten codes opens, and then no more."""
    account("zhao")
    browser = Client()
    sign_in(browser)
    activate(browser)
    codes = recovery_codes(browser)
    assert len(codes) == 10
    for opens in (True, False):
        browser = Client()
        sign_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(browser) is opens


def test_secrets_are_not_in_the_database(account: Get) -> None:
    """The database alone does not give the codes."""
    account("zhao")
    browser = Client()
    sign_in(browser)
    secret = activate(browser)
    kept = str(list(Authenticator.objects.values("data")))
    assert secret not in kept
    assert recovery_codes(browser)[0] not in kept


def test_duties_may_demand_a_second_factor(account: Get, settings: Any) -> None:
    """Where the city asks it of a role, its holder does nothing before it is set up."""
    settings.SECOND_FACTOR_ROLES = ("window",)
    account("zhao")
    browser = Client()
    sign_in(browser)
    answer = browser.get("/work/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert answer.wsgi_request.viewer.posts == frozenset()
    page = browser.get("/accounts/login/")
    assert page.wsgi_request.viewer.roles == frozenset()
    activate(browser)
    answer = browser.get("/accounts/2fa/")
    assert answer.wsgi_request.viewer.roles == {"window"}
    browser.post("/accounts/2fa/totp/deactivate/")
    assert browser.get("/accounts/2fa/").wsgi_request.viewer.roles == frozenset()


def test_other_duties_do_not_need_it(account: Get, settings: Any) -> None:
    """A role that the city has not named is not asked."""
    settings.SECOND_FACTOR_ROLES = ("leader",)
    account("zhao")
    browser = Client()
    sign_in(browser)
    assert browser.get("/accounts/2fa/").wsgi_request.viewer.roles == {"window"}


def test_a_mechanism_may_demand_it(account: Get, settings: Any) -> None:
    """A role marked by who declares it asks for the second factor, except in a demonstration."""
    roles.register(Role(name="steward", zh="系统管理", en="Steward", second_factor=True))
    assert second_factor.required_roles() == {"steward"}
    settings.DEMO = True
    assert second_factor.required_roles() == frozenset()


def test_every_page_of_sign_on_speaks_both_languages(account: Get) -> None:
    """Each page renders in both languages and leaves no Chinese on the English one."""
    account("zhao")
    paths = ["/accounts/login/", "/accounts/inactive/", "/accounts/oidc/cancelled/",
             "/accounts/oidc/error/"]  # fmt: skip
    inside = ["/accounts/logout/", "/accounts/password/", "/accounts/2fa/",
              "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/",
              "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/",
              "/accounts/2fa/totp/deactivate/", "/accounts/2fa/reauthenticate/"]  # fmt: skip
    for language in ("zh-hans", "en"):
        Authenticator.objects.all().delete()
        browser = Client(headers={"accept-language": language})
        pages = {path: browser.get(path) for path in paths}
        sign_in(browser)
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        pages |= {path: browser.get(path) for path in inside[:5]}
        activate(browser)
        pages |= {path: browser.get(path) for path in inside[5:]}
        for path, page in pages.items():
            assert page.status_code == (401 if "error" in path else 200), path
            text = re.sub(
                r"<[^>]*>", " ", page.content.decode().partition("<main")[2].partition("</main>")[0]
            )
            chinese = re.findall("[\u4e00-\u9fff]+", text)
            assert bool(chinese) is (language == "zh-hans"), (path, chinese)
