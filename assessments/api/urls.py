"""Addresses of the API."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from assessments.api.views.accommodations import Accommodations
from assessments.api.views.assessments import Assessments
from assessments.api.views.attempts import Attempts
from assessments.api.views.bank import BankQuestions
from assessments.api.views.courses import Concepts, Courses, Questions
from assessments.api.views.drafts import Drafts
from assessments.api.views.gradebook import Gradebook, TaughtAssessments, Waiting
from assessments.api.views.nothing import Nothing
from assessments.api.views.people import Enrolments, Users
from assessments.api.views.responses import Responses
from assessments.api.views.results import Results
from assessments.api.views.sittings import Sittings
from assessments.api.views.submissions import Submissions
from assessments.api.views.tokens import Me, Tokens
from assessments.api.views.variants import Variants
from assessments.api.views.versions import Events, KeyedVariants, Versions

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
router.register("bank/questions", BankQuestions, "bank_question")
router.register("bank/questions/(?P<slug>[-a-zA-Z0-9_]+)/versions", Versions, "bank_version")
router.register("bank/questions/(?P<slug>[-a-zA-Z0-9_]+)/events", Events, "bank_event")
router.register("courses/(?P<course>[-a-zA-Z0-9_]+)/enrolments", Enrolments, "enrolment")
router.register("courses/(?P<course>[-a-zA-Z0-9_]+)/gradebook", Gradebook, "gradebook")
router.register("users", Users, "user")
router.register("accommodations", Accommodations, "accommodation")
router.register("teaching/assessments", TaughtAssessments, "taught_assessment")
router.register("waiting", Waiting, "waiting")

_DRAFT = "bank/questions/<slug:slug>/draft/"
_DRAFT_ITSELF = {"get": "retrieve", "post": "create", "put": "update", "delete": "destroy"}
_DRAFT_VERBS: dict[str, str] = {
    "test": "test",
    "hand-in": "propose",
    "approve": "approve",
    "send-back": "send_back",
    "publish": "publish",
}


def _drafts(**methods: Any) -> Callable[..., HttpResponseBase]:
    view: Callable[..., HttpResponseBase] = Drafts.as_view(methods)
    return view


urlpatterns = [
    path("me/", Me.as_view({"get": "retrieve"}), name="me"),
    path("courses/<slug:slug>/results/", Results.as_view({"get": "retrieve"}), name="results"),
    path(
        "questions/<slug:slug>/variants/<int:seed>/",
        Variants.as_view({"get": "retrieve"}),
        name="variant",
    ),
    path(_DRAFT, _drafts(**_DRAFT_ITSELF), name="bank_draft"),
    *(
        path(f"{_DRAFT}{verb}/", _drafts(post=name), name=f"bank_draft_{name}")
        for verb, name in _DRAFT_VERBS.items()
    ),
    path(
        "bank/questions/<slug:slug>/versions/<int:number>/variants/<int:seed>/",
        KeyedVariants.as_view({"get": "retrieve"}),
        name="bank_variant",
    ),
    *router.urls,
    path("openapi.yaml", SpectacularAPIView.as_view(), name="schema"),
    path("", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="browse"),
    re_path("", Nothing.as_view(), name="nothing"),
]
