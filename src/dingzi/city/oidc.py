"""A city's own sign-on by OpenID Connect: allauth's flow, with every check made.

allauth leaves out the signature of an ID token that it fetched itself; inside a city's network the
issuer is often reached without TLS. OpenID Connect Discovery 1.0, 4.3 (issuer); Core 1.0, 3.1.3.7
(ID token) and 5.3.2 (user information).
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from dingzi.core.doors import public

#: Public-key signatures only: with a shared secret anybody who knows it could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
#: Seconds by which the issuer's clock may differ from ours.
LEEWAY = 60


class Issuer(OpenIDConnectOAuth2Adapter):
    """Turns the issuer's answer into a sign-on; raises OAuth2Error where it cannot be trusted."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        if "userinfo_endpoint" in self.openid_config:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the user information is about somebody else")
            claims |= told
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        issuer = self.openid_config["issuer"]
        if issuer.rstrip("/") != app.settings["server_url"]:
            raise OAuth2Error("the issuer calls itself by another name than it is set up with")
        try:
            kid = jwt.get_unverified_header(id_token).get("kid")
            keys = [key for key in self._keys() if kid is None or key.key_id == kid]
            if len(keys) != 1:
                raise OAuth2Error("the ID token names no key of the issuer")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                keys[0].key,
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except (jwt.PyJWTError, TypeError) as error:
            raise OAuth2Error("the ID token cannot be trusted") from error
        return claims

    def _keys(self) -> list[jwt.PyJWK]:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            return jwt.PyJWKSet.from_dict(response.json()).keys


@public
@never_cache
@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the issuer; by POST only, so that no other site can start it."""
    return _run(OAuth2LoginView, request, provider_id)


@public
@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the browser back from the issuer."""
    return _run(OAuth2CallbackView, request, provider_id)


def _run(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(Issuer(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response
