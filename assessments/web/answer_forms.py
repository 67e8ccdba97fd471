"""What the form of a question shows, a function for each kind of page that is answered on it.

``held`` is what the form holds: what was typed last, or the latest response.
"""

from collections.abc import Callable, Mapping
from typing import Any

from assessments.web.design_forms import design_form
from assessments.web.orders import order_held
from assessments.web.prose import render, render_inline
from assessments.web.readings import reading
from assessments.web.writing_forms import writing_form
from question_bank.kinds import (
    AskedPage,
    CasePage,
    ChoicePage,
    DesignPage,
    EssayPage,
    MatchingPage,
    MultiPage,
    NumericPage,
    OrderingPage,
    ShortPage,
)
from question_bank.kinds.case import prefix

Held = Mapping[str, str]
Form = dict[str, Any]


def form_of(page: AskedPage, held: Held, prefix: str = "") -> Form:
    """Return the form of a page, filled with what it holds.

    ``prefix`` stands before the names of its fields. ``template`` is what shows it.
    """
    own = {
        name.removeprefix(prefix): value for name, value in held.items() if name.startswith(prefix)
    }
    form = _case(page, own, prefix) if isinstance(page, CasePage) else _FORMS[type(page)](page, own)
    return form | {"prefix": prefix, "template": f"web/answers/{page.kind}.html"}


def _choice(page: ChoicePage, held: Held) -> Form:
    taken = held.get("choice")
    return {
        "choices": [
            {"value": str(place), "text": render_inline(text), "taken": str(place) == taken}
            for place, text in enumerate(page.choices)
        ]
    }


def _multi(page: MultiPage, held: Held) -> Form:
    fields = [(f"choice-{place}", text) for place, text in enumerate(page.choices)]
    return {
        "choices": [
            {"field": field, "text": render_inline(text), "taken": field in held}
            for field, text in fields
        ],
        "marked": render_inline(page.marked),
    }


def _matching(page: MatchingPage, held: Held) -> Form:
    premises = [(f"match-{place}", text) for place, text in enumerate(page.premises)]
    return {
        "premises": [
            {"field": field, "text": render_inline(text), "taken": held.get(field, "")}
            for field, text in premises
        ],
        "options": [
            {"value": str(place), "letter": chr(ord("A") + place), "text": render_inline(text)}
            for place, text in enumerate(page.options)
        ],
        "marked": page.marked,
    }


def _numeric(page: NumericPage, held: Held) -> Form:
    number = held.get("number", "")
    return {
        "number": number,
        "unit": page.unit,
        "marked": page.marked,
        "reading": reading(number, page.unit),
    }


def _short(page: ShortPage, held: Held) -> Form:
    return {"words": held.get("words", ""), "marked": page.marked}


def _essay(page: EssayPage, held: Held) -> Form:
    return {"writing": writing_form(page.writing, held.get("text", ""))}


def _ordering(page: OrderingPage, held: Held) -> Form:
    order = order_held(held.get("order", ""), len(page.items))
    return {
        "order": ",".join(map(str, order)),
        "items": [
            {
                "place": place,
                "text": render_inline(page.items[place]),
                "up": f"order:{position}:up",
                "down": f"order:{position}:down",
            }
            for position, place in enumerate(order)
        ],
        "marked": page.marked,
    }


def _case(page: CasePage, held: Held, before: str) -> Form:
    every = {before + name: value for name, value in held.items()}
    parts = [
        {"stem": render(part.stem), "form": form_of(part, every, before + prefix(place))}
        for place, part in enumerate(page.parts)
    ]
    return {"parts": parts, "marked": page.marked}


_FORMS: dict[type[AskedPage], Callable[[Any, Held], Form]] = {
    ChoicePage: _choice,
    MultiPage: _multi,
    MatchingPage: _matching,
    NumericPage: _numeric,
    OrderingPage: _ordering,
    ShortPage: _short,
    EssayPage: _essay,
    DesignPage: design_form,
}
