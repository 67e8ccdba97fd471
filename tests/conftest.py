"""What every test may ask for: a database, a broker, a course and the cast."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import cache

from assessments.models import Attempt, Course, Enrolment, User
from assessments.services import attempt_for
from question_bank.models import Question
from tests.cast import brokers
from tests.cast.courses import loaded
from tests.cast.people import person
from tests.deadline import pytest_collection_modifyitems, pytest_runtest_setup  # noqa: F401

COURSE_FOLDER = Path(__file__).parent / "cast" / "course"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file, as in earnest; a memory has other locks."""
    if settings.ON_SQLITE:
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Spend no half second on each person's password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _forgiving_cache() -> None:
    """Forget how often earlier tests logged in."""
    cache.clear()


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def no_broker(short_folder: Path) -> str:
    """Without the broker fixture there is none, and never the one of a demo that is running."""
    url = f"redis+socket://{short_folder}/nobody.sock"
    brokers.point_at(url)
    return url


@pytest.fixture(scope="session")
def _broker_url(short_folder: Path) -> Iterator[str]:
    with brokers.broker_url(short_folder) as url:
        yield url


@pytest.fixture
def broker(_broker_url: str, no_broker: str) -> Iterator[redis.Redis]:
    """A real broker, empty."""
    client = brokers.connect(_broker_url)
    client.flushdb()
    brokers.point_at(_broker_url)
    yield client
    brokers.point_at(no_broker)
    client.flushdb()


@pytest.fixture
def course(db: None) -> Course:
    """A course with a question of each kind: which-cut, keys-seen, sliding-window."""
    return loaded(COURSE_FOLDER)


@pytest.fixture
def learner(course: Course) -> User:
    """Somebody who learns in the course."""
    return person("learner", course)


@pytest.fixture
def teammate(course: Course) -> User:
    """Somebody else who learns in the course."""
    return person("teammate", course)


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account, in no course."""
    return person("stranger")


@pytest.fixture
def instructor(course: Course) -> User:
    """Somebody who teaches the course."""
    return person("instructor", course, Enrolment.Role.INSTRUCTOR)


@pytest.fixture
def code_attempt(learner: User) -> Attempt:
    """The learner's attempt at the sliding window."""
    return attempt_for(learner, Question.objects.get(slug="sliding-window"))
