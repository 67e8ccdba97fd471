"""A real Chromium against a live server; nothing goes to a broker."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import attempt_for
from question_bank.courses import BUILT_IN
from question_bank.models import Question
from tests.cast.courses import loaded

PASSWORD = "a long password"
FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The messages that would go to the broker."""
    messages: list[tuple[Any, ...]] = []

    def keep(*args: Any, **_: Any) -> None:
        messages.append(args)

    monkeypatch.setattr(current_app, "send_task", keep)
    return messages


@pytest.fixture
def course(transactional_db: None) -> Course:
    return loaded(BUILT_IN)


@pytest.fixture
def learner(course: Course) -> User:
    user = User.objects.create_user("learner", password=PASSWORD)
    Enrolment.objects.create(user=user, course=course)
    return user


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return attempt_for(learner, Question.objects.get(slug="sliding-window"))


class Visitor:
    """Somebody at a browser; what the console complains of is kept."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser, self._base = browser, base
        self.complaints: list[str] = []

    @contextmanager
    def at(self, path: str, user: User | None = None, **options: Any) -> Iterator[Page]:
        """Open a page of the site, signed in as ``user``."""
        context = self._browser.new_context(base_url=self._base, **options)
        context.set_default_timeout(10_000)
        if user is not None:
            context.add_cookies([self._session(user)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("console", lambda told: self._hear(told.type, told.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.goto(path)
        yield page
        context.close()

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _session(self, user: User) -> dict[str, str]:
        client = Client()
        client.force_login(user)
        return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self._base}


@pytest.fixture
def visitor(browser: Browser, live_server: Any, sent: list[tuple[Any, ...]]) -> Iterator[Visitor]:
    someone = Visitor(browser, live_server.url)
    yield someone
    assert someone.complaints == []
