import pytest

from assessments.web.verdicts import CheckLine, check_lines
from grader.contract import Verdict
from tests.assessments.web import costs, verdicts


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


@pytest.mark.parametrize("name", costs.EVERY)
def test_the_line_on_work_stands_between_what_is_right_and_what_it_costs(name: str) -> None:
    verdict = costs.EVERY[name]
    keys = [line.key for line in check_lines(verdict)]
    checks = [check.name for check in verdict.checks]
    if verdict.evidence.work is None:
        assert keys == checks
    else:
        assert keys == [*checks[:2], "work", *checks[2:]]


def test_traffic_is_told_in_the_unit_of_its_bound() -> None:
    told = lines(costs.EVERY["a shift too many"])["traffic"]
    assert told.result == "512.0 KiB sent by one rank, limit 422.4 KiB"
    assert "of the 4 ranks" in told.meaning
    large = costs.TRAFFIC.model_copy(update={"sent_bytes": 3 << 20, "limit_bytes": 5 << 20})
    line = lines(costs.verdict("ring", None, large))["traffic"]
    assert line.result == "3.0 MiB sent by one rank, limit 5.0 MiB"
    assert "Sent 3.0 MiB; limit 5.0 MiB." in line.picture


def test_steady_memory_is_told_over_its_tokens() -> None:
    told = lines(costs.EVERY["the whole cache kept"])["steady_memory"]
    assert told.result == "grew by 13.4 MiB over 6,500 tokens, limit 4 MiB"
    shrunk = costs.STEADY.model_copy(update={"growth_mib": -0.3})
    line = lines(costs.verdict("rolling-cache-decode", None, shrunk))["steady_memory"]
    assert line.result.startswith("grew by 0.0 MiB")


def test_decoding_is_compared_with_a_cache_of_all_tokens() -> None:
    told = lines(costs.EVERY["slow decoding"])["speedup"]
    assert "as fast as attention over a cache of all tokens, 5 needed" in told.result
    assert "reads them all in each step" in told.meaning


def worked(**changes: int | None) -> CheckLine:
    work = costs.WORK.model_copy(update=changes)
    return lines(costs.verdict("sliding-window", None, verdicts.RIGHT, verdicts.PAIRS, work=work))[
        "work"
    ]


def test_masked_dense_code_is_told_how_many_times_too_much_it_computes() -> None:
    told = worked()
    assert told.result == (
        "you attend to the right pairs, and compute 4.6 times as many; "
        "268 MFLOP, at least 58.8 needed"
    )
    assert told.opened
    assert told.passed is None
    assert "decides nothing" in told.meaning
    assert "Computed 1,048,576 pairs; 229,504 are needed." in told.picture


def test_wrong_pairs_are_not_called_right_where_too_much_is_computed() -> None:
    wrong = verdicts.PAIRS.model_copy(update={"passed": False, "extra": 1})
    verdict = costs.verdict("sliding-window", verdicts.Failure.WRONG_PAIRS, wrong, work=costs.WORK)
    assert lines(verdict)["work"].result.startswith("you compute 4.6 times as many pairs")


def test_tiles_are_told_that_some_more_is_usual() -> None:
    told = worked(touched=286_720)
    assert told.result.startswith("you compute 1.25 times as many pairs as are needed")
    assert "nothing to worry about" in told.meaning
    assert not told.opened


def test_exactly_the_pairs_needed_is_told_as_such() -> None:
    assert worked(touched=229_504).result.startswith("you compute exactly the 229,504 pairs needed")


def test_a_count_that_does_not_see_all_says_so() -> None:
    told = worked(touched=1_000, flops=7)
    assert told.result.startswith("1,000 of 229,504 pairs were seen being computed")
    assert "does not see all that your code does" in told.meaning
    assert "does not see the inside of fused operations" in told.meaning


def test_work_that_could_not_be_told_is_no_fault() -> None:
    told = worked(touched=None, flops=None)
    assert told.result == "how many pairs you compute could not be told"
    assert "does not count against you" in told.meaning
    assert not told.picture


@pytest.mark.parametrize(
    ("flops", "words"),
    [
        (900, "900 FLOP"),
        (4_200, "4.2 kFLOP"),
        (999_900, "1 MFLOP"),
        (2_100_000_000, "2.1 GFLOP"),
        (3 * 10**12, "3 TFLOP"),
    ],
)
def test_operations_have_the_unit_of_their_size(flops: int, words: str) -> None:
    assert worked(flops=flops, least_flops=None).result.endswith(f"; {words}")


def test_chosen_pairs_are_drawn_as_they_fell_and_called_chosen() -> None:
    line = lines(costs.EVERY["other keys chosen"])["kv_pairs"]
    assert "9 queries down, 24 keys across, 36 of 216 pairs attended." in line.picture
    assert "Missing pairs, outlined: 2. Extra pairs, hatched: 2." in line.picture
    assert "no fixed pattern" in line.meaning
    assert line.caption == (
        "Drawn from a call with 9 queries and 24 keys: the keys of each query's largest scores"
    )


def test_chosen_pairs_that_were_cut_off_are_not_drawn() -> None:
    many = tuple((query, key) for query in range(63) for key in range(64))[:4_000]
    pairs = verdicts.PairEvidence(n=1024, queries=1024, pattern="all", chosen=many)
    verdict = costs.verdict("top-k-pruned", None, verdicts.PAIRS, pairs=pairs)
    line = lines(verdict)["kv_pairs"]
    assert line.picture == ""
    assert line.legend == ()
    assert line.caption == ""
