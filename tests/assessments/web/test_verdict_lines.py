import pytest

from assessments.web.verdicts import CheckLine, check_lines
from grader.contract import Verdict
from tests.assessments.web import verdicts


def lines(verdict: Verdict) -> dict[str, CheckLine]:
    return {line.key: line for line in check_lines(verdict)}


def test_each_check_has_its_number_with_unit_and_threshold_in_one_line() -> None:
    told = {key: line.result for key, line in lines(verdicts.passed()).items()}
    assert told == {
        "correctness": "largest error 3.1\xa0×\xa010⁻⁷, tolerated 4.4\xa0×\xa010⁻⁶",
        "kv_pairs": "229,504 attended, 229,504 expected",
        "memory": "peak 41 MiB, limit 128 MiB",
        "speedup": "2.41 times (2.34–2.48) as fast as torch's dense attention, 1.6 needed",
        "growth": "slope 1.07 on log-log axes, limit 1.65",
    }


def test_every_check_of_a_passed_verdict_has_a_picture() -> None:
    assert all(line.picture.startswith("<svg") for line in check_lines(verdicts.passed()))


def test_wrong_pairs_are_drawn_and_listed_by_query_from_1() -> None:
    line = lines(verdicts.wrong_pairs(n=48, window=8))["kv_pairs"]
    assert "mask-extra" in line.picture
    assert "mask-missing" in line.picture
    assert line.table
    assert line.table.rows[:2] == (("6", "–", "6"), ("9", "1", "–"))
    assert "41 queries are wrong" in line.table.caption


def test_neighbouring_keys_are_told_as_a_range() -> None:
    line = lines(verdicts.wrong_pairs(n=31, window=8))["kv_pairs"]
    assert line.table
    verdict = verdicts.failed(
        verdicts.Failure.WRONG_PAIRS,
        "wrong",
        verdicts.KvPairs(passed=False, attended=3, expected=0, extra=3, missing=0),
        pairs=verdicts.PairEvidence(n=9, pattern="causal", extra=((8, 0), (8, 1), (8, 4))),
    )
    table = lines(verdict)["kv_pairs"].table
    assert table
    assert table.rows == (("9", "1–2, 5", "–"),)


def test_an_error_without_a_number_is_told_in_words() -> None:
    assert "NaN" in lines(verdicts.not_finite())["correctness"].result


@pytest.mark.parametrize("name", verdicts.EVERY)
def test_the_lines_follow_the_order_of_the_verdict(name: str) -> None:
    verdict = verdicts.EVERY[name]
    assert [line.key for line in check_lines(verdict)] == [check.name for check in verdict.checks]
