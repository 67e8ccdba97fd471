"""Items to be put in order; where some may come either way, the right orders are a partial order.

The form's field is ``order``: the places, from 0, at which the items were shown, in the order
chosen and with commas between, such as ``2,0,1``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, field_validator

from grader.contract import Slug
from grader.words import gettext as _
from question_bank.draws import Draws
from question_bank.kinds.base import (
    Answerable,
    AskedPage,
    Content,
    Level,
    Mark,
    Strict,
    Text,
    as_credit,
    at,
)
from question_bank.kinds.base import UnreadableAnswerError as Unreadable
from question_bank.marking.ordering import Scheme, how_marked, score
from question_bank.marking.partial_orders import PartialOrder

# Marking looks at up to 2 ** n beginnings of right orders while somebody waits for a page.
MOST_ITEMS = 10
_TRIED = 100
_SHUFFLED_FOR_CHANCE = 24

Line = Annotated[str, Field(pattern=r"^[^\n]+$")]


class Item(Strict):
    """Something that has a place in the order: a line of Markdown, and a key for this file."""

    key: Slug
    text: Line


class Precedence(Strict):
    """That one item comes before another, wherever both stand."""

    first: Slug
    then: Slug


class Mistake(Precedence):
    """What is said to whoever has ``then`` before ``first``; why that is wrong, in Markdown."""

    feedback: Text


class OrderingContent(Content):
    """A stem and its items in a right order: the only one, unless ``before`` says what matters."""

    kind: Literal["ordering"]
    stem: Text
    items: tuple[Item, ...] = Field(min_length=2)
    before: tuple[Precedence, ...] | None = None
    marking: Scheme
    mistakes: tuple[Mistake, ...] = ()

    @field_validator("items")
    @classmethod
    def _keys_differ(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        if len({item.key for item in items}) < len(items):
            raise ValueError(_("two items have the same key"))
        return items

    def samples(self) -> dict[Level, str]:
        """Return the order as written, and others that earn some of the credit and none."""
        order = _order_of(self)
        written = list(range(order.n))
        found: dict[Level, str] = {}
        for response in (written, *_swapped(written), *_shuffled(written)):
            share = score(self.marking, response, order)
            level: Level = "zero" if share == 0 else "full" if share == 1 else "partial"
            found.setdefault(level, ", ".join(self.items[item].key for item in response))
        return found

    def chance(self) -> Fraction:
        """Return what shuffled orders earn, as the mean of a few: all would take too long."""
        order = _order_of(self)
        orders = [
            Draws(seed, "chance").shuffled(range(order.n)) for seed in range(_SHUFFLED_FOR_CHANCE)
        ]
        shares = (score(self.marking, response, order) for response in orders)
        return sum(shares, Fraction(0)) / _SHUFFLED_FOR_CHANCE


@dataclass(frozen=True)
class OrderingPage(AskedPage):
    """The stem, the items as shown, and how the order is marked; an item's key is its place."""

    items: tuple[str, ...]
    marked: str


