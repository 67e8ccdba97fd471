"""A question as a learner gets it, inside a page of the admin."""

from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from assessments.web.answer_forms import form_of
from assessments.web.pictures import exercise_picture
from assessments.web.prose import render
from question_bank.kinds import AskedPage, CodePage, ContentError, Variant
from question_bank.kinds.code import called
from question_bank.models import QuestionVersion
from question_bank.variants import DEPLOYED, variant_of


def view_of(version: QuestionVersion, seed: int) -> dict[str, Any]:
    """Return a version's variant for the template ``learners_view.html``, and the steps from it.

    ``fault`` says why there is nothing to show.
    """
    try:
        variant = variant_of(version, seed)
    except (ValidationError, ContentError) as fault:
        return {"fault": _("This version cannot be shown: %(fault)s") % {"fault": fault}}
    steps = {} if isinstance(variant.page, CodePage) else _steps(seed)
    return learners_view(variant) | steps


def learners_view(variant: Variant, prefix: str = "") -> dict[str, Any]:
    """Return a variant for the template; ``prefix`` stands before the names of its fields."""
    page = variant.page
    shared = {"title": page.title, "explanation": render(variant.explanation)}
    if isinstance(page, CodePage):
        return shared | {
            "stem": render(page.statement),
            "signature": called(page.exercise),
            "hints": [render(hint) for hint in page.hints],
            "starter": page.starter,
            "picture": exercise_picture(page.exercise, query=None),
        }
    assert isinstance(page, AskedPage)
    return shared | {"stem": render(page.stem), "form": form_of(page, {}, prefix)}


def _steps(seed: int) -> dict[str, Any]:
    return {
        "number": seed + 1,
        "of": len(DEPLOYED),
        "before": seed - 1 if seed - 1 in DEPLOYED else None,
        "after": seed + 1 if seed + 1 in DEPLOYED else None,
    }
