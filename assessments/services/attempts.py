"""Attempts at questions, and the answers that are marked at once."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Attempt, Response, User
from assessments.services.jobs import grader_digest
from assessments.services.plain import storable
from question_bank.kinds import Answerable, CodePage
from question_bank.models import Question
from question_bank.variants import DEPLOYED, variant_of


class NotAnsweredHereError(TypeError):
    """A code question is answered by submitting code, not by a response."""


class WithdrawnError(LookupError):
    """No attempt at this question can begin: it is not live."""


def attempt_for(learner: User, question: Question) -> Attempt:
    """Return the learner's present attempt to practise a question; start the first if need be.

    An attempt keeps its version, its seed and its grader however the question changes later.
    Raises ``WithdrawnError``.
    """
    present = Attempt.objects.practice().filter(learner=learner, question=question)
    attempt = present.select_related("version", "question").order_by("-number").first()
    return attempt or _start(learner, question, number=1)


def start_again(learner: User, question: Question) -> Attempt:
    """Start another attempt, at the live version and with values that this learner has not had.

    An attempt at which nothing has been answered or submitted is kept instead. Raises
    ``WithdrawnError``.
    """
    present = attempt_for(learner, question)
    if not (present.responses.exists() or present.submissions.exists()):
        return present
    return _start(learner, question, number=present.number + 1)


def _start(learner: User, question: Question, *, number: int) -> Attempt:
    pins = pinned(question, _new_seed(learner, question))
    place = {
        "learner": learner,
        "question": question,
        "purpose": Attempt.Purpose.PRACTICE,
        "number": number,
    }
    try:
        with transaction.atomic():
            return Attempt.objects.create(**place, **pins, started_at=timezone.now())
    except IntegrityError:
        # Two pages opened at once: the first to arrive has drawn for both.
        return Attempt.objects.select_related("version", "question").get(**place)


def pinned(question: Question, seed: int) -> dict[str, Any]:
    """Return what a new attempt at a question keeps: live version, seed, and grader.

    Raises ``WithdrawnError``.
    """
    version = question.live
    if version is None:
        raise WithdrawnError(question.slug)
    digest = ""
    if question.kind == Question.Kind.CODE:
        page = variant_of(version, seed).page
        assert isinstance(page, CodePage)
        digest = grader_digest(page.exercise)
    return {"version": version, "seed": seed, "grader_digest": digest}


def _new_seed(learner: User, question: Question) -> int:
    """Return a deployed seed that the learner has not had here, while there is one."""
    had = Attempt.objects.filter(learner=learner, question=question)
    seeds = set(DEPLOYED).difference(had.values_list("seed", flat=True)) or set(DEPLOYED)
    return secrets.choice(sorted(seeds))


def record_response(attempt: Attempt, answer: Mapping[str, str]) -> Response:
    """Mark an answer and keep it with its feedback.

    ``answer`` holds the fields of the page's form. Raises ``UnreadableAnswerError`` (nothing is
    kept; its text is for the learner) and ``NotAnsweredHereError``.
    """
    now = timezone.now()
    response = marked(attempt, answer, now)
    with transaction.atomic():
        # The row lock numbers two answers sent at once one after the other.
        Attempt.objects.select_for_update().get(pk=attempt.pk)
        response.number = attempt.responses.count() + 1
        response.save()
    return response


def marked(attempt: Attempt, answer: Mapping[str, str], now: datetime, number: int = 1) -> Response:
    """Mark an answer; return the response, which is not kept yet. Raises as ``record_response``."""
    variant = variant_of(attempt.version, attempt.seed)
    if not isinstance(variant, Answerable):
        raise NotAnsweredHereError(attempt.question.kind)
    mark = variant.mark(answer)
    return Response(
        attempt=attempt,
        number=number,
        answer=storable({name: answer[name] for name in variant.fields if name in answer}),
        fraction=mark.fraction,
        waits=mark.waits,
        feedback=mark.as_json(),
        created_at=now,
    )
