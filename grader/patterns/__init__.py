"""Which keys a query sees: an algebra of patterns, its notation, counts and pictures.

The standard library is all it needs.
"""

from grader.patterns.algebra import Difference, Intersection, Pattern, Union
from grader.patterns.atoms import (
    All,
    ArgumentError,
    Blocks,
    Causal,
    Dilated,
    RandomBlocks,
    Sinks,
    Window,
)
from grader.patterns.expressions import ExpressionError
from grader.patterns.notation import evaluate, outline, parse
from grader.patterns.positions import Globals, Slice
from grader.patterns.tokens import PatternSyntaxError

__all__ = [
    "All",
    "ArgumentError",
    "Blocks",
    "Causal",
    "Difference",
    "Dilated",
    "ExpressionError",
    "Globals",
    "Intersection",
    "Pattern",
    "PatternSyntaxError",
    "RandomBlocks",
    "Sinks",
    "Slice",
    "Union",
    "Window",
    "evaluate",
    "outline",
    "parse",
]
