"""Courses in the database, their files read once for all tests of a process."""

from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assessments.models import Course
from assessments.services.courses import load_course
from question_bank.courses import read_course
from question_bank.models import Question, QuestionEvent, QuestionVersion
from question_bank.variants import read_content
from question_bank.versions import go_live, make_version

_read_once = cache(read_course)


def loaded(folder: Path) -> Course:
    """Load a course as the service does; only its reading is remembered."""
    with patch("question_bank.courses.read_course", _read_once):
        return load_course(folder)[0]


def put_live(question: Question, **changed: Any) -> QuestionVersion:
    """Make a version with other content live."""
    assert question.live is not None
    content = read_content(question.live.content | changed)
    version = make_version(question, content, author=None)
    go_live(question, version, QuestionEvent.Action.PUBLISHED, by=None)
    return version
