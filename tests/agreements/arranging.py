"""Agreements of a scene's partnership, written through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.agreements import services
from partnerships.agreements.library import required_of
from partnerships.agreements.models import Agreement, AgreementVersion
from partnerships.agreements.selectors import version_of
from partnerships.record.models import Partnership
from tests.touchpoints.scene import Scene

DATES = {
    "starts_on": date(2027, 2, 1),
    "review_on": date(2028, 2, 1),
    "expires_on": date(2030, 1, 31),
}
FACTS = {"clinical": False, "on_site": True}
TITLE = "Health hub at the school"


def started(scene: Scene, part: str = "school_editor", **more: Any) -> Agreement:
    """An agreement that was just started, in a committed transaction."""
    by = scene.cast.actors[part]
    values = {"kind": "letter_of_intent", "title": TITLE, "dates": DATES, **more}
    with acting(by.scope), transaction.atomic():
        return services.start_agreement(by=by, partnership=scene.partnership, **values)


def half_written(by: Actor, partnership: Partnership) -> Agreement:
    """A memorandum with a first clause in its second version; for a scope that is open."""
    agreement = services.start_agreement(
        by=by, partnership=partnership, kind="mou", title=TITLE, dates=DATES
    )
    text = "Pupils are seen at school by the school nurse, in their own time."
    services.change_clause(by=by, agreement=agreement, key="purpose", text=text, based_on=1)
    agreement.refresh_from_db()
    return agreement


def wrote(
    scene: Scene,
    agreement: Agreement,
    key: str,
    text: str,
    part: str = "school_editor",
    **more: Any,
) -> AgreementVersion:
    """Somebody writes a clause upon the newest version, or upon `based_on`."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        seen = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        based_on = more.get("based_on", seen.revision)
        return services.change_clause(by=by, agreement=seen, key=key, text=text, based_on=based_on)


def complete(scene: Scene, agreement: Agreement) -> None:
    """Write whatever clause is required and missing."""
    for clause in required_of(agreement.kind, [name for name, holds in FACTS.items() if holds]):
        if not newest(scene, agreement).text_of(clause.key):
            wrote(scene, agreement, clause.key, f"What we agree about: {clause.name}.")


def moved(scene: Scene, agreement: Agreement, stage: str, part: str = "school_editor") -> Agreement:
    """Somebody says how far it is."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return services.move_stage(by=by, agreement=agreement, stage=stage)


def newest(scene: Scene, agreement: Agreement, part: str = "school_editor") -> AgreementVersion:
    """The newest version as somebody sees it now."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        found = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        return version_of(found)
