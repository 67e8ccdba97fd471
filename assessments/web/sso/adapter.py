"""The exchange with the provider, by OpenID Connect's authorisation code flow."""

from functools import cached_property
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.http import HttpRequest
from requests import RequestException

from assessments.web.sso.tokens import TokenError, claims_of, nonce_of


class ExchangeError(OAuth2Error):  # type: ignore[misc] # allauth is untyped
    """The provider did not answer as it has to; the text holds no secret and no token."""


class Exchange(OAuth2Adapter):  # type: ignore[misc] # allauth is untyped
    """Asks the provider where its doors are, trades the code for claims, and checks them."""

    provider_id = "sso"

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._nonce = ""

    @cached_property
    def _told(self) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        server = self.get_provider().app.settings["server"]
        told = _json(f"{server}/.well-known/openid-configuration")
        if str(told.get("issuer", "")).rstrip("/") != server:
            raise ExchangeError("the provider calls itself by another address")
        return told

    def _place(self, name: str) -> str:
        place = self._told.get(name)
        if not isinstance(place, str):
            raise ExchangeError(f"the provider names no {name}")
        return place

    @property
    def access_token_url(self) -> str:
        """Return where codes are traded."""
        return self._place("token_endpoint")

    @property
    def authorize_url(self) -> str:
        """Return where people sign in."""
        return self._place("authorization_endpoint")

    @property
    def basic_auth(self) -> bool:
        """Whether the secret goes into a header; it does where nothing else is said."""
        methods = self._told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in methods

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """Trade the code, and keep which nonce its token must bear."""
        self._nonce = nonce_of(pkce_code_verifier or "")
        traded: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )
        return traded

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Return who has signed in. Raises ``ExchangeError``."""
        identity = kwargs["response"].get("id_token")
        if not isinstance(identity, str):
            raise ExchangeError("the provider sent no identity token")
        try:
            claims = claims_of(
                identity,
                _json(self._place("jwks_uri")),
                issuer=self._place("issuer"),
                client_id=app.client_id,
                nonce=self._nonce,
            )
        except TokenError as refusal:
            raise ExchangeError(f"identity token refused: {refusal}") from None
        claims = self._more(claims, token.token)
        return self.get_provider().sociallogin_from_response(request, claims)

    def _more(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """Return the claims with what the provider tells of the person on request, if it does.

        What the signed token says takes precedence (OpenID Connect Core 1.0, section 5.3.2).
        """
        if "userinfo_endpoint" not in self._told:
            return claims
        told = _json(self._place("userinfo_endpoint"), Authorization=f"Bearer {access_token}")
        if told.get("sub") != claims["sub"]:
            raise ExchangeError("the provider speaks of somebody else")
        return told | claims


def _json(url: str, **headers: str) -> dict[str, Any]:
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
    except RequestException as fault:
        raise ExchangeError(f"the provider cannot be asked: {type(fault).__name__}") from None
    if not isinstance(told, dict):
        raise ExchangeError("the provider answers in no form that is known")
    return told
