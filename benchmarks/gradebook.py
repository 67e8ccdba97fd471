"""The instructor's gradebook: what 500 learners at 20 assessments of ten questions cost."""

from collections.abc import Iterator

from benchmarks.scratch import scratch, told_by
from scripts.demo import manage

_COUNT = """
import statistics
import time
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from assessments.models import Course, Enrolment, User
from question_bank.models import Question
from tests.cast.gradebooks import fill

settings.ALLOWED_HOSTS = ["*"]
course = Course.objects.get()
questions = list(Question.objects.exclude(live=None).exclude(kind="code")[:10])
fill(course, learners=500, assessments=20, questions=questions)
teacher = User.objects.create_user("teacher")
Enrolment.objects.create(user=teacher, course=course, role="instructor")
browser = Client()
browser.force_login(teacher)

def took(path):
    began = time.perf_counter()
    assert browser.get(path).status_code == 200
    return 1000 * (time.perf_counter() - began)

here = f"/courses/{course.slug}/gradebook"
for name, path in (
    ("a page by name", "/"),
    ("a page by one assessment", "/?sort=exam-03"),
    ("a page by all points", "/?sort=total"),
    ("those with something undecided", "/?only=open"),
    ("by question", "/exam-03/"),
    ("CSV of everybody", ".csv"),
):
    took(here + path)
    with CaptureQueriesContext(connection) as asked:
        took(here + path)
    queries = len(asked)
    median = statistics.median(took(here + path) for _ in range(7))
    print(f"{name}: {queries} queries, median of seven {median:.0f} ms")
"""


def measure() -> Iterator[str]:
    """Fill a scratch database with 100,000 answers, and ask for each page."""
    with scratch() as environment:
        manage("load_course", environment=environment)
        yield from told_by(_COUNT, environment).splitlines()
