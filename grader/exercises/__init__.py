"""The built-in code exercises: a declaration each, and the texts a learner reads.

Importing this needs neither torch nor Django. To add an exercise, add a module that declares
``EXERCISE``, and put statement.md, hints.md and starter.py into a folder named by its slug.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

from grader.contract import Exercise


def _declared() -> Iterator[Exercise]:
    for module in iter_modules(__path__):
        if module.ispkg:
            continue  # what makes exercises is none
        declared = getattr(import_module(f"{__name__}.{module.name}"), "EXERCISE", None)
        if isinstance(declared, Exercise):
            yield declared


EXERCISES: dict[str, Exercise] = {exercise.slug: exercise for exercise in _declared()}

_HINT_SEPARATOR = "\n---\n"


@dataclass(frozen=True)
class Texts:
    """What a learner reads of an exercise: Markdown, and the file to start from.

    ``hints`` go from a nudge to nearly the answer.
    """

    statement: str
    starter: str
    hints: tuple[str, ...]


def texts(slug: str) -> Texts:
    """Return the texts of a built-in exercise. Raises KeyError for an unknown slug."""
    folder = files(__name__).joinpath(EXERCISES[slug].slug)
    hints = folder.joinpath("hints.md").read_text(encoding="utf-8")
    return Texts(
        statement=folder.joinpath("statement.md").read_text(encoding="utf-8"),
        starter=folder.joinpath("starter.py").read_text(encoding="utf-8"),
        hints=tuple(hint.strip() for hint in hints.split(_HINT_SEPARATOR)),
    )
