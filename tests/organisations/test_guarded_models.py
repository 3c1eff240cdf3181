"""Models refuse identifiers before anything is sent to the database.

No test here may use the database, and a write that gets as far as asking for it fails
with a RuntimeError: so a refusal shows that nothing was sent.
"""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.db import models
from django.test.utils import isolate_apps

from organisations.guard_rail import IdentifierRefused
from organisations.guarded_models import GuardedModel, guarded_fields

NHS_NUMBER = "943 476 5919"


with isolate_apps("organisations"):

    class Sketch(GuardedModel):
        guard_exempt: ClassVar[frozenset[str]] = frozenset({"ref"})

        ref = models.CharField(max_length=20, blank=True)
        summary = models.TextField(blank=True)
        email = models.EmailField(blank=True)
        slug = models.SlugField(blank=True)
        kind = models.CharField(max_length=20, choices=[("a", "A")], blank=True)
        details = models.JSONField(default=dict)
        count = models.IntegerField(default=0)
        work_telephone = models.CharField(max_length=20, blank=True)

        class Meta:
            app_label = "organisations"

        def __str__(self) -> str:
            return self.ref


def test_which_fields_are_looked_at():
    assert set(guarded_fields(Sketch)) == {"summary", "email", "details", "work_telephone"}


@pytest.mark.parametrize(
    "values",
    [
        {"summary": NHS_NUMBER},
        {"email": "9434765919"},
        {"details": {"deep": [NHS_NUMBER]}},
        {"summary": "B801200005001"},
        {"work_telephone": NHS_NUMBER},
    ],
)
def test_saving_is_refused(values):
    with pytest.raises(IdentifierRefused) as refused:
        Sketch(**values).save()
    assert set(refused.value.message_dict) == set(values)
    with pytest.raises(IdentifierRefused):
        Sketch.objects.create(**values)


def test_what_is_not_refused_goes_on_to_the_database():
    for write in (Sketch(summary="fine").save, lambda: Sketch.objects.update(summary="fine")):
        with pytest.raises(RuntimeError, match="Database access not allowed"):
            write()


def test_bulk_writes_are_refused():
    rows = [Sketch(summary="fine"), Sketch(summary=NHS_NUMBER)]
    with pytest.raises(IdentifierRefused):
        Sketch.objects.bulk_create(iter(rows))
    for number, row in enumerate(rows, start=1):
        row.pk = number
    with pytest.raises(IdentifierRefused):
        Sketch.objects.bulk_update(rows, ["summary"])
    with pytest.raises(IdentifierRefused):
        Sketch.objects.update(summary=NHS_NUMBER)
    with pytest.raises(IdentifierRefused):
        Sketch.objects.filter(count=1).update(count=2, details={"a": NHS_NUMBER})


@pytest.mark.parametrize(
    "values",
    [
        {"ref": NHS_NUMBER},
        {"slug": "9434765919"},
        {"kind": "9434765919"},
        {"work_telephone": "1214960006"},
        {"summary": "Ring the office on 121 496 0006."},
    ],
)
def test_the_rest_is_let_through(values):
    sketch = Sketch(**values)
    sketch.refuse_identifiers()
    assert {name: getattr(sketch, name) for name in values} == values


def test_only_the_fields_that_are_saved_are_looked_at():
    row = Sketch(summary=NHS_NUMBER, email="office@example.org")
    row.refuse_identifiers(only=["email", "count"])
    with pytest.raises(IdentifierRefused):
        row.save(update_fields=["summary"])


def test_fields_left_unloaded_are_not_fetched():
    row = Sketch.from_db("default", ["id", "ref"], [1, "abc"])
    unloaded = row.get_deferred_fields()
    row.refuse_identifiers()
    assert "summary" in unloaded
    assert row.get_deferred_fields() == unloaded


def test_expressions_are_no_text():
    kept = {"summary": models.F("ref"), "count": models.F("count") + 1}
    row = Sketch(**kept)
    row.refuse_identifiers()
    assert vars(row)["summary"] is kept["summary"]


def test_what_turns_the_direction_of_reading_is_left_out_before_saving(monkeypatch):
    stored = []
    monkeypatch.setattr(models.Model, "save", lambda self, **_: stored.append(self.summary))
    monkeypatch.setattr(
        models.QuerySet, "bulk_create", lambda self, rows: stored.extend(r.summary for r in rows)
    )
    monkeypatch.setattr(
        models.QuerySet, "update", lambda self, **values: stored.append(values["summary"])
    )
    turned = "Trust \u202elead\u202c"

    Sketch(summary=turned).save()
    Sketch.objects.bulk_create([Sketch(summary=turned)])
    Sketch.objects.update(summary=turned)

    assert stored == ["Trust lead"] * 3
