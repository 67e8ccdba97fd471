"""Every file of tests/submissions gets the verdict that its first line names."""

import base64
from pathlib import Path

import pytest

from grader.contract import GradingJob, Verdict
from grader.exercises import EXERCISES
from grader.references import models_of, source_of
from tests.grader.judge.nearness import skip_where_near

FOLDER = Path(__file__).parents[2] / "submissions"
FILES = sorted(FOLDER.rglob("*.py"))
TIMED = {"too_slow", "inconclusive"}

pytestmark = pytest.mark.sandbox


def expected(path: Path) -> str:
    head = path.read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("# expect: "), f"{path} does not say what to expect"
    return head.removeprefix("# expect: ").strip()


def parameters():
    for path in FILES:
        slug, verdict = path.relative_to(FOLDER).parts[0], expected(path)
        timed = verdict in TIMED or (verdict == "passed" and EXERCISES[slug].speed)
        marks = [pytest.mark.timing] if timed else []
        yield pytest.param(slug, path, verdict, marks=marks, id=f"{slug}/{path.stem}")


@pytest.mark.parametrize(("slug", "path", "verdict"), list(parameters()))
def test_a_submission_gets_its_verdict(slug, path, verdict, judge):
    given = judge(slug, path.read_bytes())
    skip_where_near(given, verdict)
    assert (given.failure or "passed") == verdict, given
    assert given.message
    assert Verdict.model_validate_json(given.model_dump_json()) == given


MODELS = [(slug, model) for slug in EXERCISES for model in models_of(slug)]


def declared_checks(exercise):
    optional = {
        "kv_pairs": exercise.probe,
        "speedup": exercise.speed,
        "growth": exercise.growth,
        "memory": exercise.memory,
        "traffic": exercise.traffic,
        "steady_memory": exercise.steady,
    }
    return {"correctness"} | {name for name, there in optional.items() if there}


@pytest.mark.timing
@pytest.mark.parametrize(("slug", "model"), MODELS)
def test_our_own_solution_passes_every_declared_check(slug, model, judge):
    given = judge(slug, source_of(model))
    skip_where_near(given, "passed")
    assert given.passed, given
    assert {check.name for check in given.checks} == declared_checks(EXERCISES[slug])


def test_every_exercise_has_a_solution_and_five_wrong_submissions():
    for slug in EXERCISES:
        assert models_of(slug)
        verdicts = [expected(path) for path in FILES if path.relative_to(FOLDER).parts[0] == slug]
        assert len([verdict for verdict in verdicts if verdict != "passed"]) >= 5, slug


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xff\xfedef attention(q, k, v):\n    return q\n", "UTF-8"),
        (b"def attention(q, k, v):\n    return q\0\n", "null"),
        (b"#" * 100_001, "100,000"),
    ],
    ids=["empty", "blank", "not-utf8", "null-bytes", "too-long"],
)
def test_bytes_that_are_no_submission_are_invalid(source, word, judge):
    given = judge("dense-causal", source)
    assert given.failure == "invalid"
    assert word in given.message


def test_a_job_that_cannot_be_decoded_is_our_failure(grade_job):
    job = GradingJob(
        job="1", token="t" * 32, source_base64="???", exercise=EXERCISES["dense-causal"]
    )
    assert grade_job(job).failure == "unavailable"


def test_an_unknown_device_is_our_failure(grade_job):
    source = base64.b64encode(b"def attention(q, k, v): return q").decode()
    job = GradingJob(
        job="1",
        token="t" * 32,
        source_base64=source,
        exercise=EXERCISES["dense-causal"],
        device="cuda",
    )
    assert grade_job(job).failure == "unavailable"


def test_wrong_pairs_come_with_a_picture_that_can_be_drawn(judge):
    source = (FOLDER / "sliding-window" / "off_by_one.py").read_bytes()
    given = judge("sliding-window", source)
    (pairs,) = [check for check in given.checks if check.name == "kv_pairs"]
    assert (pairs.attended, pairs.expected, pairs.extra, pairs.missing) == (230272, 229504, 768, 0)
    assert given.evidence.pairs.n <= 96
    assert given.evidence.pairs.extra
    assert not given.evidence.pairs.missing


def test_a_traceback_is_the_learners_alone(judge):
    given = judge("dense-causal", (FOLDER / "dense-causal/bad_input/raises.py").read_bytes())
    assert "boom" in given.evidence.traceback
    assert "sandbox" not in given.evidence.traceback
    assert "inside" not in given.evidence.traceback
