"""Of which initiatives and requests the permissions hold. The roles are data elsewhere."""

from __future__ import annotations

from django.db import connection

from initiatives.plans import grants
from initiatives.plans.models import Initiative
from initiatives.plans.permissions import of_its_planners
from initiatives.review.models import RequestState, ReviewRequest
from organisations import permissions
from organisations.actor import Actor
from organisations.permissions import Permission


def of_ones_plans(actor: Actor, initiative: Initiative) -> bool:
    """Whoever plans an initiative asks for its review, while the partnership is open."""
    return of_its_planners(actor, initiative) and initiative.partnership.closed_at is None


def of_any_member(actor: Actor, initiative: Initiative) -> bool:
    """Any member comments, so that whoever plans it can reply."""
    return (
        permissions.holds_key(actor, initiative)
        and initiative.withdrawn_at is None
        and initiative.partnership.closed_at is None
    )


def of_those_asked(actor: Actor, request: ReviewRequest) -> bool:
    """The organisation asked, while the request is open."""
    return (
        request.is_open
        and request.to_organisation_id is not None
        and request.to_organisation_id == actor.organisation_id
        and permissions.holds_key(actor, request)
        and request.initiative.withdrawn_at is None
        and request.initiative.partnership.closed_at is None
    )


def of_the_person_asked(actor: Actor, request: ReviewRequest) -> bool:
    """The person asked, while the request is open and their grant lives."""
    return (
        request.is_open
        and request.to_user_id == actor.user_id
        and grants.may_see(actor, request.initiative)
        and goes_on(request.initiative)
    )


def of_a_person_once_asked(actor: Actor, initiative: Initiative) -> bool:
    """A person asked goes on commenting after their answer, while their grant lives."""
    return (
        grants.may_see(actor, initiative) and was_asked(actor, initiative) and goes_on(initiative)
    )


def was_asked(actor: Actor, initiative: Initiative) -> bool:
    """Whether the acting organisation, or the person as themselves, was ever asked."""
    rows = ReviewRequest.objects.filter(initiative=initiative, acl__overlap=[actor.key])
    if actor.organisation_id is None:
        rows = rows.filter(to_user_id=actor.user_id)
    else:
        rows = rows.filter(to_organisation_id=actor.organisation_id)
    return rows.exclude(state=RequestState.WITHDRAWN).exists()


def goes_on(initiative: Initiative) -> bool:
    """Whether it was not withdrawn and its partnership is open; for somebody who does not see the
    partnership."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem.initiative_is_open(%s, %s)", [initiative.pk, initiative.partnership_id]
        )
        return bool(cursor.fetchone()[0])


permissions.rule(Permission.ASK_FOR_REVIEW, of_ones_plans)
permissions.rule(Permission.COMMENT_ON_INITIATIVE, of_any_member)
permissions.rule(Permission.REVIEW_INITIATIVE, of_those_asked)
permissions.grant_rule(Permission.COMMENT_ON_INITIATIVE, of_a_person_once_asked)
permissions.grant_rule(Permission.REVIEW_INITIATIVE, of_the_person_asked)
