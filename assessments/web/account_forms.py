"""Forms of accounts, where the words or the hints to browsers have to be others."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):  # type: ignore[misc] # allauth is untyped
    """Name or address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("User name or e-mail address")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["remember"].label = _("Stay signed in on this device")
