"""The way to the provider and the way back; without a provider, none of it exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from assessments.web.sso.adapter import Exchange, ExchangeError

View = Callable[..., HttpResponse]


def where_set_up(view: View) -> View:
    """Let a page be there only where the settings name a provider."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SIGN_ON is None:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _told(view: View) -> View:
    """Show a page of ours where the provider cannot even be asked."""

    @wraps(view)
    def act(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except ExchangeError as fault:
            provider = Exchange(request).get_provider()
            shown: HttpResponse = render_authentication_error(request, provider, exception=fault)
            return shown

    return act


login = where_set_up(_told(OAuth2LoginView.adapter_view(Exchange)))
callback = where_set_up(_told(OAuth2CallbackView.adapter_view(Exchange)))
