"""Every address of the web process."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


handler400 = "assessments.api.outside.bad_request"
handler500 = "assessments.api.outside.server_error"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("assessments.watching.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sso/", include("assessments.web.sso.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("assessments.api.urls")),
    path("", include("assessments.web.urls")),
]
