"""Marking of texts by their rubrics: what waits, and one answer after the other."""

from assessments.admin.marking import admin, ledger

__all__ = ["admin", "ledger"]
