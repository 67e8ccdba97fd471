"""Keys for scripts: made, told once, looked up by digest, revoked."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Scope, Token, User

PREFIX = "sparring_"
MOST_TOKENS = 50
MOST_DAYS = 366
_SHOWN = len(PREFIX) + 6
_NOTED_EVERY = timedelta(minutes=1)


class TokenRefusedError(ValueError):
    """No token is made; the text says why, ``field`` what it is about."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


def make_token(
    user: User, name: str, scopes: Collection[str], days: int, *, now: datetime | None = None
) -> tuple[Token, str]:
    """Make a token and return it with its text, which nobody can be told again.

    256 random bits need no slow hash: their digest cannot be guessed from either side. Raises
    ``TokenRefusedError``.
    """
    now = now or timezone.now()
    _check(user, name, scopes, days, now)
    text = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name.strip(),
        scopes=sorted(set(scopes)),
        digest=_digest(text),
        start=text[:_SHOWN],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, text


def _check(user: User, name: str, scopes: Collection[str], days: int, now: datetime) -> None:
    if not name.strip():
        raise TokenRefusedError("name", _("Give it a name by which you know it again."))
    if not scopes or not set(scopes) <= set(Scope.values):
        raise TokenRefusedError("scopes", _("Choose at least one of the scopes that there are."))
    if not 1 <= days <= MOST_DAYS:
        told = _("A token is good for 1 to %(most)d days.") % {"most": MOST_DAYS}
        raise TokenRefusedError("days", told)
    if good_tokens(user, now).count() >= MOST_TOKENS:
        told = _("You have %(most)d tokens already; revoke one first.") % {"most": MOST_TOKENS}
        raise TokenRefusedError("name", told)


def good_tokens(user: User, now: datetime | None = None) -> QuerySet[Token]:
    """Return the tokens of a person that still open something."""
    return Token.objects.filter(user=user, revoked_at=None, expires_at__gt=now or timezone.now())


def token_of(text: str, now: datetime | None = None) -> Token | None:
    """Return the token that a text is, with its person; None where it opens nothing any more.

    That it was used is noted, to the minute.
    """
    now = now or timezone.now()
    good = Q(revoked_at=None, expires_at__gt=now, user__is_active=True)
    token = Token.objects.select_related("user").filter(good, digest=_digest(text)).first()
    if token is not None and (token.used_at is None or now - token.used_at > _NOTED_EVERY):
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token


def revoke(token: Token, now: datetime | None = None) -> None:
    """Let a token open nothing any more; safe to repeat."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now or timezone.now())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
