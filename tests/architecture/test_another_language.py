"""In another language no word of the platform stays in English: only what the course says does."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from assessments.models import Course, User
from assessments.web.templatetags import sparring
from question_bank import authoring
from question_bank.models import Question, QuestionVersion
from tests.architecture.test_translatable import SAME, words_of
from tests.conftest import COURSE_FOLDER

_WORD = re.compile(r"[^\W\d_]{2,}")
_TRANSLATED = re.compile(r"⟦[^⟦⟧]*⟧")

PUBLIC = [
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/help/", "/offline/",
    "/no/such/page",
]  # fmt: skip
LEARNING = [
    "/courses/{course}/", "/courses/{course}/marks/", "/courses/{course}/progress/",
    "/courses/{course}/map/", "/courses/{course}/glossary/", "/search/?q=window",
    "/concepts/local-window/", "/questions/which-cut/", "/questions/keys-seen/",
    "/questions/sliding-window/", "/questions/sliding-window/submissions/",
]  # fmt: skip
WRITING = [
    "/admin/", "/admin/question_bank/question/", "/admin/question_bank/question/{question}/change/",
    "/admin/question_bank/question/import/", "/admin/question_bank/draft/",
    "/admin/question_bank/draft/{draft}/change/", "/admin/question_bank/draft/add/",
    "/admin/question_bank/concept/", "/admin/assessments/course/", "/admin/assessments/assessment/",
    "/admin/assessments/assessment/add/", "/admin/assessments/waitingtext/",
    "/admin/assessments/heldgrading/", "/admin/assessments/submission/",
    "/admin/assessments/grading/", "/admin/assessments/accommodation/",
]  # fmt: skip


#: Names of formats and zones, an app of others, and what Django's own templates do not translate.
ABROAD = {
    "CUDA",
    "GIFT",
    "gift",
    "CSV",
    "csv",
    "XLSX",
    "xlsx",
    "UTC",
    "Axes",
    "Search",
    "True",
    "False",
}


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Translate every text into itself between brackets, Django's and allauth's own too."""
    monkeypatch.setattr(sparring, "get_language", object)  # what is rendered once is so anew
    monkeypatch.setattr(translation._trans, "gettext", lambda text: f"⟦{text}⟧")
    monkeypatch.setattr(translation._trans, "pgettext", lambda _context, text: f"⟦{text}⟧")
    monkeypatch.setattr(
        translation._trans, "ngettext", lambda one, many, n: f"⟦{one if n == 1 else many}⟧"
    )


@pytest.fixture
def untranslated(client: Client, pseudo: None) -> Callable[[str], list[str]]:
    """Return the words of a page that no translation gave, and the course neither."""

    def look(path: str) -> list[str]:
        kept = SAME | ABROAD | of_the_course()
        html = client.get(path).content.decode()
        html = re.sub(r'title="[0-9a-f]{64}"', "", html)  # digests
        outside = [_outside(text) for text in words_of(_joined(html))]
        return [text for text in outside if set(_WORD.findall(text)) - kept]

    return look


def of_the_course() -> set[str]:
    """Return the words of the course, of its exercises and of the cast."""
    told = [path.read_text() for path in COURSE_FOLDER.rglob("*.*")]
    told += [json.dumps(one.content).replace("\\n", " ") for one in QuestionVersion.objects.all()]
    return {"learner", "admin", *(word for text in told for word in _WORD.findall(text))}


def _joined(html: str) -> str:
    """Return a page in which a translation that holds tags is one text."""
    return _TRANSLATED.sub(lambda found: re.sub(r"<[^>]*>", " ", found[0]), html)


def _outside(text: str) -> str:
    """Return what of a text stands in no translation."""
    while (less := _TRANSLATED.sub("", text)) != text:
        text = less
    return text


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_no_word_of_a_page_for_everybody_stays_english(
    path: str, untranslated: Callable[[str], list[str]]
) -> None:
    assert untranslated(path) == []


@pytest.mark.parametrize("path", LEARNING)
def test_no_word_of_a_page_for_learning_stays_english(
    path: str,
    client: Client,
    learner: User,
    course: Course,
    untranslated: Callable[[str], list[str]],
) -> None:
    client.force_login(learner)
    assert untranslated(path.format(course=course.slug)) == []


@pytest.mark.parametrize("path", WRITING)
def test_no_word_of_the_admin_stays_english(
    path: str,
    client: Client,
    admin_user: User,
    course: Course,
    untranslated: Callable[[str], list[str]],
) -> None:
    client.force_login(admin_user)
    question = Question.objects.get(slug="which-cut")
    draft = authoring.draft_of(question, admin_user.pk)
    assert untranslated(path.format(question=question.pk, draft=draft.pk)) == []
