"""Claims of a trust's schools, for tests."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from contacts.claims import services
from contacts.models import Claim
from organisations.models import Organisation
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.contacts.official import downloads as of

# Open schools that the data Tandem came with shows in no trust.
FREE = ("100000", "100001")


def extract(trust: str, *urns: str) -> bytes:
    """An extract with these schools in a trust, one that is in another, and one that is closed."""
    mine = {"Trusts (code)": trust, "Trusts (name)": "OUR TRUST"}
    rows = [of.school(urn, f"School {urn}", **mine) for urn in urns]
    rows.append(of.school("100005", "Of another", **{"Trusts (code)": "990009"}))
    rows.append(of.school("100008", "Closed", **mine, **{"EstablishmentStatus (code)": "2"}))
    return of.table(of.COLUMNS, rows)


def trust_of(cast: Cast) -> Organisation:
    """The trust of the cast."""
    return cast.organisation("school")


def upload(cast: Cast, *urns: str) -> SimpleUploadedFile:
    """An extract of the cast's trust."""
    return SimpleUploadedFile("extract.csv", extract(trust_of(cast).code, *urns))


def drafted(cast: Cast, *urns: str) -> Claim:
    """A claim that is not sent yet."""
    with acting(cast.school_manager.scope), transaction.atomic():
        return services.draft_claim(by=cast.school_manager, upload=upload(cast, *(urns or FREE)))


def sent(cast: Cast, *urns: str) -> Claim:
    """A claim that an operator is to decide."""
    claim = drafted(cast, *urns)
    with acting(cast.school_manager.scope), transaction.atomic():
        services.send_claim(by=cast.school_manager, claim=claim)
    return claim
