"""Requests that nobody has thought of, drawn from the schema; what is answered is held to it.

Half of them name what is there, so that they come further than to a 404.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import hypothesis
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assessments.api.rates import Rate

SCHEMA = "/api/v1/openapi.yaml"
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
_PLAIN = {"Accept-Encoding": "identity", "Host": "localhost"}
_PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Way:
    """How somebody signs in: by a token's header, or by a session's cookies."""

    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What came of it: how many cases, the statuses of each operation, and each fault once."""

    cases: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def add(self, operation: str, status: int) -> None:
        """Count an answer."""
        self.cases += 1
        self.statuses.setdefault(operation, Counter())[status] += 1


def ask(cases: int, seed: int, ways: Sequence[Way], known: Mapping[str, Sequence[Any]]) -> Report:
    """Ask at least so many cases of all operations alike, and report what came of it.

    ``ways`` are those who ask, ``known`` what is there, by the name of a parameter
    or of a field. How often somebody asks is not counted here.
    """
    report = Report()
    with patch.object(Rate, "allow_request", return_value=True), _one_connection():
        schema = schemathesis.openapi.from_wsgi(SCHEMA, WSGIHandler())
        schema.config.generation.update(with_security_parameters=False)
        operations = [found.ok() for found in schema.get_all_operations()]
        each = -(-cases // len(operations))
        for place, operation in enumerate(operations):
            _each_of(operation, ways, known, report, each, seed + place)()
    return report


@contextmanager
def _one_connection() -> Iterator[None]:
    """Let requests leave the database's connection open, which a test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _each_of(
    operation: Any,
    ways: Sequence[Way],
    known: Mapping[str, Sequence[Any]],
    report: Report,
    each: int,
    seed: int,
) -> Callable[[], None]:
    label = operation.label
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    drawn = st.tuples(st.one_of(good, bad), st.sampled_from(ways), st.integers(0, 2**16))

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(drawn)
    def asked(one: tuple[Any, Way, int]) -> None:
        case, way, luck = one
        if luck % 2:
            _name_what_is_there(case, known, luck)
        response = case.call(headers=_PLAIN | way.headers, cookies=way.cookies)
        report.add(label, response.status_code)
        fault = _fault(case, response)
        if fault:
            report.faults.setdefault(f"{label}: {fault[:80]}", f"{case.as_curl_command()}\n{fault}")

    return asked


def _name_what_is_there(case: Any, known: Mapping[str, Sequence[Any]], luck: int) -> None:
    for held in (case.path_parameters, case.body, case.query):
        if isinstance(held, dict):
            for name in held:
                values = known.get(f"{case.operation.path} {name}") or known.get(name)
                if values:
                    held[name] = values[luck // 2 % len(values)]


def _fault(case: Any, response: Any) -> str:
    if response.status_code >= 500:
        return f"answered {response.status_code}: {response.text[:400]}"
    if response.status_code >= 400 and response.headers["content-type"][0] != _PROBLEM:
        return f"a refusal that is {response.headers['content-type']}"
    try:
        case.validate_response(response, checks=CHECKS)
    except (AssertionError, BaseExceptionGroup) as fault:
        return str(fault)
    if response.status_code >= 400:
        told = json.loads(response.text)
        if told["status"] != response.status_code or not told["detail"]:
            return f"a problem that says {told}"
    return ""
