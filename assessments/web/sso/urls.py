"""Addresses of single sign-on."""

from allauth.socialaccount import views as accounts
from django.urls import path

from assessments.web.sso.views import callback, login, where_set_up

# The names are those that allauth looks for.
urlpatterns = [
    path("", where_set_up(accounts.connections), name="socialaccount_connections"),
    path("login/", login, name="sso_login"),
    path("login/callback/", callback, name="sso_callback"),
    path("signup/", where_set_up(accounts.signup), name="socialaccount_signup"),
    path(
        "cancelled/", where_set_up(accounts.login_cancelled), name="socialaccount_login_cancelled"
    ),
    path("error/", where_set_up(accounts.login_error), name="socialaccount_login_error"),
]
