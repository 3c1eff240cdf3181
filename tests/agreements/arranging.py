"""Agreements of a scene's partnership, written through the services."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from organisations.actor import Actor
from organisations.models import Organisation, Succession
from organisations.tenancy.scope import acting
from partnerships.agreements import papers, services, signing
from partnerships.agreements.library import required_of
from partnerships.agreements.models import Agreement, AgreementVersion, DataPaper, Signature
from partnerships.agreements.selectors import version_of
from partnerships.record.models import Member, MemberState, Partnership
from tests.cast import Cast
from tests.tenancy.world import accept
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


def three_members(scene: Scene) -> None:
    """The council accepts too, so that three organisations have to sign."""
    school, council = scene.cast.school_editor, scene.cast.council_editor
    rows = Member.objects.filter(organisation=scene.cast.organisation("council"))
    with acting(school.scope), transaction.atomic():
        rows.update(state=MemberState.INVITED)
    with acting(council.scope), transaction.atomic():
        accept(rows.get(), by=council)


def names(scene: Scene, agreement: Agreement, part: str, by: str = "", role: str = "Chief") -> None:
    """An organisation names who signs for it; by an editor of its own."""
    actor = scene.cast.actors[by or part]
    with acting(actor.scope), transaction.atomic():
        user = scene.cast.users[part]
        signing.name_signatory(by=actor, agreement=agreement, user=user, role=role)


def signs(scene: Scene, agreement: Agreement, part: str, **more: Any) -> Signature:
    """Somebody signs the newest text, or the version that is given."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        seen = Agreement.objects.select_related("partnership").get(pk=agreement.pk)
        version = version_of(seen)
        values = {"number": version.number, "digest": version.digest, "role": "Chief", **more}
        return signing.sign_agreement(by=by, agreement=seen, **values)


def ready(scene: Scene) -> Agreement:
    """A letter of intent that is ready to sign, with a signatory of each of three members."""
    three_members(scene)
    agreement = started(scene)
    complete(scene, agreement)
    for part in ("school_editor", "health_editor", "council_editor"):
        names(scene, agreement, part)
    moved(scene, agreement, "approval")
    return agreement


def as_it_is(scene: Scene, agreement: Agreement, part: str = "school_editor") -> Agreement:
    """The agreement as it is saved now."""
    with acting(scene.cast.actors[part].scope), transaction.atomic():
        rows = Agreement.objects.select_related("partnership", "signed_version")
        return rows.get(pk=agreement.pk)


def ready_for_two(scene: Scene) -> Agreement:
    """The same for two members: the council is only recorded."""
    agreement = started(scene)
    complete(scene, agreement)
    for part in ("school_editor", "health_editor"):
        names(scene, agreement, part)
    return moved(scene, agreement, "approval")


# The smallest picture there is: one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def a_paper(keeper: Organisation, **more: Any) -> dict[str, Any]:
    """An impact assessment as it is put beside an agreement."""
    values = {
        "kind": "dpia",
        "reference": "DPIA 2026/14",
        "keeper": keeper,
        "dated": date(2026, 6, 1),
        "review_on": date(2027, 12, 1),
        "covers": "How many pupils were seen at drop-ins, by school and term.",
        "address": "https://www.trust.example/dpia-2026-14",
    }
    return {**values, **more}


def papered(
    scene: Scene, agreement: Agreement, part: str = "school_editor", **more: Any
) -> DataPaper:
    """A paper that was just put beside an agreement, kept by the school trust."""
    by = scene.cast.actors[part]
    values = {**a_paper(scene.cast.organisation("school")), **more}
    with acting(by.scope), transaction.atomic():
        return papers.add_data_paper(by=by, agreement=agreement, **values)


def a_copy(name: str = "signed.png", data: bytes = PNG) -> SimpleUploadedFile:
    """A file as a browser sends it, whatever type it says it has."""
    return SimpleUploadedFile(name, data, content_type="application/pdf")


@contextmanager
def a_merger(cast: Cast) -> Iterator[None]:
    """The NHS trust has closed, long enough ago for the database's own clock, and the council took
    over from it; afterwards England is as it was."""
    former, day = cast.organisation("health"), date(2026, 1, 31)
    closing = Organisation.objects.using("owner").filter(pk=former.pk)
    closing.update(closed_on=day)
    made = Succession.objects.using("owner").create(
        predecessor=former,
        successor=cast.organisation("council"),
        happened_on=day + timedelta(days=1),
        nature="merger",
    )
    try:
        yield
    finally:
        made.delete(using="owner")
        closing.update(closed_on=former.closed_on)
