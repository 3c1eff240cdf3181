"""Gateways of a region in words and tables."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from contacts.models import Gateway, GatewayMeeting, Region
from frontend.components import Column, Component, link, table, tag
from frontend.lists import Row, summary_list
from frontend.wording import date_words, relative_days, safe_url, short_date


def gateways_table(region: Region, gateways: Iterable[Gateway]) -> Component:
    """A list of gateways, each with what it needs."""
    rows = [
        [
            link(
                each.name or each.type.name,
                reverse("region-gateway", args=[region.slug, each.ref]),
                hidden="" if each.name else f"in {each.area}",
            ),
            str(each.area),
            tag("Described", "green")
            if each.described_at
            else tag("Waiting for details", "yellow"),
            relative_days(each.checked_at) if each.checked_at else "Never",
        ]
        for each in gateways
    ]
    return table(["Gateway", "Serves", "State", Column("Checked", wide_only=True)], rows)


def facts_of(gateway: Gateway) -> Component:
    """What is published of a gateway, and what its kind says."""
    website = safe_url(gateway.website)
    return summary_list(
        [
            Row("Kind", gateway.type.name),
            Row("Serves", str(gateway.area)),
            Row("Host", gateway.host.name if gateway.host else None),
            Row("What it does", gateway.about),
            Row("How to reach it", gateway.how_to_reach),
            Row("Open", gateway.opening),
            Row("Usually meets", gateway.meets),
            Row("Web page", link(website, website) if website else None),
            Row("Email", gateway.email),
            Row("Telephone", gateway.telephone),
            Row("Address", ", ".join(filter(None, (gateway.address, gateway.postcode)))),
            Row("Source", gateway.source),
            Row("Checked", relative_days(gateway.checked_at) if gateway.checked_at else "Never"),
        ]
    )


def meetings_table(
    region: Region, gateway: Gateway, meetings: Iterable[GatewayMeeting]
) -> Component:
    """The meetings to come, with a way to cancel each."""
    rows = []
    for each in meetings:
        day = date_words(each.meets_on)
        address = reverse("cancel-gateway-meeting", args=[region.slug, gateway.ref, each.ref])
        cancelled = each.cancelled_at is not None
        way = tag("Cancelled", "red") if cancelled else link("Cancel", address, hidden=day)
        rows.append([day, short_date(each.papers_due_on) or "Not known", way])
    columns: list[Column | str] = ["Meets on", "Papers due", Column("Action", hidden_label=True)]
    return table(columns, rows)
