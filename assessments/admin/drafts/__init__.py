"""Writing questions: drafts, a form for each kind, and what a learner will see."""

from assessments.admin.drafts.admin import DraftAdmin

__all__ = ["DraftAdmin"]
