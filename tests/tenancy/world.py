"""A small world for isolation tests: one partnership, two members, notes of each side, a grant.

Everything is arranged as the roles that serve pages would, in committed transactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import Permission as DjangoPermission
from django.db import transaction
from django.utils import timezone

from contacts.models import Gateway, Person, Posting, WorkDetails
from initiatives.measures.models import Measure, PublishedReading
from initiatives.measures.publisher import raw_readings
from initiatives.plans.models import Initiative, Lead, PlanLine
from initiatives.reflections.models import Reflection
from organisations.actor import Actor
from organisations.models import Delivery, Organisation
from organisations.tenancy.scope import acting
from partnerships.actions.models import Action
from partnerships.agenda.models import AgendaItem
from partnerships.agreements.canonical import fingerprint
from partnerships.agreements.models import Agreement, AgreementVersion
from partnerships.aims.models import AimVersion
from partnerships.conversations.models import Conversation
from partnerships.record.models import (
    Invitation,
    Member,
    MemberState,
    NamedContact,
    Partnership,
    PartnershipGrant,
)
from partnerships.touchpoints.models import Touchpoint
from partnerships.wins.models import Win
from tests.cast import Cast


@dataclass
class World:
    """Ids of what was arranged."""

    cast: Cast
    partnership: Partnership
    health_member: Member
    posting: Posting
    shared: Conversation
    school_note: Conversation
    health_note: Conversation
    touchpoint: Touchpoint
    item: AgendaItem
    action: Action
    agreement: Agreement


def note(by: Actor, partnership: Partnership, *, internal: bool, summary: str) -> Conversation:
    """A conversation logged straight through the model, as one side."""
    return Conversation.objects.create(
        partnership=partnership,
        author_organisation_id=by.organisation_id,
        author_id=by.user_id,
        kind="meeting",
        held_on=date(2026, 11, 2),
        summary=summary,
        internal=internal,
    )


def walsall_board() -> Gateway:
    """The health and wellbeing board of Walsall, one of the gateways that every place has."""
    return Gateway.objects.get(place__council__code="335", type__key="hwb")


def arrange(cast: Cast) -> World:
    """A partnership of the school trust that the NHS trust has accepted."""
    school, health = cast.school_editor, cast.health_editor
    health_organisation: Organisation = cast.organisation("health")
    with acting(school.scope), transaction.atomic():
        partnership = Partnership.objects.create(
            owner_id=school.organisation_id, name="Health hub", opened_by_id=school.user_id
        )
        Member.objects.create(
            partnership=partnership,
            organisation_id=school.organisation_id,
            side="school",
            state=MemberState.ACCEPTED,
        )
        member = Member.objects.create(
            partnership=partnership, organisation=health_organisation, side="health"
        )
        person = Person.objects.create(
            name="Community manager", recorded_by_id=school.organisation_id
        )
        posting = Posting.objects.create(
            person=person,
            organisation=health_organisation,
            job_title="Community manager",
            recorded_by_id=school.organisation_id,
        )
        WorkDetails.objects.create(posting=posting, email="community@health.example")
        NamedContact.objects.create(
            partnership=partnership,
            organisation=health_organisation,
            posting=posting,
            function="named",
            recorded_by_id=school.organisation_id,
        )
        Invitation.objects.create(
            partnership=partnership,
            partnership_name=partnership.name,
            from_organisation_id=school.organisation_id,
            to_organisation=health_organisation,
            email="community@health.example",
            invited_by_id=school.user_id,
            expires_at=timezone.now() + timedelta(days=14),
        )
        Member.objects.filter(pk=member.pk).update(state=MemberState.INVITED)
        school_note = note(school, partnership, internal=True, summary="School side only")
        shared = note(school, partnership, internal=False, summary="Both sides")
        touchpoint = Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
            kind="update",
            starts_at=timezone.now() + timedelta(days=7),
        )
        item = AgendaItem.objects.create(
            partnership=partnership,
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
            gateway=walsall_board(),
            title="Health visitors in nurseries",
        )
        action = Action.objects.create(
            partnership=partnership,
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
            owner_organisation=health_organisation,
            owner_posting=posting,
            title="Send the dates of the drop-in sessions",
        )
        agreement = Agreement.objects.create(
            partnership=partnership,
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
            kind="mou",
        )
        AgreementVersion.objects.create(
            agreement=agreement,
            partnership=partnership,
            number=1,
            title="Health hub at the school",
            text="Health hub at the school",
            digest=fingerprint("Health hub at the school"),
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
        )
        AimVersion.objects.create(
            partnership=partnership,
            number=1,
            aim="A school nurse within a half term",
            text="A school nurse within a half term",
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
        )
        Win.objects.create(
            partnership=partnership,
            line="The first drop-in was full",
            happened_on=date(2026, 9, 1),
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
        )
        initiative = Initiative.objects.create(
            partnership=partnership,
            organisation_id=school.organisation_id,
            author_id=school.user_id,
            name="Drop-in before lessons",
            strand="prevention",
            aim="Pupils can talk to somebody",
        )
        PlanLine.objects.create(
            initiative=initiative, partnership=partnership, kind="need", words="A room"
        )
        Lead.objects.create(
            initiative=initiative,
            partnership=partnership,
            side="school",
            organisation_id=school.organisation_id,
            user_id=school.user_id,
        )
        Reflection.objects.create(
            initiative=initiative,
            partnership=partnership,
            author_organisation_id=school.organisation_id,
            author_id=school.user_id,
            occasion="closing",
            went_well="Pupils came back",
            reflected_on=date(2026, 11, 2),
        )
        measure = Measure.objects.create(
            initiative=initiative,
            partnership=partnership,
            organisation_id=school.organisation_id,
            owner_id=school.user_id,
            name="Pupils reached",
            unit="count",
            direction="up",
            level="output",
            period="month",
        )
        with raw_readings(measure):
            PublishedReading.objects.create(
                measure=measure,
                initiative=initiative,
                partnership=partnership,
                organisation_id=school.organisation_id,
                starts_on=date(2026, 10, 1),
                ends_on=date(2026, 10, 31),
                number_status="masked",
            )
        Delivery.objects.create(
            kind="action_given",
            subject=action.ref,
            recipient="community@health.example",
            organisation_id=school.organisation_id,
        )
        Delivery.objects.create(
            kind="touchpoint_invitation",
            subject=touchpoint.ref,
            recipient="community@health.example",
            organisation_id=school.organisation_id,
        )
    with acting(health.scope), transaction.atomic():
        accept(member, by=health)
        health_note = note(health, partnership, internal=True, summary="Health side only")
    notes = (shared, school_note, health_note)
    return World(cast, partnership, member, posting, *notes, touchpoint, item, action, agreement)


def accept(member: Member, *, by: Actor) -> None:
    """The invited organisation accepts."""
    Member.objects.filter(pk=member.pk).update(
        state=MemberState.ACCEPTED, answered_at=timezone.now(), answered_by_id=by.user_id
    )


def leave(member: Member, *, by: Actor) -> None:
    """A member leaves."""
    Member.objects.filter(pk=member.pk).update(
        state=MemberState.LEFT, answered_at=timezone.now(), answered_by_id=by.user_id
    )


def grant(world: World, part: str) -> None:
    """A manager of the owner gives one person a personal grant on the partnership."""
    with acting(world.cast.school_manager.scope), transaction.atomic():
        PartnershipGrant.objects.create(
            content_object=world.partnership,
            user=world.cast.users[part],
            permission=DjangoPermission.objects.get(codename="view_partnership"),
        )
