"""A connection that has rested is looked at before it is used again."""

import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="PostgreSQL only: python -m scripts.servers make test ARGS=tests/config",
    ),
]


@pytest.fixture
def rested() -> Iterator[BaseDatabaseWrapper]:
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def process_of(one: BaseDatabaseWrapper) -> int:
    with one.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_one_that_answers_is_used_again(rested: BaseDatabaseWrapper) -> None:
    assert rested.is_usable()
    assert process_of(rested) == process_of(rested)


def test_one_that_the_server_has_ended_is_not(rested: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process_of(rested)])
    end = time.monotonic() + 10
    while rested.is_usable() and time.monotonic() < end:
        time.sleep(0.01)
    assert not rested.is_usable()


def test_one_that_is_closed_is_not(rested: BaseDatabaseWrapper) -> None:
    rested.close()
    assert not rested.is_usable()
