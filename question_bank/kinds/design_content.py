"""What a design question's file says: load, form, requirements, designs and justification."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from grader.contract import Slug
from grader.costs import cache_budget
from grader.words import gettext as _
from question_bank.kinds.base import Content, Level, Strict, Text, Title
from question_bank.kinds.costs import ACCELERATORS_BY_SLUG, MODELS_BY_SLUG
from question_bank.kinds.design_figures import Load, Requirement
from question_bank.kinds.design_form import Desk, Fields, Name, Values
from question_bank.kinds.writing import Rubric, Words
from question_bank.units import UNITS

Marking = Literal["each", "all-or-nothing"]


class Constraint(Requirement):
    """A requirement, and why a design fails that does not meet it, in Markdown."""

    feedback: Text


class Example(Strict):
    """A design that the author has thought of: it fails ``fails`` and nothing else.

    ``feedback``, Markdown, is for whoever is tempted: who fails all of these, and has the same as
    ``values`` in the fields of ``known_by`` (all, unless said).
    """

    name: Title
    values: Values
    fails: tuple[Slug, ...] = ()
    known_by: tuple[Name, ...] = ()
    feedback: str = ""

    @model_validator(mode="after")
    def _tempting_ones_are_answered(self) -> "Example":
        if bool(self.fails) != bool(self.feedback.strip()):
            raise ValueError(_("feedback stands at a design that fails, and only there"))
        if self.known_by and not self.fails:
            raise ValueError(_("known_by stands at a design that fails"))
        return self


class Budget(Strict):
    """Memory for the cache where it is not all that the weights leave."""

    value: Decimal = Field(gt=0)
    unit: str

    @model_validator(mode="after")
    def _of_memory(self) -> "Budget":
        if self.unit not in UNITS or UNITS[self.unit].dimension != "memory":
            raise ValueError(_("the unit is one of memory"))
        return self

    @property
    def bytes(self) -> int:
        """The budget, down to a whole byte."""
        return int(Fraction(self.value) * UNITS[self.unit].factor)


class Justification(Strict):
    """A text beside the design that is worth ``share`` of the mark."""

    share: Decimal = Field(gt=0, lt=1, max_digits=3, decimal_places=2)
    words: Words
    rubric: Rubric


class DesignContent(Content):
    """A load, what may be set, what is required, and designs that meet it or tempt."""

    kind: Literal["design"]
    stem: Text
    model: str
    accelerator: str
    tokens: int = Field(ge=1, le=10**7)
    weight_bits: Literal[16, 8, 4] = 16
    budget: Budget | None = None
    form: Fields
    start: Values
    constraints: tuple[Constraint, ...] = Field(min_length=2, max_length=8)
    marking: Marking = "each"
    designs: tuple[Example, ...]
    justification: Justification | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "DesignContent":
        if self.model not in MODELS_BY_SLUG:
            raise ValueError(
                _("model is one of %(models)s") % {"models": ", ".join(MODELS_BY_SLUG)}
            )
        if self.accelerator not in ACCELERATORS_BY_SLUG:
            raise ValueError(
                _("accelerator is one of %(accelerators)s")
                % {"accelerators": ", ".join(ACCELERATORS_BY_SLUG)}
            )
        if not self.form.open():
            raise ValueError(_("form: some field is for the learner to set"))
        for name, reason in self.desk.faults():
            raise ValueError(f"form.{name}: {reason}")
        keys = {constraint.key for constraint in self.constraints}
        if len(keys) < len(self.constraints):
            raise ValueError(_("two constraints have the same key"))
        if any(not set(one.fails) <= keys for one in self.designs):
            raise ValueError(_("a design fails a constraint that there is not"))
        passing = sum(not one.fails for one in self.designs)
        if passing < 2 or len(self.designs) - passing < 3:
            raise ValueError(_("two designs that pass and three that fail are the fewest"))
        return self

    def samples(self) -> dict[Level, str]:
        """Return the names of a design that passes and of one that fails."""
        passing = next(one.name for one in self.designs if not one.fails)
        failing = max((one for one in self.designs), key=lambda one: len(one.fails))
        found: dict[Level, str] = {"partial" if self.justification else "full": passing}
        if self.marking == "all-or-nothing":
            found["zero"] = failing.name
        return found

    @property
    def desk(self) -> Desk:
        """What may be set."""
        return Desk(MODELS_BY_SLUG[self.model], self.form)

    @property
    def load(self) -> Load:
        """What has to be carried."""
        model, accelerator = MODELS_BY_SLUG[self.model], ACCELERATORS_BY_SLUG[self.accelerator]
        left = cache_budget(model, accelerator, self.weight_bits)
        budget = self.budget.bytes if self.budget else left
        return Load(model, accelerator, self.tokens, self.weight_bits, budget)
