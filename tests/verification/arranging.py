"""A region with an admin and people in its directory, and a clock that stands before a school year.

The database's functions are told the time, so travelling with Python's clock is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import transaction

from contacts.directory_services import list_posting
from contacts.models import Posting, Region
from contacts.regions.services import give_region
from contacts.verification.links import FoundLetter, find, token_of
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.cast import Cast

NOW = datetime(2027, 9, 1, 8, 0, tzinfo=UTC)
Super = psycopg.Connection[Any]


@dataclass
class Directory:
    """The board's region, kept by "nobody" of the cast, who belongs to no organisation."""

    cast: Cast
    superuser: Super
    region: Region
    admin: Actor
    number: int = field(default=0)

    def lists(self, email: str = "", organisation: str = "health", **more: Any) -> Posting:
        """Somebody new in the directory."""
        self.number += 1
        given = {
            "name": f"Lead number {self.number}",
            "job_title": "School nursing lead",
            "source": "The trust’s web page",
            **more,
        }
        with acting(self.admin.scope), transaction.atomic():
            return list_posting(
                by=self.admin,
                region=self.region,
                organisation=self.cast.organisation(organisation),
                email=email or f"lead-{self.number}@health.example",
                **given,
            )

    def again(self, posting: Posting) -> Posting:
        """The posting as its region's admin sees it now."""
        with acting(self.admin.scope), transaction.atomic():
            return Posting.objects.select_related("person", "details").get(pk=posting.pk)

    def letters(self, posting: Posting | None = None, kind: str = "") -> list[dict[str, Any]]:
        """The letters there are, oldest first, seen behind everyone's back."""
        rows = self.superuser.execute(
            "SELECT ref, kind, recipient, posting_id, expires_at, handed_on_at, bounced_at "
            "FROM contacts_letter ORDER BY id"
        ).fetchall()
        names = (
            "ref", "kind", "recipient", "posting_id", "expires_at", "handed_on_at", "bounced_at"
        )  # fmt: skip
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [
            each
            for each in found
            if (posting is None or each["posting_id"] == posting.pk)
            and (not kind or each["kind"] == kind)
        ]

    def kinds(self, posting: Posting | None = None) -> list[str]:
        """The kinds of those letters."""
        return [each["kind"] for each in self.letters(posting)]

    def token(self, posting: Posting | None = None, kind: str = "check") -> str:
        """The token in the latest of them."""
        return token_of(self.letters(posting, kind)[-1]["ref"])

    def letter(self, posting: Posting | None = None, kind: str = "check") -> FoundLetter:
        """What its link opens."""
        found = find(self.token(posting, kind))
        assert found is not None
        return found

    def check(self, posting: Posting) -> tuple[int, str]:
        """How far the latest check of a posting has got, and how it ended."""
        row = self.superuser.execute(
            "SELECT step, outcome FROM contacts_check WHERE posting_id = %s "
            "ORDER BY id DESC LIMIT 1",
            [posting.pk],
        ).fetchone()
        assert row is not None
        return row[0], row[1]


def arrange(cast: Cast, superuser: Super) -> Directory:
    """Give the region to its admin."""
    region = cast.organisation("icb").region
    with acting(cast.operator.scope), transaction.atomic():
        give_region(by=cast.operator, region=region, email=cast.users["nobody"].email)
    superuser.execute("DELETE FROM organisations_delivery")  # the e-mail that says so
    return Directory(cast, superuser, region, cast.nobody)
