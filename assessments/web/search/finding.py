"""What is found for words, group by group; only what the person may see is looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.access import (
    visible_assessments,
    visible_concepts,
    visible_courses,
    visible_questions,
)
from assessments.models import Assessment, Term, User
from assessments.web.search.words import fit, marked, plain, sentence
from question_bank.models import Question, Tag

Words = tuple[str, ...]
_KINDS = dict(Question.Kind.choices)


@dataclass(frozen=True)
class Hit:
    """Something found: how well it fits, what it is called, where it is, and why it was found."""

    rank: int
    name: str
    href: str
    title: SafeString
    told: SafeString


@dataclass(frozen=True)
class Group:
    """Hits of one sort, the best first."""

    key: str
    title: str
    hits: list[Hit]


def find_all(user: User, words: Words) -> list[Group]:
    """Return the groups in which anything was found; seven queries at most."""
    groups = [
        Group("concepts", _("Concepts"), _best(_concepts(user, words))),
        Group("glossary", _("Glossary"), _best(_terms(user, words))),
        Group("questions", _("Questions"), _best(_questions(user, words))),
        Group("assessments", _("Practice and exams"), _best(_assessments(user, words))),
    ]
    return [group for group in groups if group.hits]


def _best(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.rank, len(hit.name), hit.name, hit.href))


def _concepts(user: User, words: Words) -> Iterator[Hit]:
    rows = visible_concepts(user).order_by().values_list("slug", "title", "summary", "body")
    for slug, title, summary, body in rows:
        prose = plain(body)
        rank = fit(words, title, summary, prose)
        if rank is not None:
            told = marked(words, sentence(words, f"{summary}\n\n{prose}"))
            href = reverse("web:concept", args=[slug])
            yield Hit(rank, title, href, marked(words, title), told)


def _terms(user: User, words: Words) -> Iterator[Hit]:
    rows = Term.objects.filter(course__in=visible_courses(user)).order_by()
    found = rows.values_list("course__slug", "slug", "term", "also", "definition")
    for course, slug, term, also, definition in found:
        prose = plain(definition)
        rank = fit(words, term, " ".join(also), prose)
        if rank is not None:
            told = marked(words, sentence(words, prose))
            href = f"{reverse('web:glossary', args=[course])}#{slug}"
            names = ", ".join([term, *also])
            yield Hit(rank, term, href, marked(words, names), told)


def _questions(user: User, words: Words) -> Iterator[Hit]:
    """Yield by title and tags alone: what a question says is seen only where it is answered."""
    tagged = _tagged(words)
    for pk, slug, title, kind in _rows_of_questions(user):
        tags = tagged.get(pk, "")
        rank = fit(words, title, tags)
        if rank is not None:
            told = ", ".join([str(_KINDS[kind]), *([tags] if tags else [])])
            href = reverse("web:question", args=[slug])
            yield Hit(rank, title, href, marked(words, title), marked(words, told))


def _rows_of_questions(user: User) -> Iterable[tuple[int, str, str, str]]:
    seen = visible_questions(user).filter(pk=OuterRef("pk")).order_by()
    rows = Question.objects.filter(Exists(seen)).order_by()
    return rows.values_list("pk", "slug", "title", "kind")


def _tagged(words: Words) -> dict[int, str]:
    """Return, of the tags that any word fits, those of each question, by its primary key."""
    names = {tag.pk: tag.name for tag in Tag.objects.all()}
    fits = [
        pk for pk, name in names.items() if any(fit([word], name) is not None for word in words)
    ]
    found: dict[int, str] = {}
    rows = Question.tags.through.objects.filter(tag__in=fits).order_by("question", "tag__name")
    for question, tag in rows.values_list("question", "tag"):
        found[question] = ", ".join(filter(None, [found.get(question), names[tag]]))
    return found


def _assessments(user: User, words: Words) -> Iterator[Hit]:
    rows = visible_assessments(user).order_by()
    for course, slug, title, kind in rows.values_list("course__slug", "slug", "title", "kind"):
        rank = fit(words, title)
        if rank is not None:
            href = reverse("web:assessment", args=[course, slug])
            told = marked((), str(Assessment.Kind(kind).label))
            yield Hit(rank, title, href, marked(words, title), told)
