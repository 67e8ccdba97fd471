"""Designs: read from a form, worked out by ``grader.costs``, marked by requirements."""

from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.costs import (
    DENSE,
    GIB,
    H100,
    LLAMA_3_8B,
    LayerKind,
    Precision,
    Stack,
    cache_bytes,
    decode_seconds_floor,
    max_batch,
    prefill_flops,
)
from question_bank.courses.lint import texts
from question_bank.kinds import ContentError, UnreadableAnswerError
from question_bank.kinds.design_figures import TOLD, Figures, Requirement, in_unit
from question_bank.kinds.design_form import NAMES, Bounds, UnreadableDesignError
from question_bank.variants import read_content
from tests.question_bank.design_items import DESIGN, RUBRIC, VALUES, answer, design
from tests.question_bank.test_lint import asking

ALL_DENSE = {"dense": 32, "windowed": 0}


def faults(**values: Any) -> dict[str, str]:
    with pytest.raises(UnreadableDesignError) as refusal:
        design().mark(answer(**values))
    return refusal.value.faults


def figures(**values: Any) -> Figures:
    page = design().page
    return Figures(page.desk.read(answer(**values)), page.load)


def test_a_design_that_meets_everything_earns_all_but_what_waits() -> None:
    mark = design().mark(answer())
    assert (mark.fraction, mark.waits) == (Decimal("0.6"), Decimal("0.4"))
    assert "meets all 3 requirements" in mark.feedback
    assert "Your justification of 5 words is kept" in mark.feedback
    assert mark.given == (
        "8 dense layers, 24 layers with a window of 4,096, 8 KV heads, 16 bits, pages of 16, "
        "8 texts"
    )


def test_without_a_justification_nothing_waits() -> None:
    made = design(justification=None)
    mark = made.mark(answer())
    assert (mark.fraction, mark.waits) == (1, 0)
    assert "text" not in made.fields


@given(
    st.integers(0, 32),
    st.sampled_from((1, 8, 32)),
    st.sampled_from((16, 8, 4)),
    st.integers(1, 64),
    st.sampled_from(("each", "all-or-nothing")),
)
def test_the_mark_is_the_share_of_the_requirements_that_are_met(
    dense: int, kv_heads: int, bits: int, batch: int, marking: str
) -> None:
    kinds = [LayerKind(w, kv_heads=kv_heads, precision=Precision(bits)) for w in (4096, None)]
    groups = zip(kinds, (32 - dense, dense), strict=True)
    stack = Stack(LLAMA_3_8B, tuple(group for group in groups if group[1]))
    met = [cache_bytes(stack, 65_536, batch) <= 32 * GIB, dense >= 4, batch >= 8]
    values = {"dense": dense, "windowed": 32 - dense, "kv_heads": kv_heads, "bits": bits}
    mark = design(marking=marking).mark(answer(batch=batch, **values))
    share = Fraction(sum(met), 3) if marking == "each" else Fraction(all(met))
    assert abs(Fraction(mark.fraction) - Fraction(6, 10) * share) <= Fraction(1, 20_000)
    assert abs(mark.waits - Decimal("0.4")) <= Decimal("0.0001")
    assert mark.fraction + mark.waits <= 1


def test_each_requirement_missed_is_told_with_number_bound_and_reason() -> None:
    mark = design().mark(answer(**ALL_DENSE, batch=4, kv_heads=32))
    assert "**Cache**: 128 GiB; required: at most 32 GiB. It is too large." in mark.feedback
    assert "**Texts**: 4; required: at least 8. Too few texts." in mark.feedback
    assert "Too few see all." not in mark.feedback


def test_whoever_is_tempted_like_the_author_hears_so() -> None:
    assert "Hops are no look-ups." in design().mark(answer(dense=0, windowed=32)).feedback
    alike = answer(dense=0, windowed=32, window=64, bits=8)
    assert "Hops are no look-ups." in design().mark(alike).feedback
    other = answer(dense=1, windowed=31)
    assert "Hops are no look-ups." not in design().mark(other).feedback
    # All of its fields are the same, or it is another design.
    assert "Nothing shrinks it." in design().mark(answer(**ALL_DENSE)).feedback
    assert "Nothing shrinks it." not in design().mark(answer(**ALL_DENSE, batch=9)).feedback


