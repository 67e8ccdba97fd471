"""The forms of a sitting's questions: what they hold untouched, and what came back of them.

Where a page has several questions, the fields of each have the prefix of its place before their
names.
"""

from collections.abc import Mapping, Sequence

from assessments.models import Assessment, Attempt
from question_bank.kinds import CasePage, CodePage, DesignPage, OrderingPage, Page
from question_bank.kinds.case import prefix as prefix_of_part
from question_bank.models import Question
from question_bank.variants import names_of, variant_of

Fields = dict[str, str]
_ALONE = {Question.Kind.CODE, Question.Kind.DESIGN}


def pages_of(assessment: Assessment, attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """Return a sitting's attempts by the page that asks them; code and designs stand alone."""
    pages: list[list[Attempt]] = []
    for attempt in attempts:
        last = pages[-1] if pages else []
        alone = attempt.question.kind in _ALONE or (last and last[0].question.kind in _ALONE)
        if not last or alone or len(last) >= assessment.per_page:
            pages.append([attempt])
        else:
            last.append(attempt)
    return pages


def prefix_on(page: Sequence[Attempt], attempt: Attempt) -> str:
    """Return what stands before the names of an attempt's fields on its page."""
    return f"q{attempt.place}-" if len(page) > 1 else ""


def came_back(posted: Mapping[str, str], page: Sequence[Attempt]) -> dict[Attempt, Fields]:
    """Return the fields of each question of a page as they were sent, without their prefix."""
    typed = {}
    for attempt in page:
        before, variant = prefix_on(page, attempt), variant_of(attempt.version, attempt.seed)
        typed[attempt] = {
            name: _typed(name, posted[before + name])
            for name in names_of(variant)
            if before + name in posted
        }
    return typed


def _typed(name: str, text: str) -> str:
    """Return a text with the line ends that were typed: browsers send a form's with CRLF."""
    return text.replace("\r\n", "\n") if "\r" in text and name != "order" else text


def changed(
    typed: Mapping[Attempt, Mapping[str, str]], saved: Mapping[int, Mapping[str, str]]
) -> dict[Attempt, Mapping[str, str]]:
    """Return the answers that say something else than what is saved, or than an untouched form."""
    return {
        attempt: answer
        for attempt, answer in typed.items()
        if _said(answer) != _said(saved.get(attempt.pk) or untouched(attempt))
    }


def untouched(attempt: Attempt) -> Fields:
    """Return what the form of an attempt holds before anything is typed."""
    return _untouched(variant_of(attempt.version, attempt.seed).page)


def _untouched(page: Page) -> Fields:
    if isinstance(page, CodePage):
        return {"source": page.starter}
    if isinstance(page, OrderingPage):
        return {"order": ",".join(map(str, range(len(page.items))))}
    if isinstance(page, DesignPage):
        begun = page.start.as_answer()
        return {name: begun.get(name, "") for name in page.desk.fields.open()}
    if isinstance(page, CasePage):
        return {
            prefix_of_part(place) + name: value
            for place, part in enumerate(page.parts)
            for name, value in _untouched(part).items()
        }
    return {}


def _said(answer: Mapping[str, str]) -> Fields:
    return {name: value for name, value in answer.items() if value.strip()}
