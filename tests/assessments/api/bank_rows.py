"""Who may do what with the bank, and with a course's people and results; see ``rows``."""

from typing import Any

from assessments.api.views.bank import CONTENT
from tests.assessments.api.rows import Row, listed

BANK = frozenset({"author", "reviewer", "editor", "admin"})
WRITERS = BANK - {"reviewer"}
APPROVERS = BANK - {"author"}
PUBLISHERS = frozenset({"editor", "admin"})
STAFF = frozenset({"assistant", "instructor", "admin"})
TEACHERS = STAFF - {"assistant"}
OF_BANK = ("/bank/questions/", "/users/", "/accommodations/", "/teaching/", "/waiting/")
OF_COURSE = ("/courses/{course}/",)
WHICH = {"slug": "question"}
ENROLLED = {"course": "course", "id": "enrolment"}
CHANGED: dict[str, Any] = {"content": CONTENT | {"concepts": []}}


def _at(tail: str) -> str:
    return "/bank/questions/{slug}/" + tail


ROWS = [
    listed("/bank/questions/", BANK),
    Row("POST", "/bank/questions/", WRITERS, BANK, body={"slug": "new"} | CHANGED),
    Row("GET", _at(""), BANK, things=WHICH),
    Row("POST", _at("withdraw/"), PUBLISHERS, BANK, WHICH, {"version": 1}),
    Row("POST", _at("roll-back/"), PUBLISHERS, BANK, {"slug": "keys"}, {"version": 1}),
    Row("GET", _at("events/"), BANK, things=WHICH),
    Row("GET", _at("versions/"), BANK, things=WHICH),
    Row("GET", _at("versions/{number}/"), BANK, things=WHICH | {"number": "number"}),
    Row("GET", _at("versions/{number}/variants/{seed}/"), BANK,
        things=WHICH | {"number": "number", "seed": "seed"}),
    Row("GET", _at("draft/"), BANK, things=WHICH),
    Row("POST", _at("draft/"), WRITERS, BANK, WHICH),
    Row("PUT", _at("draft/"), WRITERS, BANK, WHICH, CHANGED),
    Row("DELETE", _at("draft/"), WRITERS, BANK, WHICH),
    Row("POST", _at("draft/test/"), BANK, things=WHICH),
    Row("POST", _at("draft/hand-in/"), WRITERS, BANK, WHICH),
    Row("POST", _at("draft/approve/"), APPROVERS, BANK, WHICH, {"version": 2}),
    Row("POST", _at("draft/send-back/"), APPROVERS, BANK, WHICH, {"version": 2, "note": "Why"}),
    Row("POST", _at("draft/publish/"), PUBLISHERS, BANK, WHICH, {"version": 2}),
    Row("GET", "/courses/{course}/gradebook/", STAFF, things={"course": "course"}),
    Row("GET", "/courses/{course}/enrolments/", STAFF, things={"course": "course"}),
    Row("POST", "/courses/{course}/enrolments/", TEACHERS, STAFF, {"course": "course"},
        {"who": "stranger"}),
    Row("GET", "/courses/{course}/enrolments/{id}/", STAFF, things=ENROLLED),
    Row("PATCH", "/courses/{course}/enrolments/{id}/", TEACHERS, STAFF, ENROLLED,
        {"role": "assistant"}),
    Row("DELETE", "/courses/{course}/enrolments/{id}/", TEACHERS, STAFF, ENROLLED),
    listed("/users/", TEACHERS | {"other instructor"}),
    Row("GET", "/users/{id}/", TEACHERS, things={"id": "user"}),
    listed("/accommodations/", TEACHERS),
    Row("POST", "/accommodations/", TEACHERS, body={"learner": "teammate", "course": "course"}),
    Row("GET", "/accommodations/{id}/", TEACHERS, things={"id": "accommodation"}),
    Row("PATCH", "/accommodations/{id}/", TEACHERS, things={"id": "accommodation"},
        body={"factor": "1.5"}),
    Row("DELETE", "/accommodations/{id}/", TEACHERS, things={"id": "accommodation"}),
    listed("/teaching/assessments/", STAFF),
    Row("GET", "/teaching/assessments/{id}/", STAFF, things={"id": "assessment"}),
    Row("POST", "/teaching/assessments/{id}/publish/", TEACHERS, STAFF, {"id": "assessment"}),
    Row("POST", "/teaching/assessments/{id}/unpublish/", TEACHERS, STAFF, {"id": "hidden"}),
    Row("POST", "/teaching/assessments/{id}/release/", TEACHERS, STAFF, {"id": "assessment"}),
    Row("POST", "/teaching/assessments/{id}/hold-back/", TEACHERS, STAFF, {"id": "assessment"}),
    listed("/waiting/", STAFF),
]  # fmt: skip
