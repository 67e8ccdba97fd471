"""Django's handle on the question bank."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuestionBankConfig(AppConfig):
    """What is true of a question before anyone sits it."""

    name = "question_bank"
    verbose_name = "Question bank"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the roles once their permissions are there."""
        from question_bank.roles import make_roles

        post_migrate.connect(make_roles, sender=self)
