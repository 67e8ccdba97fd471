"""How often somebody may ask is told with each answer, and held to."""

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.api.rates import Rate
from assessments.models import User
from tests.assessments.api.conftest import Api


@pytest.fixture(autouse=True)
def _three_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rate, "rate", "3/min", raising=False)


def test_what_is_left_is_told_until_nothing_is(learner: User, api: Api) -> None:
    client = api(learner)
    left = [client.get("/api/v1/me/")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    over = client.get("/api/v1/me/")
    assert over.status_code == 429
    assert 1 <= int(over["Retry-After"]) <= 60
    assert over["RateLimit-Limit"] == "3"
    assert over["RateLimit-Remaining"] == "0"


def test_others_are_not_held_up(learner: User, teammate: User, api: Api) -> None:
    for _ in range(4):
        api(learner).get("/api/v1/me/")
    assert api(teammate).get("/api/v1/me/").status_code == 200


def test_guessing_tokens_is_counted_by_address(client: Client, db: None) -> None:
    codes = [
        client.get("/api/v1/me/", headers={"Authorization": f"Bearer {n}"}).status_code
        for n in range(4)
    ]
    assert codes == [401, 401, 401, 429]


def test_a_cache_that_fails_holds_nobody_up(
    learner: User, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "get", fail)
    assert api(learner).get("/api/v1/me/").status_code == 200