def test_figures_are_those_of_the_costs() -> None:
    page = design().page
    stack = Stack(LLAMA_3_8B, ((LayerKind(4096, kv_heads=8), 24), (DENSE, 8)))
    told = figures()
    assert told.value("cache_bytes") == cache_bytes(stack, 65_536, 8, page_tokens=16)
    assert told.value("prefill_flops") == prefill_flops(stack, 65_536)
    assert told.value("decode_seconds") == decode_seconds_floor(stack, 65_536, H100, 8)
    assert told.value("max_batch") == max_batch(stack, 65_536, page.load.budget, page_tokens=16)
    assert told.value("first_tokens") == 0
    assert figures(dense=0, windowed=0, with_sinks=32).value("first_tokens") == 4


def test_every_quantity_can_be_worked_out_and_says_how() -> None:
    for quantity, told in TOLD.items():
        assert figures().value(quantity) >= 0
        assert told.title
        assert "$" in told.formula
        assert told.source


def test_a_budget_of_its_own_bounds_the_texts_that_fit() -> None:
    page = design(budget={"value": 5, "unit": "GiB"}).page
    told = Figures(page.desk.read(answer()), page.load)
    # 8 layers of 256 MiB and 24 of 16 MiB are 2,432 MiB.
    assert told.value("max_batch") == 2


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"batch": ""}, {"batch": "Give a whole number from 1 to 512."}),
        ({"batch": "many"}, {"batch": "Give a whole number from 1 to 512."}),
        ({"batch": "0"}, {"batch": "0 is not a whole number from 1 to 512."}),
        ({"batch": "-3"}, {"batch": "-3 is not a whole number from 1 to 512."}),
        ({"batch": "2.5"}, {"batch": "2.5 is not a whole number from 1 to 512."}),
        ({"batch": "1e9"}, {"batch": "1,000,000,000 is not a whole number from 1 to 512."}),
        ({"bits": "5"}, {"bits": "5 is not one of 16, 8, 4."}),
        ({"dense": 7}, {"layers": "They add up to 31; Llama 3 8B has 32 layers."}),
        ({"dense": 8, "with_sinks": 1}, {"layers": "They add up to 33; Llama 3 8B has 32 layers."}),
        (
            {"dense": "x", "window": ""},
            {
                "dense": "Give a whole number from 0 to 32.",
                "window": "Give a whole number from 64 to 65,536.",
            },
        ),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(values: Any, told: dict[str, str]) -> None:
    assert faults(**values) == told


@pytest.mark.parametrize("empty", [{}, {"text": "Only a text."}])
def test_an_empty_form_asks_for_every_field(empty: dict[str, str]) -> None:
    with pytest.raises(UnreadableDesignError) as refusal:
        design().mark(empty)
    assert refusal.value.faults.keys() == VALUES.keys()


def test_a_window_that_no_layer_has_may_say_anything() -> None:
    said = design().mark(answer(**ALL_DENSE, bits=4, window="x", sinks=""))
    assert said.fraction == Decimal("0.6")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=70)))
def test_any_text_in_any_field_is_marked_or_refused_in_words(typed: dict[str, str]) -> None:
    try:
        told = design().mark(answer() | typed).feedback
    except UnreadableAnswerError as refusal:
        told = str(refusal)
    assert told


def test_numbers_are_read_as_people_type_them() -> None:
    assert design().mark(answer(window="4,096", dense=" 8 ")).fraction == Decimal("0.6")


def test_a_text_out_of_bounds_is_refused() -> None:
    with pytest.raises(UnreadableAnswerError, match="2 to 9"):
        design().mark(answer(text="Because."))


def test_the_page_keeps_the_authors_designs_and_reasons_to_itself() -> None:
    told = str(asdict(design().page))
    for secret in ("It is too large", "Hops are no", "known_by", "No dense layer"):
        assert secret not in told
    assert "Your mark is" in told


def test_the_explanation_shows_what_the_authors_designs_come_to() -> None:
    told = design().explanation
    assert "| required | at most 32 GiB | at least 4 | at least 8 |" in told
    assert "| ✕ 64 GiB | ✓ 32 | ✓ 8 |" in told
    assert told.index("**Bits**") < told.index("**No dense layer**")


def test_the_mark_is_explained_by_its_formula() -> None:
    assert r"$0.6 \cdot \frac{r}{3} + 0.4 \cdot \frac{j}{5}$" in design().page.marked
    assert r"$0.6 \cdot r + 0.4" in design(marking="all-or-nothing").page.marked
    assert r"$\frac{r}{3}$" in design(justification=None).page.marked


