"""Rows that are written once."""

from typing import Any, NoReturn, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class ImmutableRowError(TypeError):
    """Somebody tried to change or delete a row that is written once."""


class WriteOnceQuerySet(models.QuerySet[Row]):
    """Adds and reads; refuses what would change or remove many rows at once."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise ImmutableRowError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise ImmutableRowError(f"{self.model.__name__} rows are never deleted")


class WriteOnce(models.Model):
    """A row that can be added and read, never changed or deleted."""

    objects = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse when it is there already."""
        if not self._state.adding:
            raise ImmutableRowError(f"{type(self).__name__} {self.pk} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise ImmutableRowError(f"{type(self).__name__} {self.pk} is never deleted")
