"""Questions as a sitting's pages show them; what never changes is rendered once.

A version never changes, so stem and form of one variant are the same for everybody whose form holds
the same. Each process remembers those asked for last.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assessments.models import Attempt
from assessments.web.answer_forms import form_of
from assessments.web.prose import render
from question_bank.kinds import AskedPage, DesignPage, EssayPage, Variant

_LONGEST_REMEMBERED = 400
_CONTROL = re.compile(r"<(input|select|textarea|button)\b")


@dataclass(frozen=True)
class _Asked:
    digest: str
    seed: int
    prefix: str
    language: str | None
    held: tuple[tuple[str, str], ...]
    page: AskedPage = field(compare=False, repr=False)


def asked(variant: Variant, held: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """Return a question with its form and what that holds; code has no form here."""
    page = variant.page
    if not isinstance(page, AskedPage):
        return {"form": {"prefix": prefix}}
    named = {prefix + name: value for name, value in held.items()}
    return {"stem": render(page.stem), "form": form_of(page, named, prefix)}


def plainly_asked(
    attempt: Attempt, variant: Variant, held: Mapping[str, str], prefix: str
) -> dict[str, Any]:
    """Return a question of which nothing is said yet: rendered as ``body`` where it can be shared,
    else as ``asked`` has it.
    """
    key = _key(attempt, variant, held, prefix)
    if key is None:
        return asked(variant, held, prefix)
    return {"body": _rendered(key), "form": {"prefix": prefix}}


def _key(attempt: Attempt, variant: Variant, held: Mapping[str, str], prefix: str) -> _Asked | None:
    """Return under what a rendered question is remembered; None where it is not to be."""
    page = variant.page
    if not isinstance(page, AskedPage) or isinstance(page, DesignPage | EssayPage):
        return None
    if sum(map(len, held.values())) > _LONGEST_REMEMBERED:
        return None
    told = tuple(sorted(held.items()))
    return _Asked(attempt.version.digest, attempt.seed, prefix, get_language(), told, page)


@lru_cache(maxsize=2048)
def _rendered(one: _Asked) -> SafeString:
    named = {one.prefix + name: value for name, value in one.held}
    form = form_of(one.page, named, one.prefix)
    context = {"stem": render(one.page.stem), "form": form, "said": "", "focus": "", "fault": ""}
    return render_to_string("web/sittings/body.html", context)


def as_answered(
    attempt: Attempt, variant: Variant, held: Mapping[str, str], prefix: str
) -> SafeString:
    """Return a question with an answer to be read: its fields cannot be changed any more.

    Code has none, and is empty here.
    """
    if not isinstance(variant.page, AskedPage):
        return SafeString()
    key = _key(attempt, variant, held, prefix)
    if key is not None:
        return _rendered_to_read(key)
    plain = {"said": "", "focus": "", "fault": ""}
    told = asked(variant, held, prefix) | plain
    return _to_read(render_to_string("web/sittings/body.html", told))


@lru_cache(maxsize=2048)
def _rendered_to_read(one: _Asked) -> SafeString:
    return _to_read(_rendered(one))


def _to_read(body: SafeString) -> SafeString:
    # A disabled fieldset would be taken to disable what scrolls within it, too.
    return mark_safe(_CONTROL.sub(r"<\1 disabled", body))  # noqa: S308 (our own templates')
