"""Single sign-on, as the environment describes it: off unless a provider is named."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import environ

from config.environment import env

_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider, and this site as its client."""

    server: str
    client_id: str
    secret: str = field(repr=False)
    name: str = "single sign-on"
    makes_accounts: bool = True

    @property
    def origin(self) -> str:
        """Return scheme, host and port: where forms that lead to it may end."""
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"


def provider() -> Provider | None:
    """Return the provider that the environment names, if any.

    Raises ``ImproperlyConfigured`` where only a part of it is set, or where it would be asked
    without encryption.
    """
    server = env.str("SPARRING_OIDC_SERVER", default="").rstrip("/")
    client = env.str("SPARRING_OIDC_CLIENT_ID", default="")
    secret = env.str("SPARRING_OIDC_SECRET", default="")
    if not server and not client and not secret:
        return None
    if not (server and client and secret):
        raise environ.ImproperlyConfigured(
            "Set SPARRING_OIDC_SERVER, SPARRING_OIDC_CLIENT_ID and SPARRING_OIDC_SECRET together."
        )
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in _ON_THIS_MACHINE:
        raise environ.ImproperlyConfigured("SPARRING_OIDC_SERVER begins with https://")
    return Provider(
        server=server,
        client_id=client,
        secret=secret,
        name=env.str("SPARRING_OIDC_NAME", default="single sign-on"),
        makes_accounts=env.bool("SPARRING_OIDC_SIGNUP", default=True),
    )
