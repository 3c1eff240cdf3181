"""Models and querysets that refuse identifiers of children and patients before storing.

Here: the last belt, under every form and service. Not here: what is an identifier
(`organisations.guard_rail`). Raw SQL and `COPY` do not pass here; imports call
`refuse_identifiers` themselves. Invisible characters that turn the direction of reading round
are left out on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from organisations.guard_rail import refuse_identifiers
from organisations.visible_text import in_reading_order

_Guarded = TypeVar("_Guarded", bound="GuardedModel")


@cache
def guarded_fields(model: type[GuardedModel]) -> dict[str, models.Field[Any, Any]]:
    """The text fields of a model that are looked at, by attribute name.

    All that hold free text, lists of it too; not those with choices, slugs, or what `guard_exempt`
    names.
    """
    return {
        field.attname: field
        for field in model._meta.concrete_fields
        if _holds_text(field) and field.name not in model.guard_exempt
    }


def _holds_text(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, ArrayField):
        return _holds_text(field.base_field)
    return (
        isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not isinstance(field, models.SlugField)
        and not field.choices
    )


def _in_order(value: Any) -> Any:
    """A text, or a list of them, without what turns the direction of reading round."""
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    return in_reading_order(value) if isinstance(value, str) else value


class GuardedQuerySet(models.QuerySet[_Guarded]):
    """Refuses identifiers in the writes that go round a model's `save()`."""

    def bulk_create(self, objs: Iterable[_Guarded], *args: Any, **kwargs: Any) -> list[_Guarded]:
        """As Django's, after looking at every object."""
        rows = list(objs)
        for row in rows:
            row.read_in_order()
            row.refuse_identifiers()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(
        self, objs: Iterable[_Guarded], fields: Iterable[str], *args: Any, **kwargs: Any
    ) -> int:
        """As Django's, after looking at the given fields of every object."""
        rows, names = tuple(objs), tuple(fields)
        for row in rows:
            row.read_in_order(only=names)
            row.refuse_identifiers(only=names)
        return super().bulk_update(rows, names, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """As Django's, after looking at the given values; expressions are not text."""
        guarded = guarded_fields(self.model)
        for name in guarded.keys() & kwargs.keys():
            kwargs[name] = _in_order(kwargs[name])
        refuse_identifiers(**{name: value for name, value in kwargs.items() if name in guarded})
        return super().update(**kwargs)


class GuardedModel(models.Model):
    """Refuses to be saved while a text of it holds an NHS number, a UPN or a date of birth.

    Raises `IdentifierRefused`, a ValidationError keyed by field. A model with a manager of
    its own builds it on `GuardedQuerySet`.
    """

    guard_exempt: ClassVar[frozenset[str]] = frozenset()

    objects: ClassVar[models.Manager[Self]] = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless an identifier is refused; then nothing reaches the database."""
        self.read_in_order(only=kwargs.get("update_fields"))
        self.refuse_identifiers(only=kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def refuse_identifiers(self, *, only: Collection[str] | None = None) -> None:
        """Look at every guarded text, or those named in `only`; deferred ones are not loaded."""
        refuse_identifiers(**self._guarded_values(only))

    def read_in_order(self, *, only: Collection[str] | None = None) -> None:
        """Take what turns the direction of reading round out of every guarded text, likewise."""
        for name, value in self._guarded_values(only).items():
            if _in_order(value) != value:
                setattr(self, name, _in_order(value))

    def _guarded_values(self, only: Collection[str] | None) -> dict[str, Any]:
        deferred = self.get_deferred_fields()
        return {
            name: getattr(self, name)
            for name, field in guarded_fields(type(self)).items()
            if name not in deferred and (only is None or {name, field.name} & set(only))
        }
