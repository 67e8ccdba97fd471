"""Addresses of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from assessments.api.views.assessments import Assessments
from assessments.api.views.attempts import Attempts
from assessments.api.views.courses import Concepts, Courses, Questions
from assessments.api.views.nothing import Nothing
from assessments.api.views.responses import Responses
from assessments.api.views.results import Results
from assessments.api.views.sittings import Sittings
from assessments.api.views.submissions import Submissions
from assessments.api.views.tokens import Me, Tokens
from assessments.api.views.variants import Variants

app_name = "api"
router = SimpleRouter()
router.register("tokens", Tokens, "token")
router.register("courses", Courses, "course")
router.register("concepts", Concepts, "concept")
router.register("questions", Questions, "question")
router.register("attempts", Attempts, "attempt")
router.register("responses", Responses, "response")
router.register("submissions", Submissions, "submission")
router.register("assessments", Assessments, "assessment")
router.register("sittings", Sittings, "sitting")

urlpatterns = [
    path("me/", Me.as_view({"get": "retrieve"}), name="me"),
    path("courses/<slug:slug>/results/", Results.as_view({"get": "retrieve"}), name="results"),
    path(
        "questions/<slug:slug>/variants/<int:seed>/",
        Variants.as_view({"get": "retrieve"}),
        name="variant",
    ),
    *router.urls,
    path("openapi.yaml", SpectacularAPIView.as_view(), name="schema"),
    path("", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="browse"),
    re_path("", Nothing.as_view(), name="nothing"),
]
