"""Queries that a thread compiles once and then asks again with other keys.

Django builds and compiles a query each time it is asked. Of one that reads a few rows by their keys
that takes longer than PostgreSQL takes to answer, and the pages of a sitting ask the same few.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import RelatedPopulator, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=Model)
Key = int | str

_LARGEST = 2**63 - 1  # the key of nothing, as what is beyond it
_STAND_IN = 2**62


class Ready(Generic[Row]):
    """A query for rows of a model, of which nothing but the keys ever changes.

    ``build`` returns it for the keys that it is given. They stand in for any: it may compare
    columns with them, and that is all. No time and no setting may go into it.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._compiled = threading.local()

    def __call__(self, *keys: Key) -> list[Row]:
        """Return the rows for these keys, as the query itself would.

        Raises ``TransactionManagementError`` where it locks them and no transaction is open.
        """
        known = self._compiled.__dict__
        kinds = "".join(type(key).__name__[0] for key in keys)
        if kinds not in known:
            try:
                known[kinds] = _compiled(self._build, keys)
            except EmptyResultSet:  # as of a list that may be empty
                return []
        statement: _Statement[Row] = known[kinds]
        return list(statement.rows(keys))

    def one(self, *keys: Key) -> Row | None:
        """Return the first of these rows, or None where there is none."""
        return next(iter(self(*keys)), None)


@dataclass(frozen=True)
class _Statement(Generic[Row]):
    """What a compiler has made of a query.

    ``places`` says which of the parameters are which of the keys; ``names`` are the model's own
    columns, which come first; ``made`` says where those stand that are worked out.
    """

    db: str
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    locks: bool
    compiler: SQLCompiler
    converters: dict[int, Any]
    model: type[Row]
    names: list[str]
    made: dict[str, int]
    related: list[RelatedPopulator]

    def rows(self, keys: tuple[Key, ...]) -> Iterator[Row]:
        connection = connections[self.db]
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("no transaction is open to lock rows in")
        parameters = list(self.parameters)
        for parameter, key in self.places:
            parameters[parameter] = _held(keys[key])
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            found = cursor.fetchall()
        for row in self.compiler.apply_converters(found, self.converters):
            one = self.model.from_db(self.db, self.names, row[: len(self.names)])
            for each in self.related:
                each.populate(row, one)
            for name, place in self.made.items():
                setattr(one, name, row[place])
            yield one


def _compiled(build: Callable[..., QuerySet[Row]], keys: tuple[Key, ...]) -> _Statement[Row]:
    stand_ins = [_stand_in(place, key) for place, key in enumerate(keys)]
    query = build(*stand_ins)
    compiler = query.query.get_compiler(query.db)
    sql, parameters = compiler.as_sql()
    places = [(at, stand_ins.index(one)) for at, one in enumerate(parameters) if one in stand_ins]
    if len({key for _at, key in places}) < len(keys):
        raise TypeError("a key does not come into the query as it is")
    select, info = compiler.select, compiler.klass_info
    return _Statement(
        db=query.db,
        sql=sql,
        parameters=tuple(parameters),
        places=tuple(places),
        locks=query.query.select_for_update and compiler.connection.features.has_select_for_update,
        compiler=compiler,
        converters=compiler.get_converters([column for column, *_ in select[: compiler.col_count]]),
        model=info["model"],
        names=[column.target.attname for column, *_ in select[: len(info["select_fields"])]],
        made=compiler.annotation_col_map or {},
        related=get_related_populators(info, select, query.db),  # type: ignore[call-arg] # a later Django's
    )


def _held(key: Key) -> Key:
    """Return a key as a database can hold it; no column has more than the largest."""
    return key if isinstance(key, str) else max(-_LARGEST, min(key, _LARGEST))


def _stand_in(place: int, key: Key) -> Key:
    return f"stand-in {place}" if isinstance(key, str) else _STAND_IN + place
