"""Questions in the admin: the list with its bulk actions, a page for each, imports and exports."""

from assessments.admin.questions.listing import QuestionAdmin
from assessments.admin.questions.versions import QuestionVersionAdmin

__all__ = ["QuestionAdmin", "QuestionVersionAdmin"]
