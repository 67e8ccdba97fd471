"""The form of a code exercise that is typed as a pattern: what it holds, draws and makes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.admin.drafts.declared import (
    Problems,
    Row,
    Typing,
    declaration_typed,
    typing_of,
    typing_sent,
)
from assessments.admin.drafts.effort import takes_long
from assessments.admin.drafts.exercise_facts import facts_of
from assessments.admin.drafts.masks import TypedMask, draw
from assessments.web.prose import render
from grader.exercises.typed import Declaration, Refused, Typed
from question_bank.retyping import OWN, changed_by_hand, declaration_of, declared, retyped

LONGEST_TITLE = 120
_SHOWN_N = 24
_PARAMETERS = {"parameters", "probe_values"}
_TOO_LONG = gettext_lazy(
    "Counting the pairs of this pattern takes too long here: count at larger blocks or strides, or "
    "ask for correctness and pairs alone."
)
_OWN_IN_WORDS = {
    "statement": gettext_lazy("the statement"),
    "starter": gettext_lazy("the starter"),
    "hints": gettext_lazy("the hints"),
    "solutions": gettext_lazy("the solutions"),
}


class PatternForm:
    """A declaration as it is typed; ``content`` is that of a draft whose pattern is typed again.

    ``made`` is the exercise where the declaration makes one; ``problems`` says, by field, why not.
    """

    def __init__(
        self,
        sent: Mapping[str, str] | None = None,
        *,
        content: Mapping[str, Any] | None = None,
        slug: str = "",
    ) -> None:
        self.content = content
        self.anew = {key for key in OWN if sent and f"anew.{key}" in sent}
        self.declaration: Declaration | None = None
        self.made: Typed | None = None
        self.typing = self._typing(sent, slug)
        self.problems: Problems = Problems(list)
        if sent is not None or self.typing.pattern:
            self._make()

    def _typing(self, sent: Mapping[str, str] | None, slug: str) -> Typing:
        if self.content is None:
            return Typing() if sent is None else typing_sent(sent)
        # The draft's form says what is wrong with its title; here another one does as well.
        title = (str(self.content.get("title", "")).strip() or slug)[:LONGEST_TITLE]
        if sent is not None:
            return typing_sent({**sent, "title": title, "slug": slug})
        before = declaration_of(self.content)
        if before is None:
            return Typing(title=title, slug=slug)
        return typing_of(before.model_copy(update={"title": title, "slug": slug}))

    def _make(self) -> None:
        self.declaration, self.problems = declaration_typed(self.typing)
        if self.declaration is None:
            return
        if takes_long(self.declaration):
            self.problems["pattern"].append(str(_TOO_LONG))
            return
        try:
            self.made = declared(self.declaration)
        except Refused as refusal:
            field = "parameters" if refusal.field in _PARAMETERS else refusal.field
            self.problems[field].append(str(refusal))

    def ready(self) -> bool:
        """Whether a draft can be made of it; where only title or name are missing, say so."""
        for field in ("title", "slug"):
            if not getattr(self.typing, field).strip():
                self.problems[field].append(_("Fill this in."))
        return self.made is not None and not any(self.problems.values())

    def retyped(self) -> dict[str, Any]:
        """Return the draft's content with the exercise that was made."""
        assert self.content is not None
        assert self.declaration is not None
        return retyped(self.content, self.declaration, self.anew)

    def context(self) -> dict[str, Any]:
        """Return what the templates draw."""
        own = changed_by_hand(self.content) if self.content is not None else []
        return {
            "typing": self.typing,
            "problems": self.problems,
            "mask": self._mask(),
            "made": self.made,
            "facts": facts_of(self.made.exercise.model_dump(mode="json")) if self.made else None,
            "statement": render(self.made.statement) if self.made else "",
            "own": [(key, _OWN_IN_WORDS[key], key in self.anew) for key in own],
            "names": " ".join(row.name for row in self.typing.rows),
        }

    def _mask(self) -> TypedMask | None:
        # Half a pattern has no mask; what is wrong with it stands at its field.
        if not self.typing.pattern or self.problems["pattern"]:
            return None
        values = {row.name: _shown_value(row) for row in self.typing.rows}
        return draw("pattern", self.typing.pattern, values, _SHOWN_N)


def _shown_value(row: Row) -> int:
    """Return a value of a parameter that shows in a small picture: about 4, where it may be."""
    try:
        low, high, step = int(row.low), int(row.high), max(1, int(row.step))
    except ValueError:
        return 4
    return low + max(0, (min(high, max(low, 4)) - low) // step) * step
