"""Filters for texts that learners typed or printed."""

from django import template
from django.conf import settings

from assessments.web import texts

register = template.Library()
register.filter("without_controls", texts.without_controls)
register.filter("as_field", texts.as_field)


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether anybody may make an account."""
    return bool(settings.SIGNUP_OPEN)
