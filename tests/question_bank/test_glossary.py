import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from question_bank.courses import BUILT_IN, Course, CourseError, read_course
from question_bank.courses.checks import all_faults
from question_bank.courses.schema import ConceptFile, ConceptHead, CourseHead, Term
from question_bank.courses.writing import files_of

HEAD = CourseHead(slug="c", title="C", summary="One.", chapters=("First",), questions=())


def head(**told: object) -> ConceptHead:
    usual = {"title": "A", "summary": "One.", "chapter": "First", "learn_before": ()}
    return ConceptHead.model_validate_json(json.dumps({**usual, **told}))


def course(*terms: Term, concept: ConceptHead | None = None) -> Course:
    return Course(HEAD, {"a": ConceptFile(concept or head(), "Text.\n")}, {}, terms)


def written(made: Course, folder: Path) -> Course:
    for name, text in files_of(made).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return read_course(folder)


def test_a_glossary_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = course(
        Term(term="KV cache", also=("cache",), definition="Kept: $k$.", concept="a"),
        Term(term="hop", definition="A step."),
    )
    assert written(made, tmp_path) == made
    assert files_of(read_course(tmp_path)) == files_of(made)


def test_a_course_without_a_glossary_has_no_file_of_it() -> None:
    assert "glossary.yaml" not in files_of(course())


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ([Term(term="hop", definition="x", concept="b")], "terms.0.concept: there is no concept b"),
        ([Term(term="hop", definition="x"), Term(term="Hop", definition="y")], "named twice"),
        (
            [Term(term="hop", definition="x"), Term(term="jump", also=("HOP",), definition="y")],
            "twice",
        ),
        ([Term(term="a-b", definition="x"), Term(term="a b", definition="y")], "no address"),
        ([Term(term="№№", definition="x")], "no address"),
        ([Term(term="hop", definition="[x](concept:b)")], "a link names the concept b"),
    ],
)
def test_a_fault_of_the_glossary_is_told(terms: list[Term], fault: str) -> None:
    told = [str(each) for each in all_faults(course(*terms))]
    assert any(fault in each for each in told), told


def test_an_unknown_key_of_a_term_is_refused(tmp_path: Path) -> None:
    written(course(Term(term="hop", definition="A step.")), tmp_path)
    file = tmp_path / "glossary.yaml"
    file.write_text(file.read_text() + "    colour: red\n")
    with pytest.raises(CourseError, match=r"glossary.yaml, terms.0.colour"):
        read_course(tmp_path)


def test_the_built_in_course_explains_at_least_fifty_terms() -> None:
    found = read_course(BUILT_IN)
    assert len(found.glossary) >= 50
    assert all(term.concept for term in found.glossary)
    text = files_of(found)["glossary.yaml"]
    assert text == (BUILT_IN / "glossary.yaml").read_text()


def slider(**told: object) -> dict[str, object]:
    return {"name": "w", "title": "Window", "value": 4, "low": 1, "high": 16, **told}


def test_sliders_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = head(
        pattern="causal & (window(w) | sinks(g))",
        pattern_n=12,
        parameters=[slider(), slider(name="g", low=0, value=0)],
    )
    text = files_of(course(concept=made))["concepts/a.md"]
    assert "parameters:\n  w: {title: Window, value: 4, low: 1, high: 16}\n  g: {" in text
    assert written(course(concept=made), tmp_path).concepts["a"].head == made


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"parameters": [slider(name="n")]}, "or n"),
        ({"parameters": [slider(), slider()]}, "named twice"),
        ({"parameters": [slider(name="g")]}, "the pattern has no g"),
        ({"parameters": [slider(low=5)]}, "go up"),
        ({"parameters": [slider(high=65)]}, "less than or equal to 64"),
        ({"parameters": [slider(low=0, value=0)]}, "width of window must be at least 1"),
        ({"parameters": []}, "no parameter called 'w'"),
        ({"parameters": [slider()], "pattern": None, "pattern_n": None}, "go with a pattern"),
    ],
)
def test_sliders_that_do_not_fit_their_pattern_are_refused(
    told: dict[str, object], reason: str
) -> None:
    usual = {"pattern": "causal & window(w)", "pattern_n": 12}
    with pytest.raises(ValidationError, match=reason):
        head(**{**usual, **told})
