"""Filters for texts that learners typed or printed."""

from django import template

from assessments.web import texts

register = template.Library()
register.filter("without_controls", texts.without_controls)
register.filter("as_field", texts.as_field)
