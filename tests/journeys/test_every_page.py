"""What holds on every page: no barrier that axe finds, no scrolling sideways, a silent console."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from assessments.models import Assessment, Attempt, Course, Enrolment, Sitting, User
from assessments.services import (
    attempt_for,
    begin,
    check,
    hand_in,
    record_response,
    submit_code,
)
from question_bank.kinds import Answerable
from question_bank.kinds.base import Level
from question_bank.models import Question
from question_bank.variants import read_content, variant_of
from tests.assessments.web import costs, verdicts
from tests.cast.gradebooks import fill
from tests.cast.questions import published
from tests.cast.sittings import assessment, practice, save
from tests.journeys.conftest import Visitor
from tests.question_bank.design_items import DESIGN, answer
from tests.question_bank.test_case import CHOICE, content
from tests.question_bank.test_essay import ESSAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
PUBLIC = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/help/"]
PATHS = [
    "/courses/sparse-attention/",
    "/courses/sparse-attention/marks/",
    "/courses/sparse-attention/progress/",
    "/courses/sparse-attention/map/",
    "/courses/sparse-attention/glossary/",
    "/search/?q=attention",
    "/search/?q=attention&in=questions",
    "/search/?q=nothing-like-this",
    "/concepts/local-window/",
    "/concepts/bigbird/",
    "/concepts/scaled-dot-product/",
    "/concepts/flash-attention/",
    "/concepts/kv-cache/",
    "/questions/masked-dense-flaw/",
    "/questions/keys-of-one-query/",
    "/questions/what-shrinks-the-cache/",
    "/questions/mechanisms-and-savings/",
    "/questions/where-idle-heads-look/",
    "/questions/flash-in-a-design-review/",
    "/questions/design-long-context-low-latency/",
    "/questions/ordering-flash-tile/",
    "/questions/case-long-conversations/",
    "/questions/case-two-masks/",
    "/questions/sliding-window/",
    "/questions/bigbird/",
    "/questions/top-k-pruned/",
    "/questions/sliding-window/submissions/",
    "/questions/keys-of-one-query/answers/",
    "/accounts/password/change/",
    "/tokens/",
    "/accounts/logout/",
]


def barriers(page: Page) -> list[str]:
    """Return what stands in somebody's way, in words."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
        told.append(f"{page.url} scrolls sideways")
    return told


