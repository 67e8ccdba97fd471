"""Django's handle on assessments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class AssessmentsConfig(AppConfig):
    """People: courses, enrolments, attempts, submissions and their gradings."""

    name = "assessments"
    verbose_name = gettext_lazy("Assessments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the permissions."""
        from assessments import access  # noqa: F401
