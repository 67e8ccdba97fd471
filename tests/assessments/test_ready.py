"""A query that was compiled before finds what it would find compiled anew."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from assessments.models import Assessment, Attempt, Course, Sitting, Submission, User
from assessments.ready import Ready
from assessments.services import begin
from assessments.services.journal import Form, save_form
from tests.cast.people import person
from tests.cast.sittings import assessment

pytestmark = pytest.mark.django_db


def attempts_in(sitting: int) -> QuerySet[Attempt]:
    """A query with all that one can have: related rows, columns left out, one that is made."""
    return (
        Attempt.objects.filter(sitting=sitting)
        .select_related("question", "version", "saved")
        .only("place", "started_at", "question__slug", "version__digest", "saved__state")
        .annotate(submitted=Exists(Submission.objects.filter(attempt=OuterRef("pk"))))
        .order_by("-place")
    )


def seen(row: Attempt) -> tuple[object, ...]:
    return (
        *(row.pk, row.place, row.started_at, row.question.slug, row.version.digest),
        *(row.saved.state, getattr(row, "submitted"), row.get_deferred_fields()),  # noqa: B009
        *(row.question.get_deferred_fields(), row.saved.get_deferred_fields()),
    )


@pytest.fixture
def exam(course: Course) -> Assessment:
    return assessment(course, "which-cut", "keys-seen", "sliding-window")


def test_its_rows_are_those_of_the_query_for_each_key(exam: Assessment, course: Course) -> None:
    ready = Ready(attempts_in)
    for name in ("ada", "grace"):
        sitting = begin(person(name, course), exam)
        save_form(sitting.attempts.get(place=0), Form({"choice": name}), timezone.now())
        found = ready(sitting.pk)
        assert len(found) == 3
        assert list(map(seen, found)) == list(map(seen, attempts_in(sitting.pk)))


def test_it_is_built_once_for_each_number_and_kind_of_keys(learner: User, course: Course) -> None:
    built: list[tuple[int | str, ...]] = []

    def people(*keys: int | str) -> QuerySet[User]:
        built.append(keys)
        column = "username__in" if isinstance(keys[0], str) else "pk__in"
        return User.objects.filter(**{column: keys}).order_by("pk")

    ready, other = Ready(people), person("other", course)
    for _again in range(2):
        assert ready(learner.pk) == [learner]
        assert ready(other.pk) == [other]
        assert ready(learner.pk, other.pk) == [learner, other]
        assert ready("other") == [other]
        assert ready("' OR 1=1 --") == []
    assert len(built) == 3


def test_each_thread_compiles_its_own(learner: User) -> None:
    built: list[int] = []

    def account(key: int) -> QuerySet[User]:
        built.append(threading.get_ident())
        return User.objects.filter(pk=key)

    ready = Ready(account)
    assert ready(learner.pk) == [learner]

    def elsewhere() -> None:
        ready(learner.pk)
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert ready(learner.pk) == [learner]
    assert len(built) == len(set(built)) == 2


@pytest.mark.parametrize("key", [0, -1, 2**63 - 1, 2**63, -(2**70), 10**30])
def test_the_key_of_nothing_finds_nothing_however_large_it_is(learner: User, key: int) -> None:
    assert Ready(lambda key: User.objects.filter(pk=key))(key) == []


def test_a_query_that_makes_something_else_of_a_key_is_refused(learner: User) -> None:
    with pytest.raises(TypeError, match="as it is"):
        Ready(lambda key: User.objects.filter(pk=key + 1))(learner.pk)


def test_of_no_keys_there_are_no_rows(learner: User) -> None:
    ready = Ready(lambda *keys: User.objects.filter(pk__in=keys))
    assert ready() == []
    assert ready.one() is None
    assert ready.one(learner.pk) == learner


def test_a_key_that_no_database_holds_leaves_the_others_be(learner: User) -> None:
    assert Ready(lambda *keys: User.objects.filter(pk__in=keys))(learner.pk, 2**70) == [learner]


@pytest.mark.skipif(
    not connection.features.has_select_for_update,
    reason="PostgreSQL only: python -m scripts.servers make test ARGS=tests/assessments",
)
@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_and_nowhere_else(exam: Assessment, learner: User) -> None:
    sitting = begin(learner, exam)
    locked = Ready(lambda key: Sitting.objects.select_for_update().filter(pk=key))
    with transaction.atomic():
        assert locked(sitting.pk) == [sitting]
    with pytest.raises(TransactionManagementError):
        locked(sitting.pk)
