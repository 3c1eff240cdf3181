"""Arranging a region's directory for tests: its admin, and contacts in every state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
from django.db import transaction
from django.test import Client
from django.utils import timezone

from contacts import directory_services
from contacts.gateways.services import add_meetings
from contacts.keeping.services import merge_postings, offer_transfer, report_posting
from contacts.models import Gateway, GatewayMeeting, Merge, Posting, Region, Report, RoleType
from contacts.regions.services import give_region
from contacts.services import record_posting
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from partnerships.record.models import NamedContact
from partnerships.record.services import name_contact
from tests.cast import Cast
from tests.record.arranging import acting_as, shared

Super = psycopg.Connection[Any]
ROLE = "strategy_director"
SOMEBODY = {
    "name": "Strategy director",
    "job_title": "Director of strategy",
    "email": "strategy@health.example",
    "telephone": "01922 000000",
    "source": "the trust’s website",
}


def region_of(cast: Cast) -> Region:
    """The region that the cast's organisations lie in."""
    found: Region = cast.organisation("icb").region
    return found


def other_region() -> Region:
    """One that none of the cast's organisations lies in."""
    return Region.objects.select_related("icb").get(slug="devon")


def admin_of(cast: Cast, part: str = "nobody", region: Region | None = None) -> Actor:
    """Somebody who manages a region from now on, as themselves."""
    region = region or region_of(cast)
    with acting(cast.operator.scope), transaction.atomic():
        give_region(by=cast.operator, region=region, email=cast.users[part].email)
    return Actor(cast.users[part].pk)


def listed(cast: Cast, by: Actor, organisation: str = "health", **given: Any) -> Posting:
    """Somebody recorded in the region's directory."""
    region = given.pop("region", None) or region_of(cast)
    with acting_as(by):
        return directory_services.list_posting(
            by=by,
            region=region,
            organisation=cast.organisation(organisation),
            **{**SOMEBODY, **given},
        )


def private(cast: Cast, **given: str) -> Posting:
    """Somebody whom the school trust keeps for itself."""
    with acting_as(cast.school_editor) as by:
        return record_posting(
            by=by, organisation=cast.organisation("health"), **{**SOMEBODY, **given}
        )


def offered(cast: Cast) -> Posting:
    """The same, offered to the directory of the region."""
    posting = private(cast)
    with acting_as(cast.school_editor) as by:
        return directory_services.offer_posting(by=by, posting=posting, region=region_of(cast))


def reported(cast: Cast, posting: Posting, part: str = "school_viewer") -> Report:
    """What somebody says is wrong with a contact."""
    with acting_as(cast.actors[part]) as by:
        return report_posting(by=by, posting=posting, kind="left", note="Their mail comes back")


def named_in(cast: Cast, posting: Posting, function: str = "named") -> NamedContact:
    """The contact of the NHS trust in a partnership that it shares with the school trust."""
    partnership = shared(cast)
    with acting_as(cast.health_editor) as by:
        return name_contact(
            by=by,
            partnership=partnership,
            organisation=cast.organisation("health"),
            function=function,
            posting=posting,
        )


def role(key: str) -> RoleType:
    return RoleType.objects.get(key=key)


def again(by: Actor, posting: Posting) -> Posting:
    """A posting as somebody reads it now. Raises DoesNotExist where they do not see it."""
    with acting_as(by):
        return Posting.objects.select_related("person", "region", "organisation").get(pk=posting.pk)


def checked_long_ago(superuser: Super, posting: Posting, days: int = 400) -> None:
    superuser.execute(
        "UPDATE contacts_posting SET checked_at = %s, checked_by = 'person' WHERE id = %s",
        [timezone.now() - timedelta(days=days), posting.pk],
    )


def mark(superuser: Super, posting: Posting, column: str) -> None:
    """`bounced_at` or `disputed_at`, since an hour."""
    superuser.execute(
        f"UPDATE contacts_posting SET {column} = now() - interval '1 hour' WHERE id = %s",
        [posting.pk],
    )


def walsall_board() -> Gateway:
    """The health and wellbeing board of Walsall."""
    return Gateway.objects.select_related("type", "place").get(
        type__key="hwb", place__name="Walsall"
    )


def meeting(cast: Cast, by: Actor) -> GatewayMeeting:
    """A meeting of that board, in a month."""
    day = timezone.localdate() + timedelta(days=30)
    gateway = walsall_board()
    with acting_as(by):
        add_meetings(
            by=by, region=region_of(cast), gateway=gateway, meetings=[(day, day - timedelta(10))]
        )
        return GatewayMeeting.objects.get()


def whole_directory(cast: Cast, by: Actor) -> tuple[Posting, Posting, Report, Posting, Merge]:
    """Somebody listed, somebody alike, a report, somebody another region passes on, a merge."""
    first, alike = listed(cast, by), listed(cast, by)
    operator, elsewhere = cast.operator, cast.users["health_manager"]
    report = reported(cast, first, "school_editor")
    with acting(operator.scope), transaction.atomic():
        give_region(by=operator, region=other_region(), email=elsewhere.email)
    other = Actor(elsewhere.pk)
    transferred = listed(cast, other, region=other_region(), email="other@health.example")
    with acting_as(other):
        offer_transfer(by=other, posting=transferred, region=region_of(cast))
    one, two = (listed(cast, by, name=name, email=f"{name}@x.example") for name in ("One", "Two"))
    with acting_as(by):
        merge = merge_postings(by=by, kept=one, folded=two)
    return first, alike, report, transferred, merge


def admins_client(cast: Cast) -> Client:
    return cast.client("nobody")
