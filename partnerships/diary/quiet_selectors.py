"""Reading quiet periods, from the acting organisation's side, with who has agreed."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from calendars.london import today
from organisations.actor import Actor
from organisations.permissions import Hidden
from partnerships.diary.agreement import Agreement, agreements
from partnerships.diary.models import QuietAnswer, QuietPeriod
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.record.selectors.partnership import ours

MOST_COMING = 20
MOST_PAST = 50


def coming_periods(actor: Actor, partnership: Partnership) -> list[Agreement]:
    """Those of a partnership that are not over and not withdrawn, the first first."""
    rows = _of(actor, partnership).filter(ends_on__gte=today(), withdrawn_at=None)
    return agreements(list(rows[:MOST_COMING]))


def earlier_periods(actor: Actor, partnership: Partnership) -> list[Agreement]:
    """Those that are over or withdrawn, the latest first."""
    rows = _of(actor, partnership).exclude(ends_on__gte=today(), withdrawn_at=None)
    return agreements(list(rows.order_by("-starts_on", "-id")[:MOST_PAST]))


def period_of(actor: Actor, partnership: Partnership, ref: str) -> QuietPeriod:
    """One quiet period of a partnership; raises Hidden unless the actor may see it."""
    found = _of(actor, partnership).filter(ref=ref).first()
    if found is None:
        raise Hidden("see a quiet period")
    found.partnership = partnership
    return found


def waiting_for_us(actor: Actor, limit: int = 5) -> list[QuietPeriod]:
    """Proposals that wait for the acting organisation's answer, the first days first."""
    asked = Member.objects.annotate(since=Coalesce(F("answered_at"), F("added_at"))).filter(
        partnership=OuterRef("partnership"),
        organisation_id=ours(actor),
        state=MemberState.ACCEPTED,
        since__lte=OuterRef("created_at"),
    )
    answered = QuietAnswer.objects.filter(period=OuterRef("pk"), organisation_id=ours(actor))
    rows = _seen_by(actor).filter(
        Exists(asked),
        ~Exists(answered),
        ends_on__gte=today(),
        withdrawn_at=None,
        partnership__closed_at=None,
        author_organisation__left_at=None,
    )
    return list(rows.exclude(author_organisation_id=ours(actor))[:limit])


def _of(actor: Actor, partnership: Partnership) -> QuerySet[QuietPeriod]:
    return _seen_by(actor).filter(partnership=partnership)


def _seen_by(actor: Actor) -> QuerySet[QuietPeriod]:
    return QuietPeriod.objects.filter(acl__overlap=[actor.key]).select_related(
        "partnership", "author", "author_organisation"
    )
