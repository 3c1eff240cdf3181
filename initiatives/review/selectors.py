"""Reading reviews: what is asked of an initiative, what was said, what one saw last.

From the side of whoever acts: for an organisation, or as themselves with a personal grant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from initiatives.plans.models import Initiative, InitiativeGrant
from initiatives.review.models import (
    RequestState,
    ReviewComment,
    ReviewRequest,
    SeenVersion,
    Verdict,
    VerdictKind,
)
from initiatives.review.snapshots import LeadName
from organisations import permissions
from organisations.actor import Actor
from organisations.models import Sector
from organisations.permissions import Permission

RELATED = ("author_organisation", "author", "to_organisation", "to_user", "acknowledged_by")


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where the reviews of an initiative stand."""

    requests: Sequence[ReviewRequest]
    verdicts: Sequence[Verdict]
    revision: int

    @property
    def waiting(self) -> list[ReviewRequest]:
        """The requests that nobody has answered."""
        return [each for each in self.requests if each.is_open]

    @property
    def endorsed(self) -> list[Verdict]:
        """The endorsements, the latest first."""
        return [each for each in self.verdicts if each.kind == VerdictKind.ENDORSED]

    @property
    def changes_requested(self) -> list[Verdict]:
        """The answers that request changes, to the version that is there now."""
        return [
            each
            for each in self.verdicts
            if each.kind == VerdictKind.CHANGES and each.revision == self.revision
        ]


def state_of(actor: Actor, initiative: Initiative) -> ReviewState:
    """Every request that was not withdrawn, and every verdict; two statements."""
    requests = (
        ReviewRequest.objects.filter(initiative=initiative, acl__overlap=[actor.key])
        .exclude(state=RequestState.WITHDRAWN)
        .select_related(*RELATED)
        .order_by("-asked_at", "-id")
    )
    verdicts = Verdict.objects.filter(
        initiative=initiative, acl__overlap=[actor.key]
    ).select_related("organisation", "author")
    return ReviewState(list(requests), list(verdicts), initiative.revision)


def request_of(actor: Actor, initiative: Initiative, ref: str) -> ReviewRequest:
    """One request about an initiative; raises Http404 unless the actor may see it."""
    rows = ReviewRequest.objects.filter(ref=ref, initiative=initiative, acl__overlap=[actor.key])
    found = rows.select_related(*RELATED).first()
    if found is None:
        raise Http404("no such request")
    found.initiative = initiative
    return found


def asked_of(actor: Actor, initiative: Initiative) -> ReviewRequest | None:
    """The open request that the actor may answer, if there is one."""
    rows = ReviewRequest.objects.filter(
        initiative=initiative, acl__overlap=[actor.key], state=RequestState.OPEN
    )
    if actor.organisation_id is None:
        rows = rows.filter(to_user_id=actor.user_id)
    else:
        rows = rows.filter(to_organisation_id=actor.organisation_id)
    found = rows.select_related(*RELATED).first()
    if found is not None:
        found.initiative = initiative
    return found


def comments_of(actor: Actor, initiative: Initiative) -> dict[str, list[ReviewComment]]:
    """What was said, by section, the oldest first; one statement."""
    found: dict[str, list[ReviewComment]] = defaultdict(list)
    rows = ReviewComment.objects.filter(initiative=initiative, acl__overlap=[actor.key])
    for each in rows.select_related("organisation", "author"):
        found[each.section].append(each)
    return found


def leads_of(initiative: Initiative) -> list[LeadName]:
    """Who leads it on each side; for whoever sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tandem.names_of_leads(%s)", [initiative.pk])
        return [LeadName(Sector(side).label, *names) for side, *names in cursor.fetchall()]


def seen_before(actor: Actor, initiative: Initiative) -> SeenVersion | None:
    """What the person saw of it last, before the version that is there now."""
    rows = SeenVersion.objects.filter(
        user_id=actor.user_id, initiative=initiative, revision__lt=initiative.revision
    )
    return rows.order_by("-revision").first()


def grants_of(actor: Actor) -> list[InitiativeGrant]:
    """The initiatives that were shared with a person in their own name, by name; one statement."""
    return list(
        _live()
        .filter(user_id=actor.user_id, content_object__withdrawn_at=None)
        .select_related("content_object__organisation", "given_by")
        .order_by("content_object__name", "pk")
    )


def grants_on(initiative: Initiative) -> list[InitiativeGrant]:
    """Who sees it in their own name; for its members."""
    rows = _live().filter(content_object=initiative)
    return list(rows.select_related("user", "given_by").order_by("given_at", "pk"))


def grant_on(initiative: Initiative, grant_id: int) -> InitiativeGrant:
    """One personal grant on an initiative; raises Http404 when there is none."""
    for each in grants_on(initiative):
        if each.pk == grant_id:
            each.content_object = initiative
            return each
    raise Http404("no such grant")


def granted_initiative(actor: Actor, ref: str) -> Initiative:
    """An initiative that the person holds a grant on; hidden (404, on record) otherwise."""
    found = (
        Initiative.objects.filter(ref=ref, acl__overlap=[actor.key], withdrawn_at=None)
        .select_related("organisation")
        .first()
    )
    permissions.hide_unless(actor, Permission.SEE_INITIATIVE, found)
    assert found is not None
    return found


def _live() -> QuerySet[InitiativeGrant]:
    found: QuerySet[InitiativeGrant] = InitiativeGrant.objects.exclude(ends_at__lte=timezone.now())
    return found
