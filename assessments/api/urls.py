"""Addresses of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from assessments.api.views.courses import Concepts, Courses, Questions
from assessments.api.views.nothing import Nothing
from assessments.api.views.tokens import Me, Tokens

app_name = "api"
router = SimpleRouter()
router.register("tokens", Tokens, "token")
router.register("courses", Courses, "course")
router.register("concepts", Concepts, "concept")
router.register("questions", Questions, "question")

urlpatterns = [
    path("me/", Me.as_view({"get": "retrieve"}), name="me"),
    *router.urls,
    path("openapi.yaml", SpectacularAPIView.as_view(), name="schema"),
    path("", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="browse"),
    re_path("", Nothing.as_view(), name="nothing"),
]
