"""Numeric questions: drawn by the seed, answered by the algebra, with feedback that fits."""

from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from question_bank.courses import read_course
from question_bank.kinds import ContentError, NumericPage, UnreadableAnswerError
from question_bank.kinds.numeric import NumericContent, NumericVariant, Parameter
from tests.cast.work import that_ends
from tests.conftest import COURSE_FOLDER

SEEDS = st.integers(0, 2**63 - 1)
CONTENT = read_course(COURSE_FOLDER).questions["keys-seen"]
assert isinstance(CONTENT, NumericContent)


def variant(seed: int, **changes: object) -> NumericVariant:
    assert isinstance(CONTENT, NumericContent)
    return NumericVariant(CONTENT.model_copy(update=changes), seed)


def brute(names: dict[str, int]) -> int:
    """Count the keys of the query one by one, 1-based."""
    position, window = names["position"], names["window"]
    return sum(position - window < key <= position for key in range(1, names["n"] + 1))


@given(SEEDS)
def test_the_answer_is_what_counting_one_by_one_gives(seed: int) -> None:
    drawn = variant(seed)
    assert drawn.mark({"number": str(brute(drawn.names))}).fraction == 1


@given(SEEDS)
def test_values_are_drawn_within_their_bounds_in_the_order_written(seed: int) -> None:
    names = variant(seed).names
    assert list(names) == ["n", "window", "position"]
    assert names["n"] in {512, 1024}
    assert 3 <= names["window"] <= 9
    assert 1 <= names["position"] <= names["n"]


def test_edges_come_about_once_in_four() -> None:
    edges = 0
    for seed in range(400):
        names = variant(seed).names
        edges += names["position"] in {1, 2, names["n"]}
    assert 70 <= edges <= 135


def test_a_seed_gives_the_same_values_for_ever() -> None:
    # If this fails, learners' questions have changed under them: bring the old draws back.
    assert variant(7).names == {"n": 512, "window": 7, "position": 228}


def test_the_stem_holds_the_values_and_not_the_answer() -> None:
    drawn = variant(7)
    page = drawn.page
    assert isinstance(page, NumericPage)
    assert page.stem == "How many keys does query 228 of 512 see, with a window of 7?\n"
    assert set(asdict(page)) == {"kind", "title", "stem", "unit", "marked"}


def test_the_explanation_names_the_keys_from_one() -> None:
    assert variant(7).explanation == "It sees 7: 222–228.\n"


def test_a_number_from_a_wrong_idea_gets_that_ideas_feedback() -> None:
    mark = variant(7).mark({"number": "6"})
    assert mark.fraction == 0
    assert mark.feedback == "You gave 6. A query sees itself too."
    assert (mark.given, mark.right) == ("6", "7")


def test_a_wrong_idea_may_ask_for_another_quantity() -> None:
    total = sum(min(i, 7) for i in range(1, 513))
    feedback = variant(7).mark({"number": f"{total:,}"}).feedback
    assert feedback == f"{total} is what all 512 queries see together; this one sees 7: 222–228."


def test_any_other_wrong_number_gets_the_feedback_for_the_rest() -> None:
    mark = variant(7).mark({"number": "6.5"})
    assert mark.feedback == "Write the keys down one by one; 6.5 is not their number."


@pytest.mark.parametrize("text", ["7", "7.0", "7e0", " 7 ", "0.7 × 10^1"])
def test_a_number_is_right_however_it_is_written(text: str) -> None:
    assert variant(7).mark({"number": text}).fraction == 1


@pytest.mark.parametrize("answer", [{}, {"number": ""}, {"number": "six"}, {"choice": "6"}])
def test_what_is_no_number_is_not_marked(answer: dict[str, str]) -> None:
    with pytest.raises(UnreadableAnswerError):
        variant(7).mark(answer)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"pattern": "causal &"}, "answer"),
        ({"stem": "[[answer]]"}, "stem"),
        ({"stem": "[[keys]]"}, "stem"),
        ({"explanation": "[[given]]"}, "explanation"),
        ({"otherwise": "[[unknown + 1]]"}, "otherwise"),
        ({"parameters": (Parameter(name="n", low=3, high=2),)}, "parameters.n"),
        ({"parameters": (Parameter(name="n", values=("m",)),)}, "parameters.n"),
    ],
)
def test_content_without_meaning_says_where(changes: dict[str, object], key: str) -> None:
    with pytest.raises(ContentError) as fault:
        variant(7, **changes).rehearse()
    assert fault.value.key == key


def test_a_query_outside_the_sequence_is_no_question() -> None:
    beyond = (Parameter(name="n", values=(4,)), Parameter(name="window", values=(1,)))
    position = Parameter(name="position", values=("n + 1",))
    with pytest.raises(ContentError, match="there is no query 5 of 4"):
        variant(7, parameters=(*beyond, position))


def typed(number: str, **more: object) -> NumericContent:
    told = CONTENT.model_dump() | {
        "parameters": (),
        "pattern": None,
        "answer": {"number": Decimal(number)},
        "misconceptions": (),
        "explanation": "It is [[answer]].",
        "stem": "How many?",
        "otherwise": "",
    }
    return NumericContent.model_validate(told | more)


@pytest.mark.parametrize("seed", range(3))
def test_a_typed_number_is_the_answer_for_everybody_and_shown_in_full(seed: int) -> None:
    drawn = NumericVariant(typed("3.14159"), seed)
    assert drawn.mark({"number": "3.14159"}).fraction == 1
    assert drawn.mark({"number": "3.1416"}).fraction == 0
    assert drawn.mark({"number": "3"}).right == "3.14159"
    assert drawn.explanation == "It is 3.14159."


def test_a_typed_number_may_be_off_by_its_tolerance_bounds_included() -> None:
    content = typed("-11.7", tolerance={"rule": "nominal", "size": Decimal("0.02")})
    drawn = NumericVariant(content, 0)
    given = ("-11.72", "-11.68", "-11.721", "-11.67")
    assert [drawn.mark({"number": one}).fraction for one in given] == [1, 1, 0, 0]


def test_whoever_is_right_is_told_so_and_a_typed_wrong_number_is_known() -> None:
    idea = {"name": "Book", "feedback": "Not [[given]].", "answer": {"number": Decimal("5.5")}}
    drawn = NumericVariant(typed("9", misconceptions=(idea,), if_right="Yes, [[answer]]."), 0)
    drawn.rehearse()
    assert drawn.mark({"number": "9"}).feedback == "Yes, 9."
    assert drawn.mark({"number": "5.5"}).feedback == "Not 5.5."


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"pattern": "causal"}, "a count is of a pattern"),
        ({"parameters": ({"name": "n", "values": (1,)},)}, "a typed number has no parameters"),
        ({"unit": "GiB"}, "the answer is a number without a unit"),
        ({"answer": {"number": Decimal(1), "total": {"n": 2}}}, "give one of row_count"),
        ({"answer": {"number": Decimal("NaN")}}, "finite"),
        ({"answer": {"number": Decimal("1e40")}}, "no more than 30 digits"),
    ],
)
def test_a_typed_number_stands_alone(more: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        typed("1", **more)


def test_a_text_full_of_openings_is_read_in_linear_time() -> None:
    with that_ends():
        page = NumericVariant(typed("1", stem="[[" * 200_000), 0).page
    assert page.stem == "[[" * 200_000
