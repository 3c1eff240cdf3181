"""Two contacts of a region that are one: merged, and taken apart again."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contacts.directory_services import require_admin
from contacts.keeping import followers
from contacts.models import Listing, Merge, Posting, Report, ReportState
from organisations import audit, permissions
from organisations.actor import Actor
from organisations.permissions import Permission


@transaction.atomic
def merge_postings(*, by: Actor, kept: Posting, folded: Posting) -> Merge:
    """Let one contact live on in another of the same organisation and region.

    Deputies, open reports and places in partnerships pass on to `kept`; `folded` has ended and
    is kept, so that this can be undone. Raises ValidationError where they are not two contacts
    in post at one organisation in one region.
    """
    require_admin(by, kept)
    require_admin(by, folded)
    if kept.pk == folded.pk:
        raise ValidationError("Choose two different contacts")
    if kept.region_id != folded.region_id or kept.organisation_id != folded.organisation_id:
        raise ValidationError("Only contacts at the same organisation can be merged")
    for each in (kept, folded):
        if each.listing != Listing.LISTED or each.ended_on is not None:
            raise ValidationError(f"{each.person.name} is no longer in post")
    assert kept.region is not None
    merge = Merge.objects.create(
        region=kept.region,
        kept=kept,
        folded=folded,
        moved=_move(kept, folded),
        done_by_id=by.user_id,
    )
    merge.places = followers.move_places(merge)
    merge.save(update_fields=["places"])
    folded.ended_on, folded.merged_into = _last_day(folded), kept
    folded.save(update_fields=["ended_on", "merged_into"])
    audit.record("contact merged", by=by, obj=folded, changes={"posting": [folded.pk, kept.pk]})
    audit.record("contact merged", by=by, obj=kept, changes={"posting": [folded.pk, kept.pk]})
    return merge


def _last_day(posting: Posting) -> date:
    """Yesterday: from now on nobody finds it."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return max(yesterday, posting.started_on) if posting.started_on else yesterday


def _move(kept: Posting, folded: Posting) -> dict[str, list[int]]:
    """Pass on what points at the folded one in the directory; says what it was."""
    deputised = Posting.objects.filter(region=kept.region, deputy=folded).exclude(pk=kept.pk)
    deputies = list(deputised.values_list("pk", flat=True))
    Posting.objects.filter(pk__in=deputies).update(deputy=kept)
    said_of_kept = Report.objects.filter(posting=kept, state=ReportState.OPEN)
    reported = Report.objects.filter(posting=folded, state=ReportState.OPEN).exclude(
        organisation__in=said_of_kept.values("organisation")
    )
    reports = list(reported.values_list("pk", flat=True))
    Report.objects.filter(pk__in=reports).update(posting=kept)
    return {"deputies": deputies, "reports": reports}


@transaction.atomic
def undo_merge(*, by: Actor, merge: Merge) -> None:
    """Take two contacts apart again, each with what it had.

    Raises ValidationError when something that came later depends on the merge: one of them was
    merged again, has left or moved to another region, or somebody has been named since.
    """
    permissions.require(by, Permission.MANAGE_REGION, merge.region)
    held = Merge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at is not None:
        raise ValidationError("This has been undone already")
    kept = Posting.objects.filter(pk=held.kept_id, region=held.region_id, ended_on=None).first()
    folded = Posting.objects.filter(pk=held.folded_id, merged_into=held.kept_id).first()
    if kept is None or folded is None:
        raise ValidationError("The contact has left or moved on since, so this stays as it is")
    if not followers.move_places_back(held):
        raise ValidationError(
            "Somebody has been named in a partnership since, so this stays as it is"
        )
    Posting.objects.filter(pk__in=held.moved["deputies"], deputy=kept).update(deputy=folded)
    Report.objects.filter(pk__in=held.moved["reports"], posting=kept).update(posting=folded)
    folded.ended_on, folded.merged_into = None, None
    folded.save(update_fields=["ended_on", "merged_into"])
    held.undone_at = timezone.now()
    held.save(update_fields=["undone_at"])
    audit.record("merge undone", by=by, obj=folded, changes={"posting": [kept.pk, folded.pk]})
    audit.record("merge undone", by=by, obj=kept, changes={"posting": [kept.pk, folded.pk]})
