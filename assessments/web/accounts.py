"""Who may make an account, who is told what, and when a locked name may try again."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments.models import User
from assessments.ready import Ready

log = structlog.get_logger(__name__)

_BY_KEY = Ready(lambda key: User.objects.filter(pk=key))


class Passwords(AuthenticationBackend):  # type: ignore[misc] # allauth is untyped
    """Sign-in by name or address and password; who has signed in is read with every request."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active account with this key."""
        found = _BY_KEY.one(user_id)
        return found if found and self.user_can_authenticate(found) else None


class Accounts(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts with a password."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Whether anybody may make an account."""
        return bool(settings.SIGNUP_OPEN)


class SignOnAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts of those who sign in elsewhere; the one provider is the settings'."""

    def list_apps(
        self, _request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the provider, if there is one. An account is tied to its address: were another
        put in its place, its subjects would be other people."""
        known = settings.SIGN_ON
        if known is None or (client_id and client_id != known.client_id):
            return []
        if provider not in (None, "sso", known.server):
            return []
        return [
            SocialApp(
                provider="sso",
                provider_id=known.server,
                name=known.name,
                client_id=known.client_id,
                secret=known.secret,
                settings={"server": known.server},
            )
        ]

    def is_open_for_signup(self, _request: HttpRequest, _login: SocialLogin) -> bool:
        """Whether the provider's people get an account when they first come."""
        return settings.SIGN_ON is not None and settings.SIGN_ON.makes_accounts

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return the account that has the same address, verified by the provider and by us.

        A superuser's account is joined only by its owner, signed in.
        """
        verified = [each.email for each in sociallogin.email_addresses if each.verified]
        for email in verified:
            known = EmailAddress.objects.filter(email__iexact=email, verified=True)
            row = known.select_related("user").first()
            if row is not None and not row.user.is_superuser:
                return row.user, email
        return None

    def on_authentication_error(
        self,
        _request: HttpRequest,
        _provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: Any = None,  # noqa: ARG002 (named so by allauth)
    ) -> None:
        """Log why, in our own words: what came back may hold codes and tokens."""
        ours = type(exception).__module__.startswith("assessments.")
        why = str(exception) if ours else type(exception).__name__
        log.warning("sign_on_failed", error=str(error), why=why)


def locked(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Say to whoever typed too many wrong passwords when to come back."""
    until = _until(request, credentials)
    seconds = max(1, ceil((until - timezone.now()).total_seconds()))
    context = {"until": until, "minutes": ceil(seconds / 60)}
    response = render(request, "web/locked.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _until(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    """Return when the last failure that counts is forgotten."""
    name = get_client_username(request, credentials)
    failures = AccessAttempt.objects.filter(
        username=name,
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined] # by axes' middleware
    )
    latest = failures.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return (latest or timezone.now()) + (get_cool_off(request) or timedelta())
