"""A whole exercise from a typed pattern: declaration in, texts, cases, model and slips out.

    made = declare(Declaration(slug=..., title=..., pattern="causal & window(w)", ...))

raises Refused where the declaration makes no exercise, with a sentence for its author. Nothing is
run here. Before ``made.exercise`` is shown to anybody, ``made.model`` has to pass a judging and
each of ``made.wrong`` has to get its verdict: then the exercise is known to tell right from wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from grader.contract import Device, Exercise
from grader.exercises.typed.cases import Cases, require_keys
from grader.exercises.typed.declaration import (
    BLOCK_SIZE,
    Declaration,
    Parameter,
    Refused,
    read,
)
from grader.exercises.typed.formulas import condition
from grader.exercises.typed.slips import Slips, Wrong
from grader.exercises.typed.sources import Signature, model, starter, tables_of
from grader.exercises.typed.splitting import parts_of
from grader.exercises.typed.texts import Texts
from grader.exercises.typed.translation import Translation
from grader.exercises.typed.trees import bound, names_that_only_draw
from grader.exercises.typed.worth import NO_WORK, Work, work_of
from grader.patterns import ArgumentError, ExpressionError, Pattern, RandomBlocks, parse
from grader.patterns.expressions import Name
from grader.patterns.pictures import mask_svg
from grader.words import gettext

__all__ = ["Declaration", "Parameter", "Refused", "Typed", "Wrong", "declare"]


@dataclass(frozen=True)
class Typed:
    """An exercise made from a declaration.

    ``statement`` and ``hints`` are Markdown, ``starter`` and ``model`` files, ``picture`` an inline
    SVG element of a short mask, ``remarks`` sentences for the author on what is asked and why.
    """

    exercise: Exercise
    statement: str
    hints: tuple[str, ...]
    starter: str
    picture: str
    model: str
    wrong: tuple[Wrong, ...]
    remarks: tuple[str, ...]


def declare(declaration: Declaration) -> Typed:
    """Return the exercise that a declaration makes. Raises Refused."""
    tree = read(declaration)
    shown, signature = _shown(declaration, tree)
    exercise, work = _exercise(declaration, tree, signature)
    texts = Texts(declaration, exercise, shown, signature)
    rule = Translation(tables_of(shown), listed=signature.blocks_given)(shown)
    return Typed(
        exercise=exercise,
        statement=texts.statement(rule),
        hints=texts.hints(),
        starter=starter(shown, signature, condition(rule), declaration.title),
        picture=_picture(declaration.pattern, *texts.sample()),
        model=model(shown, signature),
        wrong=Slips(exercise, shown, signature).all(),
        remarks=work.remarks,
    )


def _shown(declaration: Declaration, tree: Pattern) -> tuple[Pattern, Signature]:
    """Return the pattern as the learner's function can know it, and how that is called."""
    hidden = {name: one for name, one in declaration.parameters.items() if not one.given}
    fixed = {name: one.low for name, one in hidden.items() if one.low == one.high}
    drawing = names_that_only_draw(tree, "number", "seed")
    for name in hidden.keys() - fixed.keys() - drawing:
        reason = gettext(
            "The function does not receive '%(name)s', and its value is not always the same: give"
            " it by keyword, or one value only."
        )
        raise Refused("parameters", reason % {"name": name})
    blocks_given = bool(hidden.keys() - fixed.keys())
    if blocks_given:
        _require_one_drawing(tree)
    given = tuple(name for name, one in declaration.parameters.items() if one.given)
    try:
        shown = bound(tree, fixed)
    except (ArgumentError, ExpressionError) as fault:
        raise Refused("parameters", str(fault)) from None
    return shown, Signature(declaration.function, given, blocks_given)


def _require_one_drawing(tree: Pattern) -> None:
    nodes = {atom for atom in tree.atoms() if isinstance(atom, RandomBlocks)}
    if len(nodes) != 1 or next(iter(nodes)).size != Name(BLOCK_SIZE):
        raise Refused(
            "parameters",
            gettext(
                "A seed or number that the function does not receive needs one random_blocks in "
                "the pattern, with blocks of '%(size)s': only then can the function be given what "
                "was drawn. Else give the seed by keyword."
            )
            % {"size": BLOCK_SIZE},
        )


def _exercise(
    declaration: Declaration, tree: Pattern, signature: Signature
) -> tuple[Exercise, Work]:
    cases = Cases(declaration, tree)
    short, probe, timed = cases.short(), cases.probe(), cases.timed()
    for case in (*short, probe, *([timed] if declaration.work else [])):
        require_keys(declaration.pattern, case)
    work = NO_WORK
    if declaration.work:
        work = work_of(declaration.pattern, parts_of(tree), timed)
    # No bound of a typed exercise was ever measured on a GPU.
    devices: tuple[Device, ...] = ("cpu",) if work.speed else ("cpu", "cuda")
    exercise = Exercise(
        slug=declaration.slug,
        title=declaration.title.strip(),
        function=declaration.function,
        parameters=signature.parameters,
        tensors=("random_blocks",) if signature.blocks_given else (),
        pattern=declaration.pattern,
        cases=short,
        probe=probe,
        speed=work.speed,
        growth=work.growth,
        memory=work.memory,
        devices=devices,
    )
    return exercise, work


def _picture(pattern: str, n: int, values: Mapping[str, int]) -> str:
    return mask_svg(
        parse(pattern, values),
        n,
        title=gettext("%(pattern)s at n = %(n)s") % {"pattern": pattern, "n": n},
    )
