"""What the database itself refuses about agreements, driven as the role that serves pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.agreements.models import Agreement, AgreementVersion
from tests.agreements.arranging import started, wrote
from tests.touchpoints.scene import Scene

Write = Callable[[Scene, Actor, Agreement], int]


def attempt(by: Actor, write: Callable[[], int]) -> bool:
    """Whether a write, tried in its own transaction, changed anything."""
    try:
        with acting(by.scope), transaction.atomic():
            return write() > 0
    except DatabaseError:
        return False


def another(scene: Scene, by: Actor, agreement: Agreement, **values: Any) -> int:
    """A version that fits, but for what is given."""
    first = AgreementVersion.objects.filter(agreement_id=agreement.pk).order_by("number").first()
    kept = {
        name: getattr(first, name) if first else ""
        for name in ("title", "text", "digest", "missing", "clauses")
    }
    AgreementVersion.objects.create(
        **{
            "agreement_id": agreement.pk,
            "partnership_id": scene.partnership.pk,
            "number": 2,
            "author_organisation_id": by.organisation_id,
            "author_id": by.user_id,
            **kept,
            **values,
        }
    )
    return 1


def update(agreement: Agreement, **values: Any) -> int:
    return Agreement.objects.filter(pk=agreement.pk).update(**values)


MEMBERS = {"school_editor", "health_editor"}
WRITES: dict[str, tuple[Write, set[str]]] = {
    "add the next version": (another, MEMBERS),
    "leave a number out": (lambda s, by, a: another(s, by, a, number=4), set()),
    "give a false fingerprint": (lambda s, by, a: another(s, by, a, digest="0" * 64), set()),
    "add one in another's name": (
        lambda s, by, a: another(s, by, a, author_id=s.cast.users["school_manager"].pk),
        set(),
    ),
    "move on": (lambda s, by, a: update(a, stage="with_partner"), MEMBERS),
    "call it ready": (lambda s, by, a: update(a, stage="approval"), set()),
    "call it signed": (lambda s, by, a: update(a, stage="signed"), set()),
    "point to no version": (lambda s, by, a: update(a, revision=7), set()),
    "change what it is": (lambda s, by, a: update(a, kind="dsa"), set()),
    "reword a version": (
        lambda s, by, a: AgreementVersion.objects.filter(agreement_id=a.pk).update(title="Other"),
        set(),
    ),
    "remove a version": (
        lambda s, by, a: AgreementVersion.objects.filter(agreement_id=a.pk)._raw_delete("default"),
        set(),
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_who_may_write_what(name: str, scene: Scene) -> None:
    write, may = WRITES[name]
    for part in ("school_editor", "health_editor", "council_editor", "stranger"):
        agreement = started(scene)
        by = scene.cast.actors[part]
        assert attempt(by, lambda b=by, a=agreement: write(scene, b, a)) is (part in may), part


def test_not_even_the_superuser_rewords_a_version(scene: Scene, superuser: Any) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", "Other")
    for statement in (
        "UPDATE agreements_agreementversion SET text = 'Something else'",
        "DELETE FROM agreements_agreementversion",
    ):
        with pytest.raises(Exception, match="kept as it was"):
            superuser.execute(statement)
