"""A person's own tokens for scripts: made, told once, revoked."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Scope, Token
from assessments.services.tokens import MOST_DAYS, TokenRefusedError, make_token, revoke
from assessments.web.requests import SignedIn, find

SHOWN = 100


class TokenForm(forms.Form):
    """What a new token is called, what it may be used for, and how long."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("By which you know it again: the script, or the machine it is on."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it expires"), min_value=1, max_value=MOST_DAYS, initial=90
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("text")
def tokens(request: SignedIn) -> HttpResponse:
    """List one's tokens; make one, and tell it this once."""
    form = TokenForm(request.POST if request.method == "POST" else None, label_suffix="")
    text = ""
    if form.is_bound and form.is_valid():
        try:
            _token, text = make_token(request.user, **form.cleaned_data)
        except TokenRefusedError as fault:
            form.add_error(fault.field, str(fault))
        else:
            form = TokenForm(label_suffix="")
    now = timezone.now()
    context = {
        "form": form,
        "text": text,
        "tokens": [_line(token, now) for token in Token.objects.filter(user=request.user)[:SHOWN]],
    }
    return render(request, "web/tokens.html", context, status=422 if form.errors else 200)


def _line(token: Token, now: datetime) -> dict[str, object]:
    words = [Scope(scope).label for scope in token.scopes if scope in Scope.values]
    state = ""
    if token.revoked_at is not None:
        state = _("revoked")
    elif token.expires_at <= now:
        state = _("expired")
    return {"token": token, "words": words, "state": state}


@login_required
@require_POST
def revoke_token(request: SignedIn, pk: int) -> HttpResponse:
    """Revoke one of one's tokens."""
    token = find(Token.objects.filter(user=request.user), pk=pk)
    revoke(token)
    told = _("“%(name)s” is revoked: it opens nothing any more.")
    messages.success(request, told % {"name": token.name})
    return redirect("web:tokens")
