"""Publishing, as far as it depends on courses and on trials."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Course, User
from assessments.services.trials import Found, Standing, Trial, lack_of_solutions, trial_of
from question_bank import authoring
from question_bank.authoring import AuthoringError
from question_bank.kinds.code import CodeContent
from question_bank.models import Draft, Question, QuestionEvent, QuestionVersion
from question_bank.variants import read_content

_MOST_TOLD = 3
_JUDGED = ("exercise", "solutions")
"""What of a code question's content decides whether its solutions get their verdicts."""


def asks_second_person(question: Question) -> bool:
    """Whether a course that has the question wants a second person to approve it."""
    return Course.objects.filter(questions=question, second_person=True).exists()


@transaction.atomic
def publish(draft: Draft, by: User) -> QuestionVersion:
    """Let attempts begin with the version that was handed in.

    That of a code question has passed its trial where it asks for one. Raises ``AuthoringError``.
    """
    second = asks_second_person(draft.question)
    # Locked: what is handed in meanwhile was not tried.
    locked = Draft.objects.select_for_update(of=("self",)).select_related("question")
    draft = locked.select_related("proposed__question").get(pk=draft.pk)
    if draft.proposed is not None:
        _require_trial(draft.proposed)
    return authoring.publish_draft(draft, by.pk, second_person=second)


def hand_in_and_publish(draft: Draft, by: User, *, revision: int) -> QuestionVersion:
    """Hand a draft in and publish it at once, where neither a person nor a trial is asked for.

    What was handed in stays so where it cannot be published yet. Raises ``AuthoringError``.
    """
    authoring.propose(draft, by.pk, revision=revision)
    return publish(draft, by)


@transaction.atomic
def roll_back(question: Question, version: QuestionVersion, by: User, *, note: str = "") -> None:
    """Let attempts begin with a version that has been live before.

    A code question's version that never passed a trial passes one first. Raises
    ``AuthoringError``.
    """
    if version.question_id == question.pk and authoring.has_been_live(version):
        _require_trial(version)
    authoring.roll_back(question, version, by.pk, note=note)


def asks_trial(version: QuestionVersion) -> bool:
    """Whether a version is published only once its own solutions have got their verdicts.

    That is so for code whose exercise or solutions differ from what is live, and from all that came
    from files: the solutions of those are tested with the software.
    """
    if version.content["kind"] != "code":
        return False
    loaded = version.question.versions.filter(events__action=QuestionEvent.Action.LOADED)
    known = [*loaded.distinct(), *filter(None, [version.question.live])]
    return all(_judged(version) != _judged(one) for one in known)


def why_not_tried(version: QuestionVersion) -> str:
    """Say, for an instructor, why a version's trial keeps it from being published; else nothing."""
    if not asks_trial(version):
        return ""
    content = read_content(version.content)
    assert isinstance(content, CodeContent)
    return lack_of_solutions(content) or _told(version, trial_of(version))


def _require_trial(version: QuestionVersion) -> None:
    if reason := why_not_tried(version):
        raise AuthoringError(reason)


def _judged(version: QuestionVersion) -> list[object]:
    return [version.content.get(key) or None for key in _JUDGED]


def _told(version: QuestionVersion, trial: Trial) -> str:
    number = version.number
    if trial.standing is Standing.NONE:
        return _(
            "Run the trial of version %(number)s first: its model and its wrong solutions have to "
            "get their verdicts before learners meet the exercise."
        ) % {"number": number}
    if trial.standing is Standing.RUNNING:
        return _(
            "The trial of version %(number)s is still being graded. Publish it once it passed."
        ) % {"number": number}
    if trial.standing is Standing.FAILED:
        return _(
            "The trial of version %(number)s did not pass: %(trial)s. Mend the exercise "
            "or the solution in the draft, hand it in and run the trial again."
        ) % {"number": number, "trial": _otherwise(trial)}
    if trial.standing is Standing.UNDECIDED:
        names = ", ".join(one.solution.name for one in trial.those(Found.UNDECIDED))
        return _(
            "The trial of version %(number)s is not decided: %(names)s could not be judged, which "
            "says nothing about the exercise. Run the trial again."
        ) % {"number": number, "names": names}
    return ""


def _otherwise(trial: Trial) -> str:
    wrong = trial.those(Found.OTHERWISE)
    told = [
        _("%(name)s came out as %(verdict)s, not as %(expected)s")
        % {
            "name": one.solution.name,
            "verdict": in_words(one.verdict),
            "expected": _either(map(in_words, one.solution.expected)),
        }
        for one in wrong[:_MOST_TOLD]
    ]
    more = len(wrong) - _MOST_TOLD
    return "; ".join([*told, *([_("and %(more)s more") % {"more": more}] if more > 0 else [])])


def _either(names: Iterable[str]) -> str:
    *first, last = names
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def in_words(verdict: str) -> str:
    """Return a verdict's name as it stands in a sentence."""
    return verdict.replace("_", " ")
