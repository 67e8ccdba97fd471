"""What an identity token has to be before anything in it is believed.

OpenID Connect Core 1.0, section 3.1.3.7. The signature is checked although the token comes straight
from the provider: a proxy or a stolen name between the two then gains nothing.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import jwt

#: Asymmetric ones alone: with the others, whoever knows the client's secret could sign.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
_LEEWAY_SECONDS = 60


class TokenError(ValueError):
    """A token is not to be believed; the text says why, and holds nothing of the token."""


def nonce_of(verifier: str) -> str:
    """Return the nonce that belongs to a sign-in, by the secret that its session keeps."""
    return hashlib.sha256(b"nonce " + verifier.encode()).hexdigest()


def claims_of(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Return what a token says, once it is known to be the provider's, for us, and for this time.

    ``keys`` is the provider's set of keys (RFC 7517). Raises ``TokenError``.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise TokenError("signed by an algorithm that is not taken, or not at all")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(keys, header.get("kid")),
            algorithms=[header["alg"]],
            issuer=issuer,
            audience=client_id,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except jwt.PyJWTError as fault:
        raise TokenError(type(fault).__name__) from None
    if not hmac.compare_digest(str(claims["nonce"]), nonce):
        raise TokenError("nonce of another sign-in")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise TokenError("made for another client")
    return claims


def _key(keys: Mapping[str, Any], wanted: str | None) -> jwt.PyJWK:
    found = jwt.PyJWKSet.from_dict(dict(keys)).keys
    fits = [key for key in found if wanted is None or key.key_id == wanted]
    if len(fits) != 1:
        raise TokenError("signed by a key that is not the provider's")
    return fits[0]
