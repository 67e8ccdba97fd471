"""What pages owe to those whose line, screen, paper or eyes are others than the author's."""

from typing import Any

import pytest
from django.conf import settings as live
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import enrol_people
from config.sign_on import Provider
from tests.journeys.conftest import PASSWORD, Visitor
from tests.journeys.test_every_page import NARROW, WIDE, all_barriers, barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAULTS = ["400", "403", "403_csrf", "404", "429", "500", "web/offline", "web/locked"]
CONCEPT, CODE = "/concepts/local-window/", "/questions/sliding-window/"
QUESTION = "/questions/masked-dense-flaw/"
#: How many letters stand on each line of the longest paragraph.
LETTERS = """() => {
  const paragraphs = [...document.querySelectorAll("main p")].filter((p) => p.offsetParent);
  paragraphs.sort((a, b) => b.textContent.length - a.textContent.length);
  const lines = {}, walker = document.createTreeWalker(paragraphs[0], NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let i = 0; i < node.length; i += 1) {
      const range = document.createRange();
      range.setStart(node, i); range.setEnd(node, i + 1);
      const line = Math.round(range.getBoundingClientRect().bottom / 8);
      lines[line] = (lines[line] ?? 0) + 1;
    }
  }
  return Object.values(lines);
}"""


def test_pages_of_faults_are_without_barriers(visitor: Visitor, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.journeys.fault_urls"
    assert all_barriers(visitor, [f"/see/{name}" for name in FAULTS], None) == []


def test_pages_of_an_account_are_without_barriers(
    visitor: Visitor, learner: User, settings: Settings
) -> None:
    settings.SIGN_ON = Provider("https://login.example", "sparring", "secret", "Example school")
    paths = ["/accounts/reauthenticate/", "/accounts/sso/", "/accounts/sso/cancelled/"]
    assert all_barriers(visitor, paths, learner) == []
    public = ["/accounts/login/", "/accounts/signup/", "/accounts/sso/login/"]
    assert all_barriers(visitor, public, None) == []
    settings.SIGNUP_OPEN = False
    assert all_barriers(visitor, ["/accounts/login/", "/accounts/signup/"], None) == []


def test_the_people_of_a_course_are_without_barriers(
    visitor: Visitor, learner: User, course: Course
) -> None:
    teacher = User.objects.create_user("teacher", password=PASSWORD)
    enrol_people(course, [teacher], Enrolment.Role.INSTRUCTOR)
    path = f"/admin/assessments/course/{course.pk}/people/"
    leave = f"{path}{course.enrolments.get(user=learner).pk}/remove/"
    assert all_barriers(visitor, [path, leave], teacher) == []
    User.objects.create_user("newcomer", "dean@example.org")
    with visitor.at(path, teacher) as page:
        page.get_by_label("User names or e-mail addresses").fill("newcomer\nnobody\nlearner")
        page.get_by_role("button", name="Show what will happen").click()
        expect(page.get_by_role("status")).to_contain_text("1 person will be enrolled")
        assert barriers(page) == []
        page.get_by_role("button", name="Enrol", exact=True).click()
        expect(page.get_by_role("rowheader", name="newcomer")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 2560, 3840])
def test_lines_are_60_to_75_letters_long_and_type_grows_with_the_screen(
    visitor: Visitor, learner: User, width: int
) -> None:
    size = {"width": width, "height": width * 9 // 16}
    with visitor.at("/help/", learner, viewport=size) as page:
        lines = sorted(page.evaluate(LETTERS))
        assert lines[-1] <= 75
        assert lines[len(lines) // 2] >= 60
        points = float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
        assert points >= 17 * max(1, 0.6 + 0.35 * width / 1920)
        assert barriers(page) == []


def test_masks_and_states_are_seen_in_forced_colours(visitor: Visitor, learner: User) -> None:
    for scheme in ("light", "dark"):
        options: dict[str, Any] = {"forced_colors": "active", "color_scheme": scheme}
        with visitor.at(CONCEPT, learner, viewport=WIDE, **options) as page:
            seen, paper = _colours(page)
            assert seen != paper
            assert page.locator(".state-mark").first.inner_text().strip()


def _colours(page: Page) -> tuple[str, str]:
    """Return what an attended pair is filled with, and what is behind it."""
    read = "(one) => getComputedStyle(one).fill"
    filled = str(page.locator(".mask-seen, .mask-part").first.evaluate(read))
    return filled, str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_nothing_moves_for_those_who_ask_for_no_motion(visitor: Visitor, learner: User) -> None:
    with visitor.at(CONCEPT, learner, reduced_motion="reduce") as page:
        moving = page.evaluate(
            "[...document.querySelectorAll('*')].filter((one) =>"
            " parseFloat(getComputedStyle(one).transitionDuration) > 0"
            " || getComputedStyle(one).animationName !== 'none').length"
        )
        assert moving == 0


def test_paper_holds_the_question_and_none_of_the_sites_furniture(
    visitor: Visitor, learner: User
) -> None:
    with visitor.at(QUESTION, learner) as page:
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for furniture in (".site-head", ".site-foot", "main .actions"):
            expect(page.locator(furniture).first).to_be_hidden()
        page.goto(CONCEPT)
        expect(page.locator(".mask").first).to_be_visible()
        expect(page.locator(".query-form")).to_be_hidden()


def test_without_a_connection_a_page_of_ours_says_so(visitor: Visitor, learner: User) -> None:
    with visitor.at(CONCEPT, learner) as page:
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.context.set_offline(True)
        page.goto(QUESTION)
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        page.context.set_offline(False)
        page.goto(QUESTION)
        expect(page.get_by_role("heading", name="You are offline")).to_be_hidden()
    complaints = [told for told in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in told]
    visitor.complaints[:] = complaints


def test_what_is_typed_before_the_editor_has_come_is_kept(
    visitor: Visitor, attempt: Attempt, learner: User
) -> None:
    with visitor.at("/help/", learner) as page:
        held: list[Route] = []
        page.route("**/codemirror*", lambda route: held.append(route))
        page.goto(CODE, wait_until="domcontentloaded")
        page.locator("#source").fill("typed = 'at once'")
        page.wait_for_load_state("load")
        page.wait_for_function("document.activeElement.id === 'source'")
        while not held:
            page.wait_for_timeout(20)
        for route in held:
            route.continue_()
        expect(page.locator(".cm-content")).to_contain_text("typed = 'at once'")
        expect(page.locator(".cm-content")).to_be_focused()


def test_a_chosen_theme_comes_with_the_page(visitor: Visitor, learner: User) -> None:
    with visitor.at("/help/", learner, viewport=NARROW) as page:
        for _ in range(2):
            page.locator("[data-theme-toggle]").click()
        assert 'data-theme="dark"' in page.request.get("/help/").text()
        page.locator("[data-theme-toggle]").click()
        assert 'data-theme="' not in page.request.get("/help/").text().split("<head>")[0]
    assert live.SESSION_COOKIE_SAMESITE == "Lax"
