"""Gateways as tests need them: of every kind, with every field filled or not, and gone again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
from django.utils import timezone

from contacts.models import Gateway, GatewayType, Place, Region
from organisations.models import Kind, Organisation
from organisations.references import new_ref

ODD_TEXTS = (
    "Children & “families”, 0–19 <b>team</b>",
    "Tîm plant a phobl ifanc – ysgolion",
    "家庭 hub \u200d👩‍⚕️ e\u0301quipe \u2028 line\ttab\nbreak",
    '"; DROP TABLE gateway; -- \\u0000 %s {{ x }}',
    "",
)
ADDRESSES = ("1 High Street, Walsall", "Civic Centre", "", "Unit 4, The Mill, Mill Lane, Ely")
WEBSITES = (
    "https://walsall.example/hub?a=1&b=2#top",
    "http://bücher.example/ä b",
    "https://[::1]:8443/x[1]|y",
    "",
)


@contextmanager
def described(
    superuser: psycopg.Connection[Any], gateways: list[Gateway], meetings: int = 0
) -> Iterator[list[Gateway]]:
    """These gateways in the database, as an import would write them, until the end."""
    Gateway.objects.using("owner").bulk_create(gateways)
    refs = [each.ref for each in gateways]
    try:
        for number in range(1, meetings + 1):
            superuser.execute(
                "INSERT INTO contacts_gatewaymeeting (ref, gateway_id, meets_on, papers_due_on) "
                "SELECT left(md5(ref || %(n)s), 12), id, %(on)s, %(due)s FROM contacts_gateway "
                "WHERE ref = ANY(%(refs)s)",
                {
                    "n": str(number),
                    "refs": refs,
                    "on": timezone.localdate() + timedelta(days=30 * number),
                    "due": timezone.localdate() + timedelta(days=30 * number - 10),
                },
            )
        yield gateways
    finally:
        superuser.execute(
            "DELETE FROM contacts_gatewaymeeting WHERE gateway_id IN "
            "(SELECT id FROM contacts_gateway WHERE ref = ANY(%s))",
            [refs],
        )
        superuser.execute("DELETE FROM contacts_gateway WHERE ref = ANY(%s)", [refs])


def of_every_kind() -> list[Gateway]:
    """One of each kind in three places and one region, each with other fields filled."""
    places = list(Place.objects.order_by("name")[:3])
    walsall = Place.objects.get(council__kind=Kind.COUNCIL, council__code="335")
    areas: list[Place | Region] = [walsall, *places, Region.objects.order_by("name")[0]]
    hosts: list[Organisation | None] = [
        walsall.council,
        Organisation.objects.get(kind=Kind.NHS_TRUST, code="RBK"),
        Organisation.objects.get(kind=Kind.ICB, code="QUA"),
        Organisation.objects.get(kind=Kind.SCHOOL_TRUST, code="5361"),
        Organisation.objects.filter(kind=Kind.SCHOOL).order_by("pk")[0],
        None,
    ]
    kinds = list(GatewayType.objects.order_by("key"))
    return [
        gateway(
            kind,
            area,
            hosts[(row + column) % len(hosts)],
            name="" if row % 2 else f"{kind.name} {ODD_TEXTS[column % 4]}"[:200],
            about=ODD_TEXTS[(row + column) % len(ODD_TEXTS)],
            how_to_reach=ODD_TEXTS[(row + 2 * column) % len(ODD_TEXTS)],
            opening=ODD_TEXTS[(row + 3 * column) % len(ODD_TEXTS)],
            meets="Quarterly, in public" if row % 3 else "",
            website=WEBSITES[(row + column) % len(WEBSITES)],
            email="duty@team.example" if column % 2 else "",
            telephone="01922 000000 ext 5" if row % 4 == 0 else "",
            address=ADDRESSES[(row + column) % len(ADDRESSES)],
            postcode="WS1 1TP" if (row + column) % 2 else "",
            checked_at=timezone.now() if column % 2 else None,
        )
        for row, kind in enumerate(kinds)
        for column, area in enumerate(areas)
    ]


def gateway(
    kind: GatewayType, area: Place | Region, host: Organisation | None = None, **fields: Any
) -> Gateway:
    """One, described just now unless said otherwise; not written yet."""
    return Gateway(
        **{
            "ref": new_ref(),
            "type": kind,
            "place": area if isinstance(area, Place) else None,
            "region": area if isinstance(area, Region) else None,
            "host": host,
            "described_at": timezone.now(),
            **fields,
        }
    )


def yesterday() -> date:
    """The day before today."""
    return timezone.localdate() - timedelta(days=1)
