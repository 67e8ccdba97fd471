"""What a person decides about texts by their rubric: a ledger, to which lines are only added."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Attempt, Course, Enrolment, Response, RubricMark, User
from assessments.services.plain import storable
from assessments.services.regrades import NotNowError
from assessments.services.reviews import ReasonMissingError
from question_bank.digests import digest_of
from question_bank.kinds import Answerable
from question_bank.kinds.writing import Written
from question_bank.marking.rubrics import MarkedText, earned
from question_bank.variants import variant_of

_PLACES = Decimal("0.000001")
LONGEST_COMMENT = 4_000


@dataclass(frozen=True)
class Given:
    """What one criterion of the text in ``field`` earns, and what is said to it in plain text."""

    field: str
    criterion: str
    points: int
    comment: str = ""


class OutOfRubricError(ValueError):
    """What was given is not what the rubric asks for; its text says what."""


class StaleMarkError(Exception):
    """Somebody else has marked the text, or taken a mark back, since it was looked at.

    ``standing`` is the last line of the ledger now.
    """

    def __init__(self, standing: RubricMark) -> None:
        self.standing = standing
        super().__init__(
            _("%(marker)s has changed the mark meanwhile.") % {"marker": standing.marker}
        )


def texts_of(attempt: Attempt) -> tuple[Written, ...]:
    """Return the texts of an answer to an attempt that a person marks, with their rubrics."""
    variant = variant_of(attempt.version, attempt.seed)
    return variant.written if isinstance(variant, Answerable) else ()


def rubric_digest(attempt: Attempt) -> str:
    """Return the SHA-256 of the rubrics that texts of the attempt are marked by."""
    return digest_of(
        {
            text.field: [criterion.model_dump(mode="json") for criterion in text.writing.rubric]
            for text in texts_of(attempt)
        }
    )


def last_mark(response: Response) -> RubricMark | None:
    """Return the last line of a response's ledger; it stands unless it takes a mark back."""
    marks = RubricMark.objects.filter(response_id=response.pk, superseded_by=None)
    return marks.select_related("marker").first()


def standing_marks(responses: Iterable[Response]) -> dict[int, RubricMark]:
    """Return the mark of each response of which one stands, by the response's key; one query."""
    pks = [response.pk for response in responses if response.waits]
    if not pks:
        return {}
    standing = RubricMark.objects.filter(
        response__in=pks, superseded_by=None, fraction__isnull=False
    )
    return {mark.response_id: mark for mark in standing}


def mark_text(
    response: Response,
    marker: User,
    given: Sequence[Given],
    *,
    comment: str = "",
    seen: int | None,
    reason: str = "",
) -> RubricMark:
    """Mark a response by its rubric; where a mark stands already, supersede it.

    ``seen`` is the key of the last line that the marker has seen, None if there was none. Giving
    what stands already adds no line. Raises ``StaleMarkError`` if there is another line now,
    ``OutOfRubricError``, and ``ReasonMissingError`` for a correction without a reason.
    """
    fraction = _fraction(response.attempt, given)
    line = {
        "given": storable([asdict(one) for one in given]),
        "comment": storable(comment.strip()),
        "fraction": fraction,
    }
    with transaction.atomic():
        last = _unchanged(response, seen)
        if last and all(getattr(last, name) == value for name, value in line.items()):
            return last
        return _add(response, marker, last, reason, line)


def take_back(response: Response, marker: User, *, seen: int | None, reason: str) -> RubricMark:
    """Take the mark that stands back: the response waits again.

    Raises ``NotNowError`` where none stands, ``StaleMarkError`` and ``ReasonMissingError``.
    """
    with transaction.atomic():
        last = _unchanged(response, seen)
        if last is None or last.fraction is None:
            raise NotNowError(_("There is no mark to take back."))
        return _add(response, marker, last, reason, {"given": [], "fraction": None})


def _fraction(attempt: Attempt, given: Sequence[Given]) -> Decimal:
    """Return the share of what waits that is earned, to six places. Raises OutOfRubricError."""
    texts = {text.field: text for text in texts_of(attempt)}
    if any(len(one.comment) > LONGEST_COMMENT for one in given):
        raise OutOfRubricError(
            _("A comment has at most %(most)s characters.") % {"most": f"{LONGEST_COMMENT:,}"}
        )
    if len({(one.field, one.criterion) for one in given}) < len(given):
        raise OutOfRubricError(_("A criterion is given twice."))
    if {one.field for one in given} - texts.keys():
        raise OutOfRubricError(_("There is no such text in the answer."))
    share = earned([_marked(text, given) for text in texts.values()])
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(_PLACES, ROUND_HALF_UP)


def _marked(text: Written, given: Sequence[Given]) -> MarkedText:
    points = {one.criterion: one.points for one in given if one.field == text.field}
    missing = [one.title for one in text.writing.rubric if one.key not in points]
    if missing:
        raise OutOfRubricError(
            _("Choose a level for each criterion: %(missing)s.") % {"missing": ", ".join(missing)}
        )
    try:
        return text.marked(points)
    except ValueError as fault:
        raise OutOfRubricError(str(fault)) from fault


def _unchanged(response: Response, seen: int | None) -> RubricMark | None:
    """Lock the response's ledger and return its last line; raises ``StaleMarkError``."""
    Response.objects.select_for_update().only("pk").get(pk=response.pk)
    last = last_mark(response)
    if last and last.pk != seen:
        raise StaleMarkError(last)
    return last


def _add(
    response: Response,
    marker: User,
    last: RubricMark | None,
    reason: str,
    line: dict[str, object],
) -> RubricMark:
    reason = storable(reason.strip())
    if last and last.fraction is not None and not reason:
        raise ReasonMissingError(_("Say why the mark is changed; it is kept with the old one."))
    return RubricMark.objects.create(
        response_id=response.pk,
        marker=marker,
        role=_role(marker, response.attempt),
        marked_at=timezone.now(),
        supersedes=last,
        reason=reason,
        **line,
    )


def _role(marker: User, attempt: Attempt) -> str:
    """Return as whom somebody marks: the most that they are in the courses that it belongs to."""
    courses = Course.objects.filter(items__question=attempt.question_id)
    if attempt.sitting is not None:
        courses = Course.objects.filter(pk=attempt.sitting.assessment.course_id)
    own = Enrolment.objects.filter(user=marker, course__in=courses)
    roles = set(own.values_list("role", flat=True))
    for role in (RubricMark.Role.INSTRUCTOR, RubricMark.Role.ASSISTANT):
        if role in roles:
            return role
    return RubricMark.Role.ADMINISTRATOR
