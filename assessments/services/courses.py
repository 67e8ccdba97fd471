"""Courses: from files and back to them, and who is in them."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from pydantic import ValidationError

from assessments.models import Course, CourseItem, Enrolment, Term, User
from question_bank import courses as files
from question_bank.courses.checks import GLOSSARY, concept_file, question_file, slug_of_term
from question_bank.courses.faults import Fault, faults_of
from question_bank.courses.schema import CourseHead
from question_bank.courses.schema import Term as TermFile
from question_bank.courses.writing import files_of
from question_bank.models import Concept, Question, Tag
from question_bank.publishing import publish
from question_bank.stored import concept_of, live_versions
from question_bank.variants import read_content


class ClosedCourseError(PermissionError):
    """Only an instructor enrols people in this course."""


class NoSuchCourseError(LookupError):
    """No course has this slug, or it takes one to say which is meant; the text lists them."""


def load_course(folder: Path, *, over: bool = False) -> tuple[Course, list[str]]:
    """Bring a course up to date with its files; return it and what changed, one line each.

    ``over`` takes the files' word also where people have changed a question since.

    Raises ``CourseError`` and ``KindChangedError``, and then nothing has changed.
    """
    read = files.read_course(folder)
    told = {
        "title": read.head.title,
        "summary": read.head.summary,
        "chapters": list(read.head.chapters),
    }
    with transaction.atomic():
        changes = publish(read, over=over)
        course, _ = Course.objects.update_or_create(slug=read.head.slug, defaults=told)
        course.concepts.set(Concept.objects.filter(slug__in=read.concepts))
        _set_items(course, read.head.questions)
        _add_tags(read.head)
        changes += _set_terms(course, read.glossary)
    return course, changes


def _set_items(course: Course, slugs: tuple[str, ...]) -> None:
    rows = Question.objects.in_bulk(slugs, field_name="slug")
    course.items.all().delete()
    CourseItem.objects.bulk_create(
        CourseItem(course=course, question=rows[slug], position=position)
        for position, slug in enumerate(slugs)
    )


def _add_tags(head: CourseHead) -> None:
    """Give questions the tags of their course; those that people gave them stay."""
    for name, slugs in head.tags.items():
        tag, _ = Tag.objects.get_or_create(name=name)
        tag.questions.add(*Question.objects.filter(slug__in=slugs))


def _set_terms(course: Course, glossary: tuple[TermFile, ...]) -> list[str]:
    told = [
        Term(
            course=course,
            position=position,
            slug=slug_of_term(term.term),
            term=term.term,
            also=list(term.also),
            definition=term.definition,
            concept=Concept.objects.get(slug=term.concept) if term.concept else None,
        )
        for position, term in enumerate(glossary)
    ]
    kept = [_values(term) for term in course.terms.all()]
    if kept == [_values(term) for term in told]:
        return []
    course.terms.all().delete()
    Term.objects.bulk_create(told)
    return [f"glossary: {len(told)} terms"]


def _values(term: Term) -> tuple[object, ...]:
    return (term.slug, term.term, term.also, term.definition, term.concept_id)


def course_called(slug: str | None) -> Course:
    """Return the loaded course of this slug, or the only one. Raises ``NoSuchCourseError``."""
    courses = {course.slug: course for course in Course.objects.order_by("slug")}
    if not courses:
        raise NoSuchCourseError("There is no course yet: run load_course first.")
    if slug is None and len(courses) == 1:
        return next(iter(courses.values()))
    if slug is None or slug not in courses:
        fault = "Which course?" if slug is None else f"There is no course {slug}."
        raise NoSuchCourseError(f"{fault} There are: {', '.join(courses)}.")
    return courses[slug]


def loaded_course(course: Course) -> files.Course:
    """Return what files of a loaded course would say, each question in its live version.

    A question that is not live is in no file.

    What the files say of each other is not checked. Raises ``CourseError`` for what no file may
    say by itself.
    """
    faults: list[Fault] = []
    concepts, questions = {}, {}
    for row in course.concepts.prefetch_related("learn_before"):
        with _collected(faults, concept_file(row.slug)):
            concepts[row.slug] = concept_of(row)
    for version in live_versions(course.questions.all()):
        slug = version.question.slug
        with _collected(faults, question_file(slug)):
            questions[slug] = read_content(version.content)
    with _collected(faults, "course.yaml"):
        head = _head(course)
    glossary = []
    for place, term in enumerate(course.terms.select_related("concept")):
        with _collected(faults, f"{GLOSSARY}, terms.{place}"):
            glossary.append(_term_of(term))
    if faults:
        raise files.CourseError(faults)
    return files.Course(head, concepts, questions, tuple(glossary))


def _term_of(row: Term) -> TermFile:
    return TermFile(
        term=row.term,
        also=tuple(row.also),
        definition=row.definition,
        concept=row.concept.slug if row.concept else None,
    )


def course_as_files(course: Course) -> dict[str, str]:
    """Return the text of each file of a loaded course by its name, in canonical form.

    Loading them changes nothing. Raises ``CourseError``.
    """
    return files_of(loaded_course(course))


def _head(course: Course) -> CourseHead:
    return CourseHead(
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        chapters=tuple(course.chapters),
        questions=tuple(
            course.items.exclude(question__live=None).values_list("question__slug", flat=True)
        ),
        tags=_tags(course),
    )


def _tags(course: Course) -> dict[str, tuple[str, ...]]:
    """Return the tags of the course's live questions by name, each with them in their order."""
    rows = course.items.exclude(question__live=None).filter(question__tags__isnull=False)
    found: dict[str, list[str]] = defaultdict(list)
    for tag, slug in rows.order_by("question__tags__name", "position").values_list(
        "question__tags__name", "question__slug"
    ):
        found[tag].append(slug)
    return {tag: tuple(slugs) for tag, slugs in found.items()}


@contextmanager
def _collected(faults: list[Fault], file: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as refusal:
        faults += faults_of(refusal, file)


def join(user: User, course: Course) -> Enrolment:
    """Enrol a person in an open course as a learner; who is in it already stays what they are.

    Raises ``ClosedCourseError``.
    """
    enrolment = Enrolment.objects.filter(user=user, course=course).first()
    if enrolment is not None:
        return enrolment
    if not course.is_open:
        raise ClosedCourseError(f"{course} is closed")
    return Enrolment.objects.get_or_create(user=user, course=course)[0]
