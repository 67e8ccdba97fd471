"""Who may do what by the API: a row for every operation; the tests walk them.

Whoever is in ``may`` gets a good answer, whoever is in ``seen`` a 403 as the thing is no secret to
them, whoever has signed in besides a 404. A list (``lists``) is answered to all who have signed in,
and has something in it for those in ``may`` alone. ``things`` fills addresses and bodies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.assessments.api.world import OF_COURSE, OUTSIDERS

ALL = OF_COURSE | OUTSIDERS
OWNER = frozenset({"owner"})
WORK = frozenset({"owner", "assistant", "instructor"})
SAT = WORK | {"admin"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """An operation: its method and address as the schema has them, and who may."""

    method: str
    path: str
    may: frozenset[str]
    seen: frozenset[str] = NOBODY
    things: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    lists: bool = False

    @property
    def name(self) -> str:
        """How the schema names it."""
        return f"{self.method} {self.path}"


def listed(path: str, may: frozenset[str]) -> Row:
    return Row("GET", path, may, lists=True)


ANSWER = {"answer": {"choice": "1"}}
ROWS = [
    Row("GET", "/me/", ALL),
    listed("/tokens/", OWNER),
    Row("POST", "/tokens/", ALL, body={"name": "x", "scopes": ["work:read"]}),
    Row("GET", "/tokens/{id}/", OWNER, things={"id": "token"}),
    Row("DELETE", "/tokens/{id}/", OWNER, things={"id": "token"}),
    listed("/courses/", OF_COURSE | {"other instructor"}),
    Row("GET", "/courses/{slug}/", OF_COURSE, things={"slug": "course"}),
    Row("GET", "/courses/{slug}/graph/", OF_COURSE, things={"slug": "course"}),
    Row("POST", "/courses/{slug}/join/", OF_COURSE, things={"slug": "course"}),
    Row("GET", "/courses/{slug}/results/", OF_COURSE, things={"slug": "course"}),
    listed("/concepts/", OF_COURSE),
    Row("GET", "/concepts/{slug}/", OF_COURSE, things={"slug": "concept"}),
    listed("/questions/", OF_COURSE),
    Row("GET", "/questions/{slug}/", OF_COURSE, things={"slug": "question"}),
    Row("GET", "/questions/{slug}/variants/{seed}/", OF_COURSE,
        things={"slug": "question", "seed": "seed"}),
    listed("/attempts/", WORK),
    Row("POST", "/attempts/", OF_COURSE, body={"question": "which-cut"}),
    Row("GET", "/attempts/{id}/", WORK, things={"id": "attempt"}),
    Row("PATCH", "/attempts/{id}/", OWNER, WORK, {"id": "sat"}, {"is_flagged": True}),
    Row("GET", "/attempts/{id}/answer/", OWNER, WORK, {"id": "attempt"}),
    Row("PUT", "/attempts/{id}/answer/", OWNER, WORK, {"id": "attempt"}, ANSWER),
    Row("POST", "/attempts/{id}/responses/", OWNER, WORK, {"id": "attempt"}, ANSWER),
    listed("/responses/", WORK),
    Row("GET", "/responses/{id}/", WORK, things={"id": "response"}),
    listed("/submissions/", WORK),
    Row("POST", "/submissions/", OF_COURSE, body={"question": "sliding-window", "source": "x = 1"}),
    Row("GET", "/submissions/{id}/", WORK, things={"id": "submission"}),
    Row("GET", "/submissions/{id}/source/", WORK, things={"id": "submission"}),
    listed("/assessments/", OF_COURSE),
    Row("GET", "/assessments/{id}/", OF_COURSE, things={"id": "assessment"}),
    listed("/sittings/", SAT),
    Row("POST", "/sittings/", OF_COURSE, body={"assessment": "assessment"}),
    Row("GET", "/sittings/{id}/", SAT, things={"id": "sitting"}),
    Row("POST", "/sittings/{id}/hand-in/", OWNER, SAT, {"id": "sitting"}),
]  # fmt: skip
