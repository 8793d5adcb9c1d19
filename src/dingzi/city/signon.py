"""Sign-on rules: accounts are opened in the city's book, never by signing up.

A city's own sign-on (OpenID Connect) is matched to an account once, by ``preferred_username``, and
from then on by ``sub``: a name given to another person there does not open the first one's account.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from .models import Account


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("账号或密码不对。请核对大小写，再试一次。"),
        "account_inactive": _("这个账号已经停用。请找本单位的管理员。"),
        "too_many_login_attempts": _("试的次数太多，请过五分钟再试。"),
        "enter_current_password": _("现在的密码不对，请再输一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count no tries here: axes does, over all processes, and locks in plain words."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that axes counts by, so that both see the same client."""
        address: str = import_string(settings.AXES_CLIENT_IP_CALLABLE)(request)
        return address


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie a first sign-on to the account of that name; refuse every other."""
        if sociallogin.is_existing:
            return
        name = sociallogin.user.username if sociallogin.user else ""
        account = Account.objects.filter(username=name, is_active=True).first() if name else None
        provider = sociallogin.account.provider
        if account is None:
            self._refuse(request, "unknown", name)
        elif SocialAccount.objects.filter(user=account, provider=provider).exists():
            self._refuse(request, "other", name)
        else:
            sociallogin.connect(request, account)

    @staticmethod
    def _refuse(request: HttpRequest, why: str, name: str) -> None:
        page = render(request, "account/not_linked.html", {"why": why, "name": name}, status=403)
        raise ImmediateHttpResponse(page)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted under a key outside the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对。请看手机上最新的六位数字；手机的时间要准。"),
    }

    def get_totp_issuer(self) -> str:
        return "Dingzi 钉子"

    def build_totp_svg(self, url: str) -> str:
        """Draw the code on white, so that it can be scanned on a dark page too."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=4, light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"dingzi second factor")
    return Fernet(urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))


def username_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name under which axes counts tries: as allauth looks it up, whatever its case."""
    name = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(name).strip().casefold()[:255]
