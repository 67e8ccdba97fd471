"""YAML as far as course files need it: plain data, and no key twice."""

from typing import Any

import yaml


class _Loader(yaml.CSafeLoader):
    """Refuses what YAML's own loader passes over in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _error(key_node, f"the key {key!r} is not text; quote it")
            if key in seen:
                raise _error(key_node, f"the key {key!r} is given twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _error(node: yaml.Node, reason: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)


def read_yaml(text: str) -> dict[str, Any]:
    """Return the mapping that a text holds. Raises ``ValueError``."""
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as fault:
        line = f"line {fault.problem_mark.line + 1}: " if fault.problem_mark else ""
        raise ValueError(f"{line}{fault.problem}") from fault
    except yaml.YAMLError as fault:
        raise ValueError(str(fault)) from fault
    if not isinstance(value, dict):
        raise ValueError("this file holds keys and their values")
    return value
