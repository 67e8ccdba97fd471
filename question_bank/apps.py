"""Django's handle on the question bank."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class QuestionBankConfig(AppConfig):
    """What is true of a question before anyone sits it."""

    name = "question_bank"
    verbose_name = gettext_lazy("Question bank")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say where translations are, and make the roles once their permissions are there."""
        from django.utils import translation

        from grader.words import translate_by
        from question_bank.roles import make_roles

        translate_by(translation)
        post_migrate.connect(make_roles, sender=self)