class OrderingVariant(Answerable):
    """The items, numbered as written, shown in an order that is wrong."""

    fields = ("order",)

    def __init__(self, content: OrderingContent, seed: int) -> None:
        self._content = content
        self._order = _order_of(content)
        self._mistakes = _mistakes_of(content, self._order)
        draws = Draws(seed, "ordering")
        written = range(self._order.n)
        while self._order.first_error(shown := draws.shuffled(written)) is None:
            pass
        self._shown = shown
        self.explanation = content.explanation
        several = bool(self._order.free_pairs())
        self.page = OrderingPage(
            kind=content.kind,
            title=content.title,
            stem=content.stem,
            items=tuple(content.items[item].text for item in shown),
            marked=how_marked(content.marking, self._order.n, several=several),
        )

    def mark(self, answer: Mapping[str, str]) -> Mark:
        """Mark the order by the question's scheme; the fraction is rounded to four places."""
        response = [self._shown[place] for place in self._places(answer.get("order", ""))]
        return Mark(
            fraction=as_credit(score(self._content.marking, response, self._order)),
            given=self._numbered(response),
            right=self._right(),
            feedback="\n\n".join(self._feedback(response)),
        )

    def typed(self, text: str) -> dict[str, str]:
        """Return the form for the items' keys, in an order and with commas between."""
        numbers = {item.key: number for number, item in enumerate(self._content.items)}
        keys = [key.strip() for key in text.split(",")]
        if unknown := [key for key in keys if key not in numbers]:
            raise Unreadable(_("There is no item %(unknown)s.") % {"unknown": repr(unknown[0])})
        return {"order": ",".join(str(self._shown.index(numbers[key])) for key in keys)}

    def _places(self, text: str) -> list[int]:
        """Read a permutation of the places at which items were shown."""
        if not text.strip():
            raise Unreadable(_("Put the items in order, then check it."))
        offered = {str(place): place for place in range(self._order.n)}
        chosen = [place.strip() for place in text.split(",")]
        if not offered.keys() >= set(chosen):
            raise Unreadable(
                _("This order holds something that is not among the items. Order them again.")
            )
        missing = len(offered) - len(set(chosen))
        if missing:
            raise Unreadable(
                _("This order leaves out %(missing)s of the %(number)s items. Give each its place.")
                % {"missing": missing, "number": len(offered)}
            )
        if len(chosen) > len(offered):
            raise Unreadable(_("An item stands twice in this order. Give each one place."))
        return [offered[place] for place in chosen]

    def _feedback(self, response: Sequence[int]) -> Iterable[str]:
        place = self._order.first_error(response)
        if place is None:
            return
        if place == 1:
            yield _("No right order begins with the item that you put first.")
        else:
            yield (
                _(
                    "A right order can begin as yours does up to place %(good)s; what you put at "
                    "place %(place)s comes too early there."
                )
                % {"good": place - 1, "place": place}
            )
        for (first, then), feedback in self._mistakes:
            if response.index(then) < response.index(first):
                yield feedback

    def _numbered(self, items: Iterable[int]) -> str:
        """Return items in words, as a numbered list."""
        texts = (self._content.items[item].text for item in items)
        return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))

    def _right(self) -> str:
        """Return the order as written, and which pairs of it are free; no other pair is."""
        written = self._numbered(range(self._order.n))
        free = [
            _("%(one)s or %(other)s") % {"one": one + 1, "other": other + 1}
            for one, other in self._order.free_pairs()
        ]
        if not free:
            return written
        return _(
            "%(written)s\n\nOf these either may come first: %(free)s. "
            "All other pairs keep this order."
        ) % {"written": written, "free": ", ".join(free)}


def _shuffled(items: list[int]) -> Iterable[list[int]]:
    return (Draws(seed, "sample").shuffled(items) for seed in range(_TRIED))


def _swapped(items: list[int]) -> Iterable[list[int]]:
    for place in range(len(items) - 1):
        yield [*items[:place], items[place + 1], items[place], *items[place + 2 :]]


def _order_of(content: OrderingContent) -> PartialOrder:
    """Return the order of the items as numbered from 0 in the content."""
    n = len(content.items)
    with at("items"):
        if n > MOST_ITEMS:
            raise ValueError(
                _("at most %(most)s items can be put in order, not %(n)s")
                % {"most": MOST_ITEMS, "n": n}
            )
    if content.before is None:
        return PartialOrder.total(n)
    order = PartialOrder.of(n, _pairs("before", content.before, content.items))
    with at("before"):
        if not any(order.before):
            raise ValueError(_("at least one pair, or any order would be right"))
    return order


def _mistakes_of(
    content: OrderingContent, order: PartialOrder
) -> list[tuple[tuple[int, int], str]]:
    """Return the pairs that a mistake turns round, with the feedback for it."""
    pairs = _pairs("mistakes", content.mistakes, content.items)
    for place, (first, then) in enumerate(pairs):
        with at(f"mistakes.{place}"):
            if first not in order.before[then]:
                raise ValueError(_("a right order may have these two the other way round"))
    return list(zip(pairs, (mistake.feedback for mistake in content.mistakes), strict=True))


def _pairs(
    key: str, precedences: Iterable[Precedence], items: Iterable[Item]
) -> list[tuple[int, int]]:
    """Return pairs of items by number; each has to agree with the order of the items."""
    numbers = {item.key: number for number, item in enumerate(items)}
    pairs = []
    for place, precedence in enumerate(precedences):
        with at(f"{key}.{place}"):
            for name in (precedence.first, precedence.then):
                if name not in numbers:
                    raise ValueError(_("there is no item %(name)s") % {"name": name})
            first, then = numbers[precedence.first], numbers[precedence.then]
            if first >= then:
                raise ValueError(
                    _(
                        "%(first)s is not written above %(then)s, "
                        "but the items are written in a right order"
                    )
                    % {"first": precedence.first, "then": precedence.then}
                )
        pairs.append((first, then))
    return pairs
