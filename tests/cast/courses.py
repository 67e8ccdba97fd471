"""Courses in the database, their files read once for all tests of a process."""

from functools import cache
from pathlib import Path
from unittest.mock import patch

from assessments.models import Course
from assessments.services.courses import load_course
from question_bank.courses import read_course

_read_once = cache(read_course)


def loaded(folder: Path) -> Course:
    """Load a course as the service does; only its reading is remembered."""
    with patch("question_bank.courses.read_course", _read_once):
        return load_course(folder)[0]
