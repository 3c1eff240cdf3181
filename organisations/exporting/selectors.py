"""The exports that somebody asked for; the files themselves are read by `services` alone."""

from __future__ import annotations

from django.http import Http404

from organisations.actor import Actor
from organisations.audit_trail.selectors import ours
from organisations.models import RecordsExport

MOST = 10


def exports_of(actor: Actor) -> list[RecordsExport]:
    """The person's own of the acting organisation, the newest first."""
    rows = RecordsExport.objects.defer("content").filter(
        organisation_id=ours(actor), asked_by_id=actor.user_id
    )
    return list(rows[:MOST])


def export_of(actor: Actor, ref: str) -> RecordsExport:
    """One of them; raises Http404 for anybody else's."""
    found = (
        RecordsExport.objects.defer("content")
        .filter(ref=ref, organisation_id=ours(actor), asked_by_id=actor.user_id)
        .first()
    )
    if found is None:
        raise Http404("no such export, or not this person's")
    return found
