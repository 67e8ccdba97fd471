"""Assessments in the admin: built, previewed, published, released; more time for some learners."""

# They register what they show.
from assessments.admin.assessments import accommodations, admin

__all__ = ["accommodations", "admin"]
