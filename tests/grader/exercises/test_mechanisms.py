"""What the declarations of top-k, tiles, ring, decoding and linear attention must hold."""

import pytest

from grader.contract import Draw
from grader.exercises import EXERCISES, texts
from grader.judge.inputs import Inputs

TOP_K, TILES, RING = (EXERCISES[slug] for slug in ("top-k-pruned", "flash-tiled", "ring"))
DECODING, LINEAR = EXERCISES["rolling-cache-decode"], EXERCISES["linear-attention"]
BYTES_OF_A_NUMBER = 4
MIB = 1 << 20


def drawn(exercise, times):
    inputs = Inputs(exercise, seed=3)
    return [inputs.draw(case) for case in exercise.cases for _ in range(times)]


def matrix_mib(n):
    return n * n * BYTES_OF_A_NUMBER / MIB


@pytest.mark.parametrize("exercise", [TOP_K, TILES, RING, DECODING, LINEAR])
def test_one_position_is_among_the_cases(exercise):
    assert any(case.n.low == 1 for case in exercise.cases)


@pytest.mark.parametrize("exercise", [TILES, LINEAR, DECODING])
def test_timed_sizes_are_drawn_and_keep_one_head_or_two(exercise):
    case = exercise.speed.case
    assert case.n.low < case.n.high
    assert case.batch.high * case.heads.high <= 2


def test_top_k_is_one_and_all_somewhere():
    chosen = [(call.parameters["top_k"], call.n) for call in drawn(TOP_K, times=1)]
    assert any(top_k == 1 < n for top_k, n in chosen)
    assert any(top_k == n > 1 for top_k, n in chosen)
    assert all(1 <= top_k <= n for top_k, n in chosen)


def test_top_k_has_more_queries_than_keys_fewer_and_one_alone():
    shapes = [(call.m, call.n) for call in drawn(TOP_K, times=1)]
    assert any(m > n for m, n in shapes)
    assert any(m < n for m, n in shapes)
    assert any(m == 1 < n for m, n in shapes)


def test_tiles_may_not_hold_one_whole_matrix_of_scores():
    memory = TILES.memory
    assert memory.limit_mib < matrix_mib(memory.case.n.low) / 2


def test_tiles_tell_which_names_are_ruled_out():
    assert TILES.ruled_out == ("scaled_dot_product_attention", "flex_attention")
    assert all(f"`{name}`" in texts(TILES.slug).statement for name in TILES.ruled_out)


def test_the_matrix_in_the_statement_on_tiles_has_its_size():
    assert matrix_mib(8192) == 256
    assert "256 MiB" in texts(TILES.slug).statement


def test_a_ring_has_from_one_to_four_ranks_with_equal_shards():
    calls = drawn(RING, times=12)
    assert {call.ranks for call in calls} == {1, 2, 3, 4}
    assert all(call.n % call.ranks == 0 for call in calls)
    assert any(call.n == call.ranks > 1 for call in calls)


def test_one_shift_too_many_breaks_the_bound_on_traffic():
    ranks = RING.traffic.case.ranks
    for size in range(ranks.low, ranks.high + 1):
        assert size / (size - 1) > RING.traffic.factor + 0.1


def test_sending_on_all_that_came_breaks_the_bound_on_traffic():
    ranks = RING.traffic.case.ranks
    for size in range(ranks.low, ranks.high + 1):
        assert sum(range(1, size)) / (size - 1) > RING.traffic.factor + 0.1


def test_decoding_meets_windows_and_sinks_of_all_kinds():
    shapes = [
        (call.n, call.parameters["window"], call.parameters["n_sink"])
        for call in drawn(DECODING, times=5)
    ]
    assert any(window == 1 for _, window, _ in shapes)
    assert any(window > n > 1 for n, window, _ in shapes)
    assert any(sinks == 0 for _, _, sinks in shapes)
    assert any(sinks > window for _, window, sinks in shapes)
    assert any(sinks + window < n / 2 and sinks > 0 for n, window, sinks in shapes)


def test_decoding_is_timed_where_the_whole_cache_is_many_windows_long():
    highest = {name: draw.high for name, draw in DECODING.speed.case.parameters.items()}
    assert DECODING.speed.filled > 32 * (highest["window"] + highest["n_sink"])


def test_keeping_every_token_breaks_the_bound_on_growth_with_room_to_spare():
    case, first_steps = DECODING.steady.case, 2048
    token = 2 * case.batch.low * case.heads.low * case.d.low * BYTES_OF_A_NUMBER
    assert (case.n.low - first_steps) * token / MIB >= 2 * DECODING.steady.limit_mib


def test_a_rolling_cache_in_the_check_of_growth_is_a_small_part_of_the_bound():
    case = DECODING.steady.case
    token = 2 * case.batch.high * case.heads.high * case.d.high * BYTES_OF_A_NUMBER
    kept = case.parameters["window"].high + case.parameters["n_sink"].high
    assert kept * token / MIB < DECODING.steady.limit_mib / 10


def test_the_statement_on_decoding_tells_its_bounds():
    told = texts(DECODING.slug).statement
    assert f"{DECODING.steady.limit_mib:g} MiB" in told
    assert f"{DECODING.speed.filled:,} tokens" in told


def test_the_statement_on_rings_tells_its_bound():
    assert f"{RING.traffic.factor:g} times" in texts(RING.slug).statement


def test_linear_attention_has_no_pairs_to_count():
    assert LINEAR.probe is None
    assert LINEAR.weights == "elu"


def test_linear_attention_forbids_the_matrix_of_weights_and_one_for_every_position():
    memory = LINEAR.memory
    assert memory.case.d == Draw.only(64)
    matrices = memory.case.n.low * 64 * 64 * BYTES_OF_A_NUMBER / MIB
    # The outer products and their running sums; one of them alone is under the bound.
    assert matrices < memory.limit_mib < min(2 * matrices, matrix_mib(memory.case.n.low))


def test_linear_attention_grows_less_than_any_window_may():
    assert LINEAR.growth.limit < EXERCISES["sliding-window"].growth.limit < 2
