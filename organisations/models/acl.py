"""The column that says who holds a key to a row."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AclField(ArrayField):  # type: ignore[type-arg]
    """Ids of organisations, and minus the ids of people, who may see a row.

    Filled by database triggers alone: what is written here is overwritten. A new object
    learns its value with its id, in the same statement.
    """

    db_returning = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"base_field": models.BigIntegerField(), "default": list, "editable": False, **kwargs}
        )

    def deconstruct(self) -> Any:
        """In migrations it is the plain array that the database sees."""
        name, _, arguments, keywords = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", arguments, keywords
