"""Addresses for those who watch the server."""

from django.urls import path

from assessments.watching import health
from assessments.watching.metrics import metrics

app_name = "watching"
urlpatterns = [
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]
