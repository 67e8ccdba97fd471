"""Pictures of masks that authors write into Markdown, each as a fenced block.

The line that opens the block says ``mask``, how many positions are drawn, and what the picture is
called; the block holds the pattern's notation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.patterns import Pattern, parse
from grader.patterns.pictures import MOST_SQUARES
from grader.words import gettext as _

LONGEST_NOTATION = 400

_FENCED = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,})mask\b(?P<info>.*)\n(?P<body>(?:.*\n)*?) *(?P=fence)", re.MULTILINE
)
_INFO = re.compile(r"(?P<n>[0-9]{1,3})\s+(?P<title>\S.*)")


@dataclass(frozen=True)
class Mask:
    """What a block asks for: ``n`` queries and keys of a pattern, under a title."""

    pattern: Pattern
    n: int
    title: str


def read_mask(info: str, body: str) -> Mask:
    """Read a block: ``info`` is what follows ``mask`` on its first line, ``body`` the notation.

    Raises ``ValueError`` with words for the author.
    """
    found = _INFO.fullmatch(info.strip())
    n = int(found["n"]) if found else 0
    if not found or not 1 <= n <= MOST_SQUARES:
        raise ValueError(
            _("after mask come a number from 1 to %(most_squares)s and a title")
            % {"most_squares": MOST_SQUARES}
        )
    notation = " ".join(body.split())
    if len(notation) > LONGEST_NOTATION:
        raise ValueError(
            _("the notation of a mask has at most %(longest_notation)s characters")
            % {"longest_notation": LONGEST_NOTATION}
        )
    pattern = parse(notation, {})
    pattern.count(n)
    return Mask(pattern, n, found["title"])


def faults_of_masks(markdown: str) -> Iterator[str]:
    """Tell what is wrong with each block of a text that cannot be drawn."""
    for block in _FENCED.finditer(markdown):
        try:
            read_mask(block["info"], block["body"])
        except ValueError as fault:
            yield _("a mask cannot be drawn: %(fault)s") % {"fault": fault}
