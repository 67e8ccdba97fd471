"""Django's handle on the question bank."""

from django.apps import AppConfig


class QuestionBankConfig(AppConfig):
    """What is true of a question before anyone sits it."""

    name = "question_bank"
    verbose_name = "Question bank"
    default_auto_field = "django.db.models.BigAutoField"
