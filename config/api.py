"""Settings of the REST API."""

from typing import Any

from config.environment import env

_per_minute = env.int("SPARRING_API_PER_MINUTE", default=600)

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "assessments.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "assessments.api.permissions.InScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["assessments.api.parsing.DeepJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "assessments.api.paging.Cursors",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["assessments.api.rates.Rate"],
    "DEFAULT_THROTTLE_RATES": {"api": f"{_per_minute}/min"},
    "DEFAULT_SCHEMA_CLASS": "assessments.api.schema.Operations",
    "EXCEPTION_HANDLER": "assessments.api.problems.handle",
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR: dict[str, Any] = {
    "TITLE": "Sparring",
    "DESCRIPTION": "Learn sparse attention by being tested on it: courses, attempts, verdicts.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Scope": "assessments.models.Scope",
        "QuestionKind": "question_bank.models.Question.Kind",
        "AssessmentKind": "assessments.models.Assessment.Kind",
        "Role": "assessments.models.Enrolment.Role",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "assessments.api.schema.add_problems",
        "assessments.api.schema.add_sparse",
    ],
}
