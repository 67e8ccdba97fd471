"""Some hundred requests drawn from the schema: no 500, and no answer outside the schema.

``API_CASES`` and ``API_SEED`` draw more of them, or others; ``make bench BENCH=api_cases`` does.
"""

import os
import sys

import pytest
from django.conf import settings as configured
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from assessments.models import Course, Scope, User
from assessments.services.tokens import make_token
from tests.assessments.api.cases import Way, ask
from tests.assessments.api.world import World, made

SEED = int(os.environ.get("API_SEED", "20261126"))
CASES = int(os.environ.get("API_CASES", "500"))


def by_session(user: User) -> Way:
    client, secret = Client(), _get_new_csrf_string()
    client.force_login(user)
    session = client.cookies[configured.SESSION_COOKIE_NAME].value
    cookies = {configured.SESSION_COOKIE_NAME: session, configured.CSRF_COOKIE_NAME: secret}
    return Way({"X-CSRFToken": secret}, cookies)


def by_token(user: User) -> Way:
    text = make_token(user, "cases", Scope.values, 1)[1]
    return Way({"Authorization": f"Bearer {text}"})


def known(world: World) -> dict[str, list[object]]:
    """Return what is there, by the name of a parameter or of a field."""
    things = world.things
    kinds = ("attempt", "response", "submission", "assessment", "sitting", "token")
    by_path = {f"/api/v1/{kind}s/{{id}}/ id": [things[kind]] for kind in kinds}
    below = [f"/api/v1/attempts/{{id}}/{what}/ id" for what in ("answer", "responses")]
    attempts = [things["attempt"], things["sat"], things["code"]]
    return by_path | dict.fromkeys(below, attempts) | {
        "/api/v1/submissions/{id}/source/ id": [things["submission"]],
        "/api/v1/sittings/{id}/hand-in/ id": [things["sitting"]],
        "question": ["which-cut", "keys-seen", "sliding-window"],
        "assessment": [things["assessment"]],
        "attempt": [things["attempt"], things["code"]],
        "answer": [{"choice": "1"}, {"number": "1,5"}, {"choice": ""}],
        "/api/v1/concepts/{slug}/ slug": ["window"],
        "/api/v1/questions/{slug}/ slug": ["which-cut"],
        "/api/v1/questions/{slug}/variants/{seed}/ slug": ["which-cut", "keys-seen"],
        "seed": [0, 5, 63],
        "slug": [things["course"]],
        "fields": ["id", "slug"],
    }  # fmt: skip


@pytest.fixture
def world(course: Course, admin_user: User) -> World:
    return made(course, admin_user)


def test_what_is_drawn_from_the_schema_is_answered_by_the_schema(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    owner = world.people["owner"]
    caplog.set_level("CRITICAL")
    ways = [by_session(owner), by_token(owner), by_token(world.people["instructor"])]
    report = ask(CASES, SEED, ways, known(world))
    assert report.faults == {}
    assert report.cases >= CASES
    reached = {name for name, seen in report.statuses.items() if any(code < 300 for code in seen)}
    assert len(reached) >= len(report.statuses) // 2, report.statuses
    words = f"{report.cases:,} cases of {len(report.statuses)} operations, {len(reached)} reached"
    sys.stdout.write(f"{words}\n")
