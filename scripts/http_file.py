"""Every operation of the API as a request to try, for editors that send ``.http`` files.

    python -m scripts.http_file docs/openapi.yaml docs/api.http

Use ``make api-schema``, which describes the API first.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_HEAD = """\
# Written by make api-schema from openapi.yaml. Start make demo, make a token
# (.venv/bin/python manage.py make_token learner), and put it in here.
@base = http://127.0.0.1:8000
@token = sparring_…
"""
_USUAL = {"slug": "sliding-window", "course": "sparse-attention", "assessment": "practice"}


def requests(described: Mapping[str, Any]) -> Iterator[str]:
    """Yield each operation of an OpenAPI description as a request with its example."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield "\n".join(_request(path, method, operation)) + "\n"


def _request(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    title = operation["description"].strip().splitlines()[0]
    yield f"### {operation['operationId']}: {title}"
    yield f"{method.upper()} {{{{base}}}}{_filled(path)}"
    yield "Authorization: Bearer {{token}}"
    names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
    if "Idempotency-Key" in names:
        yield "Idempotency-Key: {{$guid}}"
    if "If-Match" in names:
        yield 'If-Match: "the ETag of what you have seen"'
    example = _example(operation)
    if example is not None:
        yield "Content-Type: application/json"
        yield ""
        yield json.dumps(example, indent=2, ensure_ascii=False)


def _filled(path: str) -> str:
    """Return a path with usual values in the places of its parameters."""
    slugs = {"courses": _USUAL["course"], "concepts": "local-window"}
    resource = path.removeprefix("/api/v1/").split("/")[0]
    usual = _USUAL | {"slug": slugs.get(resource, _USUAL["slug"])}
    return re.sub(r"\{(\w+)\}", lambda name: usual.get(name[1], "1"), path)


def _example(operation: Mapping[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = list(content.get("examples", {}).values())
    return examples[0]["value"] if examples else None


def main(arguments: list[str]) -> None:
    """Write the file that the second argument names from the description that the first does."""
    source, target = map(Path, arguments)
    described = yaml.safe_load(source.read_text())
    target.write_text("\n".join([_HEAD, *requests(described)]))


if __name__ == "__main__":
    main(sys.argv[1:])