def all_barriers(visitor: Visitor, paths: list[str], user: User | None) -> list[str]:
    """Look at each page light and wide, then dark and narrow."""
    told = []
    with visitor.at(paths[0], user) as page:
        for path in paths:
            page.goto(path)
            for scheme, size in (("light", WIDE), ("dark", NARROW)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(size)
                told += barriers(page)
    return told


def test_pages_for_everybody_are_without_barriers(visitor: Visitor, learner: User) -> None:
    assert all_barriers(visitor, PUBLIC, None) == []


def test_pages_for_learning_are_without_barriers(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    scrolls = (verdicts.SOURCE + "x = " + "1 + " * 100 + "1\n" * 80).encode()
    verdicts.record(verdicts.submission(attempt, scrolls), verdicts.too_slow())
    assert all_barriers(visitor, PATHS, learner) == []


def test_gradebooks_are_without_barriers(visitor: Visitor, learner: User, course: Course) -> None:
    questions = [Question.objects.get(slug=slug) for slug in ("masked-dense-flaw", "bigbird")]
    fill(course, learners=60, assessments=9, questions=questions)
    teacher = User.objects.create_user("teacher")
    Enrolment.objects.create(user=teacher, course=course, role=Enrolment.Role.INSTRUCTOR)
    review = f"/sittings/{Sitting.objects.first().pk}/review/"  # type: ignore[union-attr]
    book = "/courses/sparse-attention/gradebook/"
    paths = [
        book,
        f"{book}?sort=exam-03&only=open&page=2",
        f"{book}?q=zzz",
        f"{book}exam-03/",
        review,
    ]
    assert all_barriers(visitor, paths, teacher) == []
    sat = User.objects.get(username="learner-0001")
    assert all_barriers(visitor, ["/courses/sparse-attention/marks/"], sat) == []


def test_feedback_is_without_barriers(visitor: Visitor, learner: User) -> None:
    answers = {"masked-dense-flaw": {"choice": "0"}, "keys-of-one-query": {"number": "7"}}
    for slug, given in answers.items():
        record_response(attempt_for(learner, Question.objects.get(slug=slug)), given)
    assert all_barriers(visitor, [f"/questions/{slug}/" for slug in answers], learner) == []


ANSWERED = (
    "masked-dense-flaw",
    "keys-of-one-query",
    "what-shrinks-the-cache",
    "mechanisms-and-savings",
    "where-idle-heads-look",
    "ordering-flash-tile",
    "case-two-masks",
)


@pytest.mark.parametrize("level", ["full", "partial", "zero"])
def test_every_kind_is_without_barriers_once_it_is_answered(
    visitor: Visitor, learner: User, level: Level
) -> None:
    paths = []
    for slug in ANSWERED:
        attempt = attempt_for(learner, Question.objects.get(slug=slug))
        variant = variant_of(attempt.version, attempt.seed)
        sample = read_content(attempt.version.content).samples().get(level)
        if sample is not None and isinstance(variant, Answerable):
            record_response(attempt, variant.typed(sample))
            paths += [f"/questions/{slug}/", f"/questions/{slug}/answers/"]
    assert len(paths) >= 6
    assert all_barriers(visitor, paths, learner) == []


def test_a_refused_answer_is_without_barriers(visitor: Visitor, learner: User) -> None:
    with visitor.at("/questions/keys-of-one-query/", learner) as page:
        page.locator("#number").fill("many")
        # The page comes with the status 422, which the browser's console remarks on.
        page.get_by_role("button", name="Check").last.click()
        page.locator("#fault").wait_for()
        assert barriers(page) == []
    visitor.complaints.clear()


def test_an_item_being_moved_is_without_barriers(visitor: Visitor, learner: User) -> None:
    with visitor.at("/questions/ordering-flash-tile/", learner) as page:
        page.locator("[data-take]").nth(1).press("Space")
        page.keyboard.press("ArrowDown")
        assert barriers(page) == []


def test_comparisons_are_without_barriers(
    visitor: Visitor, learner: User, attempt: Attempt
) -> None:
    first = verdicts.record(verdicts.submission(attempt), verdicts.wrong_pairs())
    later = (verdicts.SOURCE + "x = " + "1 + " * 100 + "1\n" * 40).encode()
    second = verdicts.submission(attempt, later)
    history = "/questions/sliding-window/submissions/"
    paths = [history, f"{history}compare/?a={first.pk}&b={second.pk}"]
    assert all_barriers(visitor, [*paths, "/questions/sliding-window/"], learner) == []


def test_the_question_before_the_starter_comes_back_is_without_barriers(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at("/questions/sliding-window/", learner) as page:
        page.locator(".cm-content").click()
        page.keyboard.insert_text("x")
        page.get_by_role("button", name="Back to the starter").click()
        page.locator("dialog[open]").wait_for()
        assert barriers(page) == []


def test_essays_are_without_barriers(visitor: Visitor, learner: User, course: Course) -> None:
    case = content(parts=[{"question": CHOICE}, {"question": ESSAY}])
    published(course, "in-a-case", case)
    alone = published(course, "alone", ESSAY)
    answered = published(course, "answered", ESSAY)
    record_response(attempt_for(learner, answered), {"text": "The cache grows."})
    paths = [f"/questions/{slug}/" for slug in ("in-a-case", alone.slug, answered.slug)]
    assert all_barriers(visitor, paths, learner) == []


def test_designs_are_without_barriers(visitor: Visitor, learner: User, course: Course) -> None:
    paths = []
    for slug, values in (("right", {}), ("failed", {"dense": 0, "windowed": 32})):
        question = published(course, slug, DESIGN)
        record_response(attempt_for(learner, question), answer(**values))
        paths.append(f"/questions/{slug}/")
    assert all_barriers(visitor, paths, learner) == []


def test_figures_follow_a_design_while_it_is_made(
    visitor: Visitor, learner: User, course: Course
) -> None:
    published(course, "stack", DESIGN)
    with visitor.at("/questions/stack/", learner) as page:
        standing, dense = page.locator("#standing"), page.locator("#dense")
        page.get_by_text("Work out the figures").wait_for(state="hidden")
        dense.fill("8")
        page.locator("#layers-fault", has_text="They add up to 8").wait_for()
        page.wait_for_selector("#dense[aria-invalid=true]")
        page.locator("#windowed").fill("24")
        standing.get_by_text("3 of 3 requirements met.").wait_for()
        assert dense.get_attribute("aria-invalid") is None
        assert page.locator("#layers-fault").inner_text() == ""
        assert barriers(page) == []


@pytest.fixture
def exam(course: Course) -> Assessment:
    """An exam with a question of each kind, several on a page."""
    slugs = (
        "masked-dense-flaw", "keys-of-one-query", "what-shrinks-the-cache",
        "mechanisms-and-savings", "ordering-flash-tile", "case-two-masks",
        "design-meeting-summaries", "essay-masking-alone", "sliding-window",
    )  # fmt: skip
    return assessment(course, *slugs, per_page=6)


def test_a_sitting_is_without_barriers(visitor: Visitor, learner: User, exam: Assessment) -> None:
    home = f"/courses/{exam.course.slug}/assessments/{exam.slug}/"
    sitting = begin(learner, exam)
    submit_code(learner, sitting.attempts.get(place=8), b"pass")
    pages = [f"/sittings/{sitting.pk}/{page}/" for page in (1, 2, 3, 4, "summary")]
    assert all_barriers(visitor, [home, *pages], learner) == []
    assert all_barriers(visitor, ["/questions/sliding-window/"], learner) == []
    visitor.complaints.clear()  # the console names the 403 of a page that the exam closes


def test_an_ended_sitting_is_without_barriers(
    visitor: Visitor, learner: User, exam: Assessment
) -> None:
    sitting = begin(learner, exam)
    save(sitting.attempts.get(place=0), {"choice": "1"})
    save(sitting.attempts.get(place=1), {"number": "many"})
    verdicts.record(
        submit_code(learner, sitting.attempts.get(place=8), b"pass"), verdicts.wrong_pairs()
    )
    Sitting.objects.update(due_at=timezone.now())
    assert all_barriers(visitor, [f"/sittings/{sitting.pk}/over/"], learner) == []
    hand_in(sitting)
    paths = [f"/courses/{exam.course.slug}/assessments/{exam.slug}/"]
    paths += [f"/sittings/{sitting.pk}/{page}/" for page in ("over", "review")]
    assert all_barriers(visitor, paths, learner) == []
    Assessment.objects.update(released_at=timezone.now())
    assert all_barriers(visitor, paths, learner) == []


def test_practice_with_feedback_is_without_barriers(
    visitor: Visitor, learner: User, course: Course
) -> None:
    sitting = begin(learner, practice(course, "masked-dense-flaw", "keys-of-one-query", per_page=2))
    typed = [{"choice": "1"}, {"number": "1000000"}]
    check(sitting, dict(zip(sitting.attempts.order_by("place"), typed, strict=True)))
    paths = [f"/sittings/{sitting.pk}/1/", f"/courses/{course.slug}/"]
    assert all_barriers(visitor, paths, learner) == []


def test_verdicts_are_without_barriers(visitor: Visitor, learner: User, attempt: Attempt) -> None:
    kept = [
        verdicts.record(verdicts.submission(attempt), verdicts.EVERY[name])
        for name in ("passed", "wrong_pairs", "too_slow", "crashed", "inconclusive", "unavailable")
    ]
    kept += [
        verdicts.record(verdicts.submission(attempt), costs.EVERY[name])
        for name in ("masked dense", "a shift too many", "other keys chosen", "decoding passed")
    ]
    kept.append(verdicts.submission(attempt))
    paths = [f"/submissions/{one.pk}/" for one in kept]
    assert all_barriers(visitor, paths, learner) == []
