"""People, and the courses that they are in."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from question_bank.models import Concept, Question

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from assessments.models.learning import Term


class User(AbstractUser):
    """A person with an account; the project's own from the first migration."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"


class Course(models.Model):
    """Concepts by chapter and questions in order.

    Anyone with an account may join an open course; into a closed one an instructor enrols.
    """

    slug = models.SlugField(max_length=80, unique=True, verbose_name=_("slug"))
    title = models.CharField(max_length=120, verbose_name=_("title"))
    summary = models.TextField(verbose_name=_("summary"))
    chapters = models.JSONField(
        default=list, help_text=_("Titles, in order"), verbose_name=_("chapters")
    )
    is_open = models.BooleanField(
        default=True, help_text=_("Anyone with an account may join"), verbose_name=_("is open")
    )
    second_person = models.BooleanField(
        _("a second person approves"),
        default=False,
        help_text=_("Its questions are published only once somebody else has approved them"),
    )
    concepts = models.ManyToManyField(
        Concept, related_name="courses", blank=True, verbose_name=_("concepts")
    )
    questions = models.ManyToManyField(
        Question, through="CourseItem", related_name="courses", verbose_name=_("questions")
    )

    if TYPE_CHECKING:
        items: RelatedManager["CourseItem"]
        terms: RelatedManager["Term"]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class CourseItem(models.Model):
    """A question at its place in a course."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="items", verbose_name=_("course")
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, verbose_name=_("question"))
    position = models.PositiveIntegerField(verbose_name=_("position"))

    class Meta:
        verbose_name = _("course item")
        verbose_name_plural = _("course items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "question"], name="question_once_a_course"),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.question}"


class Enrolment(models.Model):
    """A person's part in a course."""

    class Role(models.TextChoices):
        """What an enrolled person may do."""

        LEARNER = "learner", _("Learner")
        ASSISTANT = "assistant", _("Assistant")
        INSTRUCTOR = "instructor", _("Instructor")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("user")
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("course")
    )
    role = models.CharField(
        max_length=20, choices=Role, default=Role.LEARNER, verbose_name=_("role")
    )
    recalls = models.BooleanField(
        default=False, help_text=_("Wants questions again when due"), verbose_name=_("recalls")
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="enrolled_once"),
        ]

    def __str__(self) -> str:
        return gettext("%(user)s in %(course)s as %(role)s") % {
            "user": self.user,
            "course": self.course,
            "role": self.role,
        }
