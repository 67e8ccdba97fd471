"""Courses and questions of every kind full of texts that YAML finds hard, for property tests."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from question_bank.courses import Course
from question_bank.courses.schema import ConceptFile, ConceptHead, CourseHead, Slider, Term
from question_bank.kinds import Content
from question_bank.kinds.asked import Answer, Ratio, RowCount, Total
from question_bank.kinds.case import CaseContent, Part
from question_bank.kinds.choice import Choice, ChoiceContent
from question_bank.kinds.costs import Cost
from question_bank.kinds.design_content import Budget, DesignContent
from question_bank.kinds.essay import EssayContent
from question_bank.kinds.matching import MatchingContent, Pair
from question_bank.kinds.multi import MultiContent, Option
from question_bank.kinds.numeric import Misconception, NumericContent, Parameter, Tolerance
from question_bank.kinds.ordering import Item, Mistake, OrderingContent, Precedence, Scheme
from question_bank.kinds.reach import Crossing, Field
from question_bank.kinds.short import Accepted, ShortContent
from question_bank.kinds.writing import Criterion, Level, Words
from question_bank.texts import markdown
from tests.question_bank.design_items import DESIGN
from tests.question_bank.hard_texts import hard_texts

SLUGS = ("no", "null", "1-2", "2026-01-31", "cost")

nonempty = hard_texts.filter(lambda text: bool(text) and "[[" not in text and "](" not in text)
titles = nonempty.map(lambda text: text[:120])
bodies = nonempty.map(markdown).filter(bool)
# Without the drawing of values, which is tested elsewhere, a template stays quick to read.
expressions = st.sampled_from([3, "3", "n", "min(n, 3)", "n - 1", "no // 2 + 1"])
answers = st.builds(Answer, row_count=st.just(RowCount(query="n", n="n"))) | st.just(
    Answer(total=Total(n="n", times="n"))
)


def content(model: type[Content], /, **fields: Any) -> st.SearchStrategy[Any]:
    return st.builds(
        model,
        title=titles,
        concepts=st.lists(st.sampled_from(SLUGS), min_size=1, max_size=5).map(tuple),
        bloom=st.sampled_from(["apply", "create"]),
        difficulty=st.integers(1, 5),
        source=nonempty,
        explanation=bodies,
        stem=bodies,
        **fields,
    )


@st.composite
def choice_contents(draw: st.DrawFn) -> ChoiceContent:
    choices = draw(st.lists(st.tuples(nonempty, nonempty), min_size=2, max_size=4))
    told = tuple(
        Choice(text=text, correct=place == 1, feedback=feedback)
        for place, (text, feedback) in enumerate(choices)
    )
    return draw(content(ChoiceContent, kind=st.just("choice"), choices=st.just(told)))


ideas = (
    st.builds(Misconception, name=nonempty, feedback=nonempty, value=expressions)
    | st.builds(Misconception, name=nonempty, feedback=nonempty, answer=answers)
    | st.builds(
        Misconception,
        name=nonempty,
        feedback=nonempty,
        pattern=st.just("causal"),
        answer=st.none() | answers,
    )
)
numeric_contents = content(
    NumericContent,
    kind=st.just("numeric"),
    parameters=st.just(
        (
            Parameter(name="n", values=(8, "4 + 5")),
            Parameter(name="no", low="min(n, 2)", high=4, edges=(2, "3")),
        )
    ),
    pattern=st.sampled_from(["causal", "causal & window(no)", "all - window(1)"]),
    answer=answers,
    misconceptions=st.lists(ideas, max_size=3).map(tuple),
    otherwise=st.just("") | nonempty,
)


tolerances = st.builds(
    Tolerance, rule=st.just("relative"), size=st.sampled_from([Decimal("0.05"), Decimal(1)])
)
n_drawn = st.just((Parameter(name="n", values=(8, "4 + 5")),))
cost_contents = content(
    NumericContent,
    kind=st.just("numeric"),
    parameters=n_drawn,
    answer=st.builds(
        Answer,
        cost=st.builds(
            Cost,
            quantity=st.just("cache_bytes"),
            model=st.sampled_from(["llama-3-8b", "mistral-7b"]),
            tokens=st.sampled_from(["n", 4, "n * 10"]),
            window=st.none() | st.just("n"),
            times=st.sampled_from(["1", "2", "1/2"]),
        ),
    ),
    unit=st.just("MiB"),
    tolerance=tolerances,
)
ratio_contents = content(
    NumericContent,
    kind=st.just("numeric"),
    parameters=n_drawn,
    pattern=st.just("causal"),
    answer=st.builds(
        Answer,
        ratio=st.builds(
            Ratio, of=st.just("all - window(1)"), of_n=st.none() | st.just("2 * n"), n=st.just("n")
        ),
    ),
    tolerance=tolerances,
)
reach_contents = content(
    NumericContent,
    kind=st.just("numeric"),
    parameters=n_drawn,
    answer=st.builds(
        Answer,
        layers=st.builds(
            Crossing,
            distance=st.just("n"),
            window=st.just(3),
            causal=st.booleans(),
            global_tokens=st.sampled_from([0, "n"]),
        ),
    )
    | st.just(Answer(receptive_field=Field(layers=4, window="n", position="n"))),
)


@st.composite
def multi_contents(draw: st.DrawFn) -> MultiContent:
    told = draw(st.lists(st.tuples(nonempty, nonempty), min_size=2, max_size=4))
    weighted = draw(st.booleans())
    weights = st.sampled_from([Decimal("0.25"), Decimal(1), Decimal("-0.5")])
    options = tuple(
        Option(
            text=text,
            correct=place == 1,
            feedback=feedback,
            weight=(Decimal(1) if place == 1 else draw(weights)) if weighted else None,
        )
        for place, (text, feedback) in enumerate(told)
    )
    marking = "weights" if weighted else draw(st.sampled_from(["net", "each"]))
    return draw(
        content(
            MultiContent,
            kind=st.just("multi"),
            marking=st.just(marking),
            choices=st.just(options),
        )
    )


@st.composite
def matching_contents(draw: st.DrawFn) -> MatchingContent:
    told = draw(st.lists(st.tuples(nonempty, nonempty), min_size=2, max_size=3))
    options = draw(st.lists(nonempty, min_size=len(told) + 2, max_size=6, unique=True))
    pairs = tuple(
        Pair(premise=f"{place}{premise}", option=options[place], feedback=feedback)
        for place, (premise, feedback) in enumerate(told)
    )
    return draw(
        content(
            MatchingContent,
            kind=st.just("matching"),
            marking=st.sampled_from(["each", "all-or-nothing"]),
            pairs=st.just(pairs),
            distractors=st.sampled_from([(), tuple(options[len(told) :])]),
        )
    )


lines = nonempty.map(lambda text: text.replace("\n", " "))
ordering_contents = content(
    OrderingContent,
    kind=st.just("ordering"),
    items=st.tuples(lines, lines, lines).map(
        lambda texts: tuple(
            Item(key=key, text=text) for key, text in zip(SLUGS[:3], texts, strict=True)
        )
    ),
    before=st.none() | st.just((Precedence(first=SLUGS[0], then=SLUGS[2]),)),
    marking=st.sampled_from(Scheme),
    mistakes=nonempty.map(lambda text: (Mistake(first=SLUGS[0], then=SLUGS[2], feedback=text),)),
)
accepted = st.builds(
    Accepted,
    words=st.sampled_from(["yes", "*window*", "a: b", "1e3", "*"]).map(lambda words: f"{words} x"),
    credit=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
    feedback=st.just("") | nonempty,
)
short_contents = content(
    ShortContent,
    kind=st.just("short"),
    match_case=st.booleans(),
    accepted=st.lists(accepted, max_size=2).map(lambda more: (Accepted(words="null"), *more)),
    otherwise=st.just("") | nonempty,
)
criteria = st.builds(
    Criterion, key=st.just("yes"), title=titles, points=st.integers(1, 9), description=nonempty
) | st.tuples(titles, nonempty, nonempty).map(
    lambda told: Criterion(
        key="no",
        title=told[0],
        points=3,
        levels=(Level(points=0, description=told[1]), Level(points=3, description=told[2])),
    )
)
essay_contents = content(
    EssayContent,
    kind=st.just("essay"),
    words=st.just(Words(least=1, most=200)),
    rubric=st.lists(criteria, min_size=1, max_size=2, unique_by=lambda one: one.key).map(tuple),
    model_answer=st.just("") | nonempty.filter(lambda text: 0 < len(text.split()) <= 200),
)
reasons = nonempty.filter(lambda text: bool(text.strip()))
part_contents = (
    choice_contents()
    | multi_contents()
    | matching_contents()
    | numeric_contents
    | cost_contents
    | ratio_contents
    | reach_contents
    | ordering_contents
    | short_contents
    | essay_contents
)


@st.composite
def case_contents(draw: st.DrawFn) -> CaseContent:
    case: CaseContent = draw(
        content(
            CaseContent,
            kind=st.just("case"),
            parts=st.lists(
                st.builds(Part, points=st.integers(1, 3), question=part_contents),
                min_size=2,
                max_size=3,
            ).map(tuple),
        )
    )
    shared = {key: getattr(case, key) for key in ("title", "source") if draw(st.booleans())}
    first = case.parts[0]
    same = first.question.model_copy(update=shared)
    parts = (first.model_copy(update={"question": same}), *case.parts[1:])
    return case.model_copy(update={"parts": parts})


@st.composite
def design_contents(draw: st.DrawFn) -> DesignContent:
    """Designs that behave, under hard names and reasons, the optional keys there or not."""
    made = DesignContent.model_validate_json(json.dumps(DESIGN))
    budget = Budget(value=Decimal("2.5"), unit="GiB")
    designs = tuple(
        one.model_copy(
            update={"name": draw(titles), "feedback": draw(reasons) if one.fails else ""}
        )
        for one in made.designs
    )
    constraints = tuple(
        one.model_copy(update={"title": draw(titles), "feedback": draw(nonempty)})
        for one in made.constraints
    )
    return draw(
        content(
            DesignContent,
            kind=st.just("design"),
            tokens=st.just(made.tokens),
            form=st.just(made.form),
            start=st.just(made.start),
            budget=st.none() | st.just(budget),
            marking=st.sampled_from(["each", "all-or-nothing"]),
            constraints=st.just(constraints),
            designs=st.just(designs),
            justification=st.none() | st.just(made.justification),
            model=st.just(made.model),
            accelerator=st.just(made.accelerator),
        )
    )


questions = part_contents | case_contents() | design_contents()


sliders = st.builds(
    lambda title, low, value, high: (
        Slider(name="w", title=title, low=low, value=low + value, high=low + value + high),
    ),
    titles,
    st.integers(1, 20),
    st.integers(0, 20),
    st.integers(1, 20),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Courses without questions."""
    chapters = draw(st.lists(titles, min_size=1, max_size=3, unique=True))
    concepts = {}
    for place, slug in enumerate(SLUGS):
        earlier = st.lists(st.sampled_from(SLUGS[:place] or SLUGS), unique=True)
        head = ConceptHead(
            title=draw(titles),
            summary=draw(nonempty)[:400],
            chapter=draw(st.sampled_from(chapters)),
            learn_before=tuple(draw(earlier) if place else ()),
            pattern="causal & window(w)" if place % 2 else None,
            pattern_n=place + 1 if place % 2 else None,
            parameters=draw(sliders) if place % 2 else (),
        )
        concepts[slug] = ConceptFile(head, draw(bodies))
    head = CourseHead(
        slug="1-2",
        title=draw(titles),
        summary=draw(nonempty),
        chapters=tuple(chapters),
        questions=(),
    )
    named = st.lists(titles, max_size=2).map(tuple)
    glossary = tuple(
        Term(
            term=f"term {place}",
            also=tuple(f"{name} {place}.{other}"[-80:] for other, name in enumerate(draw(named))),
            definition=draw(nonempty),
            concept=draw(st.none() | st.sampled_from(SLUGS)),
        )
        for place in range(draw(st.integers(0, 3)))
    )
    return Course(head, concepts, {}, glossary)
