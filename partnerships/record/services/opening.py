"""Opening a partnership, and adding further organisations to it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calendars.london import day_in_words, today
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Kind, Organisation, School, Succession
from organisations.permissions import Permission
from organisations.visible_text import says_something
from partnerships.record.models import Member, MemberState, Partnership

LONGEST_NAME = 120
LONGEST_PURPOSE = 1000


@transaction.atomic
def open_partnership(*, by: Actor, name: str, purpose: str, partner: Organisation) -> Partnership:
    """Open a partnership with `partner`, which need not have joined Tandem.

    The actor's organisation owns it and is a member at once; the partner is recorded and
    sees nothing until it has been invited and has accepted. Raises ValidationError for a
    partner that cannot be one (see `refuse_partner`) and for a name that is missing or too
    long, keyed by field.
    """
    permissions.require(by, Permission.OPEN_PARTNERSHIP)
    assert by.organisation is not None
    refuse_partner(by=by, partner=partner)
    name, purpose = checked(name=name, purpose=purpose)
    now = timezone.now()
    partnership = Partnership.objects.create(
        owner_id=by.organisation.id, name=name, purpose=purpose, opened_by_id=by.user_id
    )
    Member.objects.create(
        partnership=partnership,
        organisation_id=by.organisation.id,
        side=by.organisation.sector,
        state=MemberState.ACCEPTED,
        answered_at=now,
        answered_by_id=by.user_id,
    )
    Member.objects.create(partnership=partnership, organisation=partner, side=partner.sector)
    audit.record(
        "partnership opened", by=by, obj=partnership, changes={"partner": [None, partner.pk]}
    )
    return partnership


@transaction.atomic
def add_partner(*, by: Actor, partnership: Partnership, partner: Organisation) -> Member:
    """Record one more organisation in a partnership that the actor's organisation opened.

    Raises ValidationError for a partner that cannot be one, or is in it already.
    """
    permissions.require(by, Permission.CHANGE_PARTNERSHIP, partnership)
    refuse_partner(by=by, partner=partner)
    try:
        with transaction.atomic():
            member = Member.objects.create(
                partnership=partnership, organisation=partner, side=partner.sector
            )
    except IntegrityError:
        raise ValidationError(f"{partner.name} is already in this partnership.") from None
    audit.record("organisation added", by=by, obj=member)
    return member


def refuse_partner(*, by: Actor, partner: Organisation) -> None:
    """Raise ValidationError, saying whom to choose instead, for one that cannot be a partner.

    The actor's own organisation, its schools, a school that belongs to a trust (the trust
    speaks for it), and an organisation that has closed.
    """
    if partner.pk == by.organisation_id:
        raise ValidationError(
            "This is your own organisation. Choose the organisation you want to work with.",
            code="itself",
        )
    if partner.closed_on is not None and partner.closed_on <= today():
        raise ValidationError(_closed(partner), code="closed")
    if partner.kind != Kind.SCHOOL:
        return
    school = School.objects.select_related("trust").filter(organisation=partner).first()
    if school is None or school.trust is None:
        return
    if school.trust_id == by.organisation_id:
        raise ValidationError(
            f"{partner.name} is one of your own schools. "
            "Choose the organisation you want to work with.",
            code="own_school",
        )
    raise ValidationError(
        f"{partner.name} belongs to {school.trust.name}. "
        f"Open the partnership with {school.trust.name}, which speaks for its schools.",
        code="in_trust",
    )


def _closed(partner: Organisation) -> str:
    assert partner.closed_on is not None
    took_over = list(
        Succession.objects.filter(predecessor=partner)
        .order_by("successor__name")
        .values_list("successor__name", flat=True)[:3]
    )
    if not took_over:
        advice = "Choose an organisation that is open."
    else:
        advice = f"Choose {' or '.join(took_over)}, which took over from it."
    return f"{partner.name} closed on {day_in_words(partner.closed_on)}. {advice}"


def checked(*, name: str, purpose: str) -> tuple[str, str]:
    """Both texts as they are kept; raises ValidationError, keyed by field."""
    name, purpose = " ".join(name.split()), purpose.strip()
    problems = {}
    if not says_something(name):
        problems["name"] = "Enter a name for the partnership"
    elif len(name) > LONGEST_NAME:
        problems["name"] = f"The name must be {LONGEST_NAME} characters or fewer"
    if len(purpose) > LONGEST_PURPOSE:
        problems["purpose"] = f"What it is for must be {LONGEST_PURPOSE:,} characters or fewer"
    if problems:
        raise ValidationError(problems)
    return name, purpose
