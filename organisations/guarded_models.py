"""placeholder"""

from typing import ClassVar
from django.db import models


class GuardedModel(models.Model):
    guard_exempt: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True
