"""Sessions: rows as Django's own engine writes them, read by a statement of ours."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept() -> str:
    session = SessionStore()
    session["name"] = "Ada"
    session.create()
    assert session.session_key is not None
    return session.session_key


def test_what_is_kept_is_read_by_either_engine() -> None:
    key = kept()
    assert SessionStore(key)["name"] == DatabaseStore(key)["name"] == "Ada"


def test_one_that_has_expired_holds_nothing_and_loses_its_key() -> None:
    key = kept()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert session.get("name") is None
    assert session.session_key is None


@pytest.mark.parametrize("key", ["x" * 32, "' OR 1=1 --", "\x00" * 32, "", "é" * 40])
def test_a_key_that_is_none_holds_nothing(key: str) -> None:
    kept()
    assert SessionStore(key).get("name") is None
