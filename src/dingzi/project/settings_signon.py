"""Signing in: passwords with lock-out, a second factor, a city's own sign-on (OpenID Connect).

From the environment: ``DINGZI_OIDC_ISSUER``, ``DINGZI_OIDC_CLIENT_ID``, ``DINGZI_OIDC_SECRET``
turn a city's own sign-on on; ``DINGZI_OIDC_NAME`` is what its button says;
``DINGZI_OIDC_SECOND_FACTOR=1`` says that it asks for a second factor itself;
``DINGZI_SECOND_FACTOR_ROLES`` lists the roles, separated by commas, whose holders need one.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from .config import ConfigError

AUTH_USER_MODEL = "city.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/work/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "dingzi.city.signon.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "dingzi.city.forms.LoginForm",
    "reauthenticate": "dingzi.city.forms.ReauthenticateForm",
    "change_password": "dingzi.city.forms.PasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth wants to know
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # offices share machines: a session ends with the browser
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600

SOCIALACCOUNT_ADAPTER = "dingzi.city.signon.SocialAccountAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_STORE_TOKENS = False

MFA_ADAPTER = "dingzi.city.signon.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "dingzi.city.forms.CodeForm",
    "reauthenticate": "dingzi.city.forms.CodeAgainForm",
    "activate_totp": "dingzi.city.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a phone's clock may differ
SECOND_FACTOR_ROLES = tuple(
    role.strip() for role in os.environ.get("DINGZI_SECOND_FACTOR_ROLES", "").split(",") if role.strip()
)  # fmt: skip
OIDC_IS_SECOND_FACTOR = os.environ.get("DINGZI_OIDC_SECOND_FACTOR", "") == "1"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "dingzi.project.middleware.client_ip"
AXES_USERNAME_CALLABLE = "dingzi.city.signon.username_tried"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is nobody's business here
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False


def oidc(environ: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Return allauth's providers and the issuer's origin (for form-action); both empty without one.

    Raises ConfigError where only a part is set or the issuer is no address.
    """
    names = ("DINGZI_OIDC_ISSUER", "DINGZI_OIDC_CLIENT_ID", "DINGZI_OIDC_SECRET")
    issuer, client, secret = (environ.get(name, "") for name in names)
    if not any((issuer, client, secret)):
        return {}, ""
    if lacking := [name for name in names if not environ.get(name)]:
        raise ConfigError(f"{', '.join(lacking)}: set all of {', '.join(names)}, or none")
    split = urlsplit(issuer)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ConfigError(f"DINGZI_OIDC_ISSUER={issuer!r}: write http(s)://host[:port][/path]")
    app = {
        "provider_id": "city",
        "name": environ.get("DINGZI_OIDC_NAME", ""),
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/"), "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}, f"{split.scheme}://{split.netloc}"


SOCIALACCOUNT_PROVIDERS, OIDC_ORIGIN = oidc(dict(os.environ))
