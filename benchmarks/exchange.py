"""Questions in and out: what a file of a thousand costs in time and in queries."""

from collections.abc import Iterator

from benchmarks.scratch import scratch, told_by

_COUNT = """
import time
import django
django.setup()
from django.db import connection
from django.test.utils import CaptureQueriesContext
from assessments.models import User
from question_bank.exchange import FORMATS, Source, apply, export, plan
from question_bank.models import Question

KINDS = (
    "{{=right {0}#Yes, {0}. ~wrong#No. ~<b>bold</b> {0} ~%0%never#No.}}",
    "{{~%50%a {0} ~%50%b {0} ~%-100%c {0}#No.}}",
    "{{#{0}:0.5#Yes. ~#No.}}",
    "{{=Word {0}#Yes. =%50%Wor*#Nearly. =%0%*#No.}}",
    "{{=a {0} -> 1 =b {0} -> 2 = -> 3}}",
)
def text(count, name):
    return "\\n\\n".join(
        f"// [tag:t{n % 7}]\\n::{name} {n}::What of {n} is right, & why? "
        + KINDS[n % len(KINDS)].format(n)
        for n in range(count)
    )

def took(call):
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result

def bring_in(data, by):
    apply(plan([Source("", data)], "gift", by=by), by=by)

by = User.objects.create_user("author").pk
bring_in(text(20, "Warm").encode(), by)
Question.objects.all().delete()
thousand = text(1000, "Question").encode()
first, _ = took(lambda: bring_in(thousand, by))
assert Question.objects.count() == 1000
again, _ = took(lambda: bring_in(thousand, by))
with CaptureQueriesContext(connection) as asked:
    bring_in(text(100, "Hundred").encode(), by)
print(f"{first:.2f} {again:.2f} {len(asked)}")
for name in FORMATS:
    questions = Question.objects.filter(title__startswith="Question")
    seconds, made = took(lambda: export(questions, name))
    assert made.exported == 1000, made.unsupported[:3]
    print(f"{name} {seconds:.2f}")
"""


def measure() -> Iterator[str]:
    """Import a thousand questions of five kinds into a scratch database, and export them."""
    with scratch() as environment:
        told = told_by(_COUNT, environment).splitlines()
    first, again, queries = told[0].split()
    yield f"GIFT import of 1,000 questions: {first} s, the same file again {again} s (asked: 1.5 s)"
    yield f"queries of an import of 100 questions: {queries} (asked: 50)"
    for line in told[1:]:
        name, seconds = line.split()
        yield f"{name} export of 1,000 questions: {seconds} s (asked: 1 s)"
