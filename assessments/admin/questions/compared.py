"""Which two texts of a question are compared, and how they differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from question_bank.differences import changes
from question_bank.models import Draft, Question, QuestionVersion

_DRAFT = "draft"


def comparison(
    question: Question,
    versions: Sequence[QuestionVersion],
    draft: Draft | None,
    asked: Mapping[str, str],
) -> dict[str, Any]:
    """Return the choices of both sides, those taken, and what changed between them.

    ``versions`` are all of the question's, the newest first; ``asked`` has ``from`` and ``to``,
    numbers of versions or ``draft``. Without them it is live against what is to follow, or the
    version before against the newest.
    """
    texts: dict[str, tuple[str, Mapping[str, Any]]] = {}
    if draft is not None:
        texts[_DRAFT] = (gettext("the draft"), draft.content)
    for version in versions:
        texts[str(version.number)] = (
            gettext("version %(number)s") % {"number": version.number},
            version.content,
        )
    if len(texts) < 2:
        return {}
    old, new = _usual(question, versions, draft)
    old = asked.get("from", "") if asked.get("from") in texts else old
    new = asked.get("to", "") if asked.get("to") in texts else new
    return {
        "choices": [(key, name) for key, (name, _) in texts.items()],
        "old": old,
        "new": new,
        "old_name": texts[old][0],
        "new_name": texts[new][0],
        "changes": changes(texts[old][1], texts[new][1]),
    }


def _usual(
    question: Question, versions: Sequence[QuestionVersion], draft: Draft | None
) -> tuple[str, str]:
    numbers = {version.pk: str(version.number) for version in versions}
    live = numbers.get(question.live_id or 0)
    newest = str(versions[0].number)
    if draft is not None:
        follows = numbers.get(draft.proposed_id or 0, _DRAFT)
        base = live or numbers.get(draft.based_on_id or 0, newest)
        return (base, follows) if base != follows else (base, _DRAFT)
    before = str(versions[1].number)
    return (live, newest) if live and live != newest else (before, newest)
