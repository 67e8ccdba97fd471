"""Whether questions mark as their authors say."""

from collections.abc import Iterator

from question_bank.author_tests import failures
from question_bank.courses.checks import question_file
from question_bank.courses.faults import Fault
from question_bank.courses.schema import Course


def marks_otherwise(course: Course) -> Iterator[Fault]:
    """Tell a question that marks a sample of its kind or a test of its author otherwise."""
    for slug, content in course.questions.items():
        for reason in failures(content):
            yield Fault(question_file(slug), "tests", reason)
