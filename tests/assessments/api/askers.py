"""Who asks the cases that are drawn from the schema, and for what that is there."""

from django.conf import settings as configured
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from assessments.api.views.bank import CONTENT
from assessments.models import Scope, User
from assessments.services.tokens import make_token
from tests.assessments.api.cases import Way
from tests.assessments.api.world import World


def ways(world: World) -> list[Way]:
    """Return a learner by session and by token, an instructor and an administrator by token."""
    owner = world.people["owner"]
    others = [by_token(world.people[name]) for name in ("instructor", "admin")]
    return [by_session(owner), by_token(owner), *others]


def by_session(user: User) -> Way:
    """Return a browser."""
    client, secret = Client(), _get_new_csrf_string()
    client.force_login(user)
    session = client.cookies[configured.SESSION_COOKIE_NAME].value
    cookies = {configured.SESSION_COOKIE_NAME: session, configured.CSRF_COOKIE_NAME: secret}
    return Way({"X-CSRFToken": secret}, cookies)


def by_token(user: User) -> Way:
    """Return a script."""
    text = make_token(user, "cases", Scope.values, 1)[1]
    return Way({"Authorization": f"Bearer {text}"})


def known(world: World) -> dict[str, list[object]]:
    """Return what is there, by the name of a parameter or of a field."""
    things = world.things
    kinds = ("attempt", "response", "submission", "assessment", "sitting", "token")
    by_path = {f"/api/v1/{kind}s/{{id}}/ id": [things[kind]] for kind in kinds}
    attempts = [things["attempt"], things["sat"], things["code"]]
    return by_path | {
        "/api/v1/attempts/{id}/answer/ id": attempts,
        "/api/v1/attempts/{id}/responses/ id": attempts,
        "/api/v1/submissions/{id}/source/ id": [things["submission"]],
        "/api/v1/sittings/{id}/hand-in/ id": [things["sitting"]],
        "/api/v1/sittings/{id}/again/ id": [things["practised"], things["sitting"]],
        "question": ["which-cut", "keys-seen", "sliding-window"],
        "assessment": [things["assessment"]],
        "attempt": [things["attempt"], things["code"]],
        "answer": [{"choice": "1"}, {"number": "1,5"}, {"choice": ""}],
        "/api/v1/concepts/{slug}/ slug": ["window"],
        "/api/v1/questions/{slug}/ slug": ["which-cut"],
        "/api/v1/questions/{slug}/variants/{seed}/ slug": ["which-cut", "keys-seen"],
        "/api/v1/users/{id}/ id": [things["user"]],
        "/api/v1/accommodations/{id}/ id": [things["accommodation"]],
        "/api/v1/courses/{course}/enrolments/{id}/ id": [things["enrolment"]],
        "/api/v1/teaching/assessments/{id}/ id": [things["assessment"]],
        "/api/v1/bank/questions/{slug}/ slug": ["which-cut"],
        "/api/v1/bank/questions/{slug}/draft/ slug": ["which-cut", "keys-seen"],
        "/api/v1/bank/questions/{slug}/draft/test/ slug": ["which-cut"],
        "/api/v1/bank/questions/{slug}/versions/{number}/variants/{seed}/ slug": ["which-cut"],
        "course": [things["course"]],
        "number": [1, 2],
        "version": [1, 2],
        "content": [CONTENT],
        "learner": ["teammate"],
        "who": ["stranger"],
        "seed": [0, 5, 63],
        "slug": [things["course"]],
        "fields": ["id", "slug"],
    }  # fmt: skip
