"""The text notation of patterns, as an instructor types it.

    union        = intersection { "|" intersection }
    intersection = difference { "&" difference }
    difference   = atom { "-" atom }
    atom         = name [ "(" argument { "," argument } ")" ] | "(" union ")"
    argument     = expression, and in globals also [ expression ] ":" [ expression ]
    expression   = whole numbers, parameters and n under + - * // ( ) min(a, b) max(a, b)

So ``-`` binds before ``&`` before ``|``, as in Python: notation and code read alike.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from grader.patterns.algebra import Pattern
from grader.patterns.atoms import PARAMETRIC, ArgumentError, Parametric
from grader.patterns.expressions import (
    FUNCTIONS,
    ExpressionError,
    Integer,
    Name,
    Size,
    checked,
    combine,
)
from grader.patterns.positions import Globals, Slice
from grader.patterns.tokens import PatternSyntaxError, Token, tokenize
from grader.words import gettext, gettext_noop

DEEPEST: Final = 30

EXAMPLES: Final = {
    "all": "all",
    "blocks": "blocks(64, 1)",
    "causal": "causal",
    "dilated": "dilated(4)",
    "globals": "globals(0:2, -1)",
    "random_blocks": "random_blocks(64, 3, 7)",
    "sinks": "sinks(4)",
    "window": "window(256)",
}


def parse(text: str, names: Mapping[str, int] | None = None) -> Pattern:
    """Return the pattern that a text denotes.

    ``names`` gives the parameters their values. ``n`` stays open until the pattern is asked, and
    an ``n`` among the names is passed over. Raises PatternSyntaxError.
    """
    parser = _Parser(text, {**(names or {}), "n": Size()})
    pattern = parser.union()
    parser.require_end(gettext_noop("Patterns are combined with &, | and -."))
    return pattern


def outline(text: str) -> tuple[Pattern, tuple[str, ...]]:
    """Return the pattern with its parameters left open, and their names in order of appearance.

    What it is for is reading its tree: it can be asked about no pair. Raises PatternSyntaxError.
    """
    names = _Open({"n": Size()})
    parser = _Parser(text, names)
    pattern = parser.union()
    parser.require_end(gettext_noop("Patterns are combined with &, | and -."))
    return pattern, tuple(name for name in names if name != "n")


def evaluate(text: str | int, names: Mapping[str, int]) -> int:
    """Return the value of an integer expression over ``names``. Raises PatternSyntaxError."""
    if isinstance(text, int):
        return text
    parser = _Parser(text, names)
    value = parser.expression()
    parser.require_end(gettext_noop("Numbers are combined with +, -, * and //."))
    assert isinstance(value, int)
    return value


class _Open(dict[str, Integer]):
    """Names of which each is known, and open where it was not given before."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __missing__(self, name: str) -> Integer:
        self[name] = Name(name)
        return self[name]


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, names: Mapping[str, Integer]) -> None:
        self._text = text
        self._names = names
        self._tokens = tokenize(text)
        self._next = 0
        self._depth = 0

    # Tokens

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += token.kind != "end"
        return token

    def _at(self, *signs: str) -> bool:
        return self._token.kind == "sign" and self._token.text in signs

    def _fault(self, token: Token, reason: str) -> PatternSyntaxError:
        return PatternSyntaxError(self._text, token.position, reason)

    def require_end(self, hint: str) -> None:
        """Raise PatternSyntaxError if anything is left; ``hint`` is translated where it is told."""
        if self._at(")"):
            raise self._fault(self._token, gettext("This parenthesis was never opened."))
        if self._token.kind != "end":
            raise self._fault(
                self._token,
                gettext("%(token)s does not fit here. %(hint)s")
                % {"token": self._token, "hint": gettext(hint)},
            )

    def _close(self, opening: Token) -> None:
        if self._token.kind == "end":
            raise self._fault(opening, gettext("This parenthesis is never closed."))
        if not self._at(")"):
            raise self._fault(
                self._token,
                gettext("%(token)s does not fit here; ')' is expected.") % {"token": self._token},
            )
        self._take()

    def _open(self) -> Token:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault(
                self._token,
                gettext("Parentheses go at most %(deepest)s deep.") % {"deepest": DEEPEST},
            )
        return self._take()

    # Patterns

    def union(self) -> Pattern:
        """Read terms joined by |."""
        return self._joined("|", self._intersection, lambda left, right: left | right)

    def _intersection(self) -> Pattern:
        return self._joined("&", self._difference, lambda left, right: left & right)

    def _difference(self) -> Pattern:
        return self._joined("-", self._atom, lambda left, right: left - right)

    def _joined(
        self,
        sign: str,
        operand: Callable[[], Pattern],
        join: Callable[[Pattern, Pattern], Pattern],
    ) -> Pattern:
        pattern = operand()
        while self._at(sign):
            self._take()
            pattern = join(pattern, operand())
        return pattern

    def _atom(self) -> Pattern:
        if self._at("("):
            opening = self._open()
            pattern = self.union()
            self._close(opening)
            self._depth -= 1
            return pattern
        token = self._take()
        if token.kind == "end":
            raise self._fault(token, gettext("A pattern is missing here, such as window(4)."))
        if token.kind != "name":
            raise self._fault(
                token,
                gettext("%(token)s stands where a pattern is expected, such as window(4).")
                % {"token": token},
            )
        if token.text not in EXAMPLES:
            raise self._fault(token, _unknown(token.text, "pattern", EXAMPLES))
        return self._built(token)

    def _built(self, name: Token) -> Pattern:
        arguments, places = self._arguments()
        if name.text == Globals.name:
            if not arguments:
                raise self._fault(name, _needs(name.text, [gettext("at least one position")]))
            return Globals(tuple(arguments))
        atom = PARAMETRIC[name.text]
        self._require_arguments(name, atom, arguments, places)
        try:
            return atom(*arguments)
        except ArgumentError as fault:
            place = list(atom.smallest).index(fault.argument)
            raise self._fault(places[place], str(fault)) from None

    def _require_arguments(
        self,
        name: Token,
        atom: type[Parametric],
        arguments: list[Integer | Slice],
        places: list[Token],
    ) -> None:
        known = list(atom.smallest)
        needed = [argument for argument in known if argument not in atom.defaults]
        if len(arguments) > len(known):
            raise self._fault(places[len(known)], _takes(name.text, known))
        if len(arguments) < len(needed):
            raise self._fault(name, _needs(name.text, needed))
        for argument, place in zip(arguments, places, strict=True):
            if isinstance(argument, Slice):
                raise self._fault(place, gettext("Slices such as 0:4 belong in globals only."))

    def _arguments(self) -> tuple[list[Integer | Slice], list[Token]]:
        arguments: list[Integer | Slice] = []
        places: list[Token] = []
        if not self._at("("):
            return arguments, places
        opening = self._open()
        while not self._at(")"):
            places.append(self._token)
            arguments.append(self._argument())
            if not self._at(","):
                break
            self._take()
        self._close(opening)
        self._depth -= 1
        return arguments, places

    def _argument(self) -> Integer | Slice:
        start = None if self._at(":") else self.expression()
        if not self._at(":"):
            assert start is not None
            return start
        self._take()
        return Slice(start, None if self._at(",", ")") else self.expression())

    # Integer expressions

    def expression(self) -> Integer:
        """Read terms joined by + and -."""
        return self._computed(("+", "-"), self._product)

    def _product(self) -> Integer:
        return self._computed(("*", "//"), self._factor)

    def _computed(self, signs: tuple[str, ...], operand: Callable[[], Integer]) -> Integer:
        value = operand()
        while self._at(*signs):
            sign = self._take()
            value = self._combined(sign, sign.text, value, operand())
        return value

    def _combined(self, place: Token, symbol: str, left: Integer, right: Integer) -> Integer:
        try:
            return combine(symbol, left, right)
        except ExpressionError as fault:
            raise self._fault(place, str(fault)) from None

    def _factor(self) -> Integer:
        if self._at("("):
            opening = self._open()
            value = self.expression()
            self._close(opening)
            self._depth -= 1
            return value
        token = self._take()
        if token.kind == "number":
            return self._number(token, int(token.text))
        if token.kind == "name":
            return self._function(token) if token.text in FUNCTIONS else self._parameter(token)
        if token.text == "-" and not self._at("-"):
            return self._combined(token, "-", 0, self._factor())
        raise self._fault(
            token, gettext("A number is expected here, not %(token)s.") % {"token": token}
        )

    def _function(self, name: Token) -> Integer:
        arguments, _ = self._arguments()
        if len(arguments) != 2 or any(isinstance(argument, Slice) for argument in arguments):
            raise self._fault(
                name,
                gettext("%(text)s takes two numbers, as in %(text)s(4, n).") % {"text": name.text},
            )
        left, right = (argument for argument in arguments if not isinstance(argument, Slice))
        return self._combined(name, name.text, left, right)

    def _parameter(self, token: Token) -> Integer:
        if token.text not in self._names:
            if token.text in EXAMPLES:
                raise self._fault(
                    token,
                    gettext("%(token)s is a pattern; a number is expected here.")
                    % {"token": token},
                )
            raise self._fault(token, _unknown(token.text, "parameter", self._names))
        value = self._names[token.text]
        return self._number(token, value) if isinstance(value, int) else value

    def _number(self, token: Token, value: int) -> int:
        try:
            return checked(value)
        except ExpressionError as fault:
            raise self._fault(token, str(fault)) from None


def _unknown(name: str, what: Literal["pattern", "parameter"], known: Iterable[str]) -> str:
    known = sorted(known)
    near = difflib.get_close_matches(name.lower(), known, n=1)
    if what == "pattern":
        told = gettext("There is no pattern called '%(name)s'.")
    else:
        told = gettext("There is no parameter called '%(name)s'.")
    said = [told % {"name": name[:60]}]
    if near:
        said.append(gettext("Did you mean '%(name)s'?") % {"name": near[0]})
    if known:
        said.append(gettext("Known: %(names)s.") % {"names": ", ".join(known)})
    return " ".join(said)


def _needs(name: str, arguments: list[str]) -> str:
    return gettext("%(name)s needs %(arguments)s, as in %(example)s.") % {
        "name": name,
        "arguments": _listed(arguments),
        "example": EXAMPLES[name],
    }


def _takes(name: str, known: list[str]) -> str:
    if not known:
        return gettext("%(name)s takes no arguments.") % {"name": name}
    return gettext("%(name)s takes %(arguments)s only.") % {
        "name": name,
        "arguments": _listed(known),
    }


def _listed(names: list[str]) -> str:
    *first, last = names
    if not first:
        return last
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}
