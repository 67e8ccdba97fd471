"""Items being put in order by buttons: what the form holds before and after a move."""

from collections.abc import Mapping

_STEPS = {"up": -1, "down": 1}
_MOST_DIGITS = 2


def order_held(text: str, count: int) -> list[int]:
    """Return the places that a field holds, or the order as shown where it holds no such order."""
    shown = list(range(count))
    places = [int(place) for place in text.split(",") if _is_place(place)]
    return places if sorted(places) == shown else shown


def moved(held: Mapping[str, str], move: str) -> tuple[dict[str, str], str]:
    """Return what a form holds once an item has moved a place, and which button to go on with.

    A move is ``field:position:direction``, the position from 0 and the direction up or down; a
    button bears one. What names no item, or would move one beyond the others, moves nothing.
    """
    field, position, direction = [*move.split(":"), "", "", ""][:3]
    if direction not in _STEPS or not _is_place(position):
        return dict(held), ""
    text = held.get(field, "")
    order = order_held(text, text.count(",") + 1)
    here, there = int(position), int(position) + _STEPS[direction]
    if not (here < len(order) and 0 <= there < len(order)):
        return dict(held), move
    order[here], order[there] = order[there], order[here]
    at_the_end = there in (0, len(order) - 1)
    onward = {"up": "down", "down": "up"}[direction] if at_the_end else direction
    return {**held, field: ",".join(map(str, order))}, f"{field}:{there}:{onward}"


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
