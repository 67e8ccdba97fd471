"""What people decide about texts, by the rubric of the version that was answered."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models.attempts import Response
from assessments.models.people import User
from question_bank.immutable import WriteOnce

Row = TypeVar("Row", bound=Response)


class RubricMark(WriteOnce):
    """A line in the ledger of a response's marks: decided by a person, or taken back by one.

    The lines of a response follow one another, each superseding the one before; the last one
    stands. ``fraction`` is the share of ``Response.waits`` that is earned; it is empty where the
    line takes a mark back, and the response then waits again. ``given`` has for each criterion an
    object of ``field`` (of the answer), ``criterion`` (its key), ``points`` and ``comment``. The
    version, and with it the rubric, is that of the response's attempt. ``role`` is the marker's
    part in the course at that time.
    """

    class Role(models.TextChoices):
        """As whom somebody marks."""

        ASSISTANT = "assistant", _("Assistant")
        INSTRUCTOR = "instructor", _("Instructor")
        ADMINISTRATOR = "administrator", _("Administrator")

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="rubric_marks", verbose_name=_("response")
    )
    marker = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="rubric_marks", verbose_name=_("marker")
    )
    role = models.CharField(max_length=20, choices=Role, verbose_name=_("role"))
    marked_at = models.DateTimeField(verbose_name=_("marked at"))
    given = models.JSONField(verbose_name=_("given"))
    comment = models.TextField(blank=True, max_length=4_000, verbose_name=_("comment"))
    fraction = models.DecimalField(
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        verbose_name=_("fraction"),
    )
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    reason = models.TextField(
        blank=True,
        max_length=1_000,
        help_text=_("Why it replaces another"),
        verbose_name=_("reason"),
    )

    class Meta:
        verbose_name = _("rubric mark")
        verbose_name_plural = _("rubric marks")
        ordering = ["response_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response"], condition=Q(supersedes=None), name="rubric_mark_first_once"
            ),
            models.CheckConstraint(
                condition=Q(fraction=None) | Q(fraction__gte=0, fraction__lte=1),
                name="rubric_mark_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(fraction__isnull=False) | Q(supersedes__isnull=False),
                name="rubric_mark_takes_back_another",
            ),
        ]

    def __str__(self) -> str:
        return gettext("mark %(pk)s of response %(response_id)s") % {
            "pk": self.pk,
            "response_id": self.response_id,
        }


class WaitingText(Response):
    """The same rows as responses, as the list of those that a person marks."""

    class Meta:
        proxy = True
        verbose_name = _("text to be marked")
        verbose_name_plural = _("texts to be marked")


_SHARE: "DecimalField[Any, Any]" = DecimalField(max_digits=5, decimal_places=4)


def credit(fraction: Decimal, waits: Decimal, marked: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return what one response has earned, and what of it waits, as ``credited`` has it."""
    if marked is None:
        return fraction, waits
    earned = fraction + waits * marked
    return earned.quantize(Decimal("0.0001"), ROUND_HALF_UP), Decimal(0)


def credited(responses: QuerySet[Row]) -> "QuerySet[Any, Any]":
    """Annotate responses with what they are worth now: ``marked``, ``earned`` and ``waiting``.

    ``earned`` = fraction + waits × the standing mark's fraction (``marked``, None without one), and
    ``waiting`` the share that still waits for a person; both from 0 to 1, to four places. Whoever
    shows, adds up or compares the credit of responses takes it from here, or from ``credit``.
    """
    # One at most, so that none comes first.
    standing = RubricMark.objects.filter(response=OuterRef("pk"), superseded_by=None).order_by()
    nothing = Value(Decimal(0), output_field=_SHARE)
    return responses.annotate(
        # Most answers never waited: the database looks for no mark of theirs.
        marked=models.Case(
            models.When(waits__gt=0, then=Subquery(standing.values("fraction")[:1])), default=None
        ),
    ).annotate(
        earned=models.Case(
            models.When(waits=0, then=F("fraction")),
            default=Round(
                F("fraction") + F("waits") * Coalesce(F("marked"), nothing),
                precision=4,
                output_field=_SHARE,
            ),
            output_field=_SHARE,
        ),
        waiting=models.Case(
            models.When(marked=None, then=F("waits")), default=nothing, output_field=_SHARE
        ),
    )
