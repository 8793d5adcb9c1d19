"""Sign-on: the few of allauth's pages that a city's staff need.

There is no sign-up, no reset by mail, and no connecting of accounts by the user himself: accounts
are opened in the city's book, and a lost password is set anew by the city's operator.
"""

from allauth.account import views as account
from allauth.mfa.base import urls as mfa_base
from allauth.mfa.recovery_codes import urls as recovery_codes
from allauth.mfa.totp import urls as totp
from allauth.socialaccount import views as social
from django.urls import include, path

from . import oidc, views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("2fa/", include(mfa_base)),
    path("2fa/totp/", include(totp)),
    path("2fa/recovery-codes/", include(recovery_codes)),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
