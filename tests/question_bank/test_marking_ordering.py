"""Marking of orders: the field's table, and brute force over every linear extension."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.marking.ordering import Scheme, how_marked, score
from question_bank.marking.partial_orders import PartialOrder
from tests.cast import oracles

Order = Sequence[int]
Pairs = Sequence[tuple[int, int]]

COLUMNS = {
    "absolute": Scheme.ABSOLUTE,
    "next, last excluded": Scheme.NEXT_LAST_EXCLUDED,
    "next, last included": Scheme.NEXT_LAST_INCLUDED,
    "one previous and next": Scheme.ONE_PREVIOUS_AND_NEXT,
    "all previous and next": Scheme.ALL_PREVIOUS_AND_NEXT,
    "longest ordered": Scheme.LONGEST_ORDERED,
    "relative to correct": Scheme.RELATIVE_TO_CORRECT,
}


def neighbours(order: Order, item: int) -> tuple[int | None, int | None]:
    around = [None, *order, None]
    place = around.index(item)
    return around[place - 1], around[place + 1]


def sides(order: Order, item: int) -> tuple[set[int], set[int]]:
    place = list(order).index(item)
    return set(order[:place]), set(order[place + 1 :])


def absolute(given: Order, right: Order) -> Fraction:
    return Fraction(sum(a == b for a, b in zip(given, right, strict=True)), len(right))


def next_last_excluded(given: Order, right: Order) -> Fraction:
    kept = sum(neighbours(given, item)[1] == neighbours(right, item)[1] for item in right[:-1])
    return Fraction(kept, len(right) - 1)


def next_last_included(given: Order, right: Order) -> Fraction:
    kept = sum(neighbours(given, item)[1] == neighbours(right, item)[1] for item in right)
    return Fraction(kept, len(right))


def one_previous_and_next(given: Order, right: Order) -> Fraction:
    kept = 0
    for item in right:
        pairs = zip(neighbours(given, item), neighbours(right, item), strict=True)
        kept += sum(mine == its for mine, its in pairs)
    return Fraction(kept, 2 * len(right))


def all_previous_and_next(given: Order, right: Order) -> Fraction:
    kept = 0
    for item in right:
        pairs = zip(sides(given, item), sides(right, item), strict=True)
        kept += sum(len(mine & its) for mine, its in pairs)
    return Fraction(kept, len(right) * (len(right) - 1))


def longest_ordered(given: Order, right: Order) -> Fraction:
    lengths: list[int] = []
    for place, item in enumerate(given):
        earlier = [
            lengths[before] for before in range(place) if given[before] in sides(right, item)[0]
        ]
        lengths.append(1 + max(earlier, default=0))
    longest = max(lengths)
    return Fraction(longest if longest > 1 else 0, len(right))


def relative_to_correct(given: Order, right: Order) -> Fraction:
    n = len(right)
    shifts = [abs(list(given).index(item) - place) for place, item in enumerate(right)]
    return Fraction(sum(max(0, n - 1 - shift) for shift in shifts), n * (n - 1))


def all_or_nothing(given: Order, right: Order) -> Fraction:
    return Fraction(list(given) == list(right))


BY_DEFINITION: dict[Scheme, Callable[[Order, Order], Fraction]] = {
    Scheme.ABSOLUTE: absolute,
    Scheme.NEXT_LAST_EXCLUDED: next_last_excluded,
    Scheme.NEXT_LAST_INCLUDED: next_last_included,
    Scheme.ONE_PREVIOUS_AND_NEXT: one_previous_and_next,
    Scheme.ALL_PREVIOUS_AND_NEXT: all_previous_and_next,
    Scheme.LONGEST_ORDERED: longest_ordered,
    Scheme.RELATIVE_TO_CORRECT: relative_to_correct,
    Scheme.ALL_OR_NOTHING: all_or_nothing,
}


def extensions(n: int, pairs: Pairs) -> list[Order]:
    """Return every linear extension, found by trying all permutations."""
    return [
        order
        for order in permutations(range(n))
        if all(order.index(first) < order.index(then) for first, then in pairs)
    ]


def all_pairs(n: int) -> list[tuple[int, int]]:
    return list(combinations(range(n), 2))


def every_set_of_pairs(n: int) -> Iterator[Pairs]:
    """Any partial order of n items is among these once its items are numbered suitably."""
    for size in range(len(all_pairs(n)) + 1):
        yield from combinations(all_pairs(n), size)


@st.composite
def partly_ordered(draw: st.DrawFn) -> tuple[int, Pairs, Order]:
    n = draw(st.integers(2, 7))
    pairs = draw(st.lists(st.sampled_from(all_pairs(n)), max_size=2 * n))
    return n, pairs, draw(st.permutations(range(n)))


def rows_of_the_table() -> list[dict[str, str]]:
    """Return the rows of the oracle's table, by column."""
    assert oracles.FOLDER is not None
    lines = (oracles.FOLDER / "README.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    (head,) = (row for row in cells if row[0] == "response")
    start = cells.index(head) + 2
    table = cells[start : start + 4]
    return [dict(zip(head, row, strict=True)) for row in table]


@oracles.needed
@pytest.mark.parametrize("column", COLUMNS)
def test_marks_are_those_of_the_fields_table_to_three_decimals(column: str) -> None:
    for row in rows_of_the_table():
        response = ["MORDLE".index(letter) for letter in row["response"].split()]
        mark = score(COLUMNS[column], response, PartialOrder.total(6))
        assert round(mark, 3) == Fraction(row[column]), row["response"]


@pytest.mark.parametrize("scheme", Scheme)
def test_up_to_four_items_every_answer_to_every_order_is_worth_what_brute_force_finds(
    scheme: Scheme,
) -> None:
    by_definition = BY_DEFINITION[scheme]
    for n in (2, 3, 4):
        for pairs in every_set_of_pairs(n):
            order = PartialOrder.of(n, pairs)
            right = extensions(n, pairs)
            for response in permutations(range(n)):
                expected = max(by_definition(response, one) for one in right)
                assert score(scheme, response, order) == expected, (pairs, response)


@given(partly_ordered(), st.sampled_from(Scheme))
@settings(max_examples=300, deadline=None)
def test_up_to_seven_items_an_answer_is_worth_the_most_that_any_extension_gives(
    question: tuple[int, Pairs, Order], scheme: Scheme
) -> None:
    n, pairs, response = question
    by_definition = BY_DEFINITION[scheme]
    expected = max(by_definition(response, one) for one in extensions(n, pairs))
    assert score(scheme, response, PartialOrder.of(n, pairs)) == expected


@given(st.permutations(range(7)), st.sampled_from(Scheme))
@settings(deadline=None)
def test_a_total_order_is_the_case_of_one_extension(response: Order, scheme: Scheme) -> None:
    expected = BY_DEFINITION[scheme](response, range(7))
    assert score(scheme, response, PartialOrder.total(7)) == expected


@given(partly_ordered(), st.sampled_from(Scheme))
@settings(deadline=None)
def test_exactly_the_right_orders_are_worth_one(
    question: tuple[int, Pairs, Order], scheme: Scheme
) -> None:
    n, pairs, response = question
    right = all(response.index(first) < response.index(then) for first, then in pairs)
    mark = score(scheme, response, PartialOrder.of(n, pairs))
    assert (mark == 1) is right
    assert 0 <= mark <= 1


@given(partly_ordered(), st.sampled_from(Scheme), st.data())
@settings(deadline=None)
def test_every_linear_extension_is_worth_one(
    question: tuple[int, Pairs, Order], scheme: Scheme, data: st.DataObject
) -> None:
    n, pairs, _ = question
    response = data.draw(st.sampled_from(extensions(n, pairs)))
    assert score(scheme, response, PartialOrder.of(n, pairs)) == 1


@given(partly_ordered())
@settings(deadline=None)
def test_the_first_error_ends_the_longest_beginning_of_a_right_order(
    question: tuple[int, Pairs, Order],
) -> None:
    n, pairs, response = question
    beginnings = {tuple(one[:length]) for one in extensions(n, pairs) for length in range(n + 1)}
    longest = max(length for length in range(n + 1) if tuple(response[:length]) in beginnings)
    expected = None if longest == n else longest + 1
    assert PartialOrder.of(n, pairs).first_error(response) == expected


@given(partly_ordered())
@settings(deadline=None)
def test_pairs_are_free_where_extensions_disagree(question: tuple[int, Pairs, Order]) -> None:
    n, pairs, _ = question
    right = extensions(n, pairs)
    free = {
        (one, other)
        for one, other in all_pairs(n)
        if len({order.index(one) < order.index(other) for order in right}) == 2
    }
    assert set(PartialOrder.of(n, pairs).free_pairs()) == free


@pytest.mark.parametrize("pair", [(1, 0), (1, 1), (0, 3), (-1, 2)])
def test_pairs_against_the_numbering_are_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is not in the order of 0 to 2"):
        PartialOrder.of(3, [(0, 1), pair])


@pytest.mark.parametrize(
    ("scheme", "divisor"),
    [
        (Scheme.ABSOLUTE, "divided by 6"),
        (Scheme.NEXT_LAST_EXCLUDED, "divided by 5"),
        (Scheme.NEXT_LAST_INCLUDED, "divided by 6"),
        (Scheme.ONE_PREVIOUS_AND_NEXT, "divided by 12"),
        (Scheme.ALL_PREVIOUS_AND_NEXT, "all pairs, 15"),
        (Scheme.LONGEST_ORDERED, "divided by 6"),
        (Scheme.RELATIVE_TO_CORRECT, "divided by 30"),
        (Scheme.ALL_OR_NOTHING, "no partial credit"),
    ],
)
def test_every_scheme_states_its_formula(scheme: Scheme, divisor: str) -> None:
    assert divisor in how_marked(scheme, 6)


def test_where_several_orders_are_right_the_words_say_which_counts() -> None:
    alone, among = (how_marked(Scheme.ABSOLUTE, 6, several=several) for several in (False, True))
    assert "More than one order is right" not in alone
    assert among.startswith(alone)
    assert "More than one order is right" in among