@pytest.mark.parametrize(
    ("place", "changed", "key", "reason"),
    [
        (0, {"values": VALUES | ALL_DENSE}, "designs.0.fails", "'Windows' fails memory"),
        (2, {"values": VALUES}, "designs.2.fails", "'No dense layer' fails nothing"),
        (3, {"fails": ["memory", "load"]}, "designs.3.fails", "'All dense' fails memory"),
        (3, {"values": VALUES | {"dense": 9}}, "designs.3", "layers: They add up to 33"),
        (3, {"values": VALUES | {"page_tokens": 4}}, "designs.3", "the form has no page_tokens"),
        (3, {"values": {"dense": 32}}, "designs.3", "kv_heads: Give"),
    ],
)
def test_designs_that_do_not_behave_are_refused(
    place: int, changed: dict[str, Any], key: str, reason: str
) -> None:
    designs = [one | (changed if n == place else {}) for n, one in enumerate(DESIGN["designs"])]
    with pytest.raises(ContentError) as fault:
        design(designs=designs).rehearse()
    assert fault.value.key == key
    assert reason in fault.value.reason


def test_a_form_that_begins_with_an_answer_is_refused() -> None:
    with pytest.raises(ContentError, match="meets all requirements already"):
        design(start=VALUES).rehearse()


def with_form(**changed: Any) -> dict[str, Any]:
    return {"form": DESIGN["form"] | changed}


def with_constraint(**changed: Any) -> dict[str, Any]:
    first, *others = DESIGN["constraints"]
    return {"constraints": [first | changed, *others]}


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "gpt"},
        {"accelerator": "tpu"},
        {"tokens": 0},
        {"designs": DESIGN["designs"][1:]},
        {"designs": DESIGN["designs"][:-1]},
        {"designs": [*DESIGN["designs"][:-1], DESIGN["designs"][-1] | {"feedback": ""}]},
        {"designs": [*DESIGN["designs"][:-1], DESIGN["designs"][-1] | {"fails": ["none"]}]},
        {"constraints": DESIGN["constraints"][:1] * 2},
        {"budget": {"value": 5, "unit": "ms"}},
        {"justification": {"share": 1, "words": {"least": 1, "most": 2}, "rubric": RUBRIC}},
        with_form(kv_heads={"one_of": [3]}),
        with_form(kv_heads={"least": 1, "most": 8}),
        with_form(bits=5),
        with_form(batch={"least": 0, "most": 8}),
        with_form(window=None),
        with_form(sinks=None),
        with_form(colour=3),
        with_constraint(at_least=3),
        with_constraint(unit="ms"),
        with_constraint(unit=""),
        with_constraint(quantity="speed"),
    ],
)
def test_content_without_meaning_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        design(**changed)


def test_blank_reasons_and_descriptions_are_told_to_the_author() -> None:
    blank = [RUBRIC[0] | {"description": " "}]
    changed = DESIGN | with_constraint(feedback=" ")
    changed |= {"justification": DESIGN["justification"] | {"rubric": blank}}
    course = asking(read_content(changed))
    assert [one.key for one in texts.without_feedback(course)] == ["constraints.0.feedback"]
    described = [one.key for one in texts.without_descriptions(course)]
    assert described == ["justification.rubric.0.description"]


@pytest.mark.parametrize("bounds", [{}, {"least": 3}, {"least": 3, "most": 2}])
def test_bounds_are_two_numbers_or_a_few(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Bounds(**bounds)


def test_a_value_is_never_rounded_onto_the_bound_that_it_misses() -> None:
    step = Requirement(
        key="step", title="Step", quantity="decode_seconds", at_most=Decimal(20), unit="ms"
    )
    missed = Fraction(2_000_001, 10**8)
    assert not step.is_met(missed)
    assert step.words(missed) == "20.00001 ms"
    assert step.words(Fraction(2, 100)) == "20 ms"
    assert step.is_met(Fraction(2, 100))


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (2**36, "GiB", "64 GiB"),
        (Fraction(1, 3), "ms", "333.3 ms"),
        (123_456_789, "", "123,456,789"),
        (Fraction(12_345, 10), "s", "1,234 s"),
        (0, "", "0"),
    ],
)
def test_figures_are_told_with_four_digits_or_whole(
    value: int | Fraction, unit: str, told: str
) -> None:
    assert in_unit(value, unit) == told
