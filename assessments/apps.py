"""Django's handle on assessments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """People: courses, enrolments, attempts, submissions and their gradings."""

    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the permissions."""
        from assessments import access  # noqa: F401
