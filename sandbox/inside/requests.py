"""What the judge asks, and the refusal of what cannot be done."""

from collections.abc import Callable
from typing import Any

FILENAME = "submission.py"
Request = dict[str, Any]
Function = Callable[..., Any]


class Callee:
    """The learner's function, and the dictionary that it keeps from step to step."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.state: dict[str, Any] = {}


class Refused(Exception):  # noqa: N818
    """The request ends here with this outcome."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
