"""The provider as allauth sees it: where to send people, and what is taken from their claims.

Somebody is known by issuer and subject. Of an address nothing is taken unless the provider says,
by the JSON value ``true``, that it has verified it.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from django.http import HttpRequest

from assessments.web.sso.adapter import Exchange
from assessments.web.sso.tokens import nonce_of


class SignOn(OAuth2Provider):  # type: ignore[misc] # allauth is untyped
    """The one provider that the settings name."""

    id = "sso"
    name = "OpenID Connect"
    account_class = ProviderAccount
    oauth2_adapter_class = Exchange

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = self.app.name

    def get_default_scope(self) -> list[str]:
        """Return what is asked for."""
        return ["openid", "profile", "email"]

    def get_scope_from_request(self, _request: HttpRequest) -> list[str]:
        """Ask for the same of everybody, whatever an address says."""
        return self.get_default_scope()

    def get_auth_params_from_request(self, _request: HttpRequest, _action: str) -> dict[str, str]:
        """Let no address add to what the provider is asked."""
        return {}

    def get_pkce_params(self) -> dict[str, str]:
        """Prove by PKCE (RFC 7636) that who began is who ends, and tie the token to it too."""
        made: dict[str, str] = generate_code_challenge()
        return made | {"nonce": nonce_of(made["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the subject."""
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep no more than who it was."""
        return {name: data[name] for name in ("iss", "sub") if name in data}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what a new account begins with."""
        fields = {
            "username": data.get("preferred_username"),
            "name": data.get("name"),
            "first_name": data.get("given_name"),
            "last_name": data.get("family_name"),
        }
        return fields | ({"email": data["email"]} if _is_verified(data) else {})

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, if the provider has verified it."""
        if not _is_verified(data):
            return []
        return [EmailAddress(email=data["email"], verified=True, primary=True)]


def _is_verified(data: dict[str, Any]) -> bool:
    return bool(data.get("email")) and data.get("email_verified") is True


provider_classes = [SignOn]
