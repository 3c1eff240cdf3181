"""The directory in tables and facts: people, gateways, areas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from contacts.directory import areas, freshness
from contacts.directory.selectors import next_meeting
from contacts.models import DetailsRequest, Gateway, Place, Posting, Region, WorkDetails
from contacts.presenters import code_words, kind_and_place
from frontend.components import Column, Component, link, table, tag
from frontend.lists import Row
from frontend.wording import counted, date_words, safe_url
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.models import Organisation


def people(actor: Actor, postings: Iterable[Posting]) -> Component | None:
    """People with their role, organisation and area, and how far each can be relied on."""
    rows = [
        [
            link(each.person.name, page_of(actor, "directory-person", ref=each.ref)),
            _role(each),
            each.organisation.name,
            each.place or each.region or "–",
            _freshness(each),
        ]
        for each in postings
    ]
    columns: list[Column | str] = [
        "Name",
        "Role",
        "Organisation",
        Column("Area", wide_only=True),
        "Checked",
    ]
    return table(columns, rows) if rows else None


def _role(posting: Posting) -> Any:
    role = posting.role_type
    if role is None or role.name.lower() == posting.job_title.lower():
        return posting.job_title
    return muted_below(posting.job_title, role.name)


def _freshness(posting: Posting) -> Any:
    fresh = freshness.of(posting)
    if fresh.tag is None:
        return fresh.words
    return (
        fresh.tag
        if posting.checked_at is None
        else Markup("{}<br>{}").format(fresh.words.partition(". ")[0], fresh.tag)
    )


def muted_below(value: Any, below: Any) -> Markup:
    """A value with less important words under it."""
    return Markup('{}<br><span class="app-muted">{}</span>').format(value, below)


def gateways(actor: Actor, found: Iterable[Gateway], *, area: bool = True) -> Component | None:
    """Gateways with what to ask for and when each meets next."""
    rows = []
    for each in found:
        meets = next_meeting(each)
        name = link(gateway_name(each), page_of(actor, "directory-gateway", ref=each.ref))
        kind = each.type.name if each.name and each.name != each.type.name else ""
        row: list[Any] = [muted_below(name, kind) if kind else name]
        if area:
            row.append(link(str(each.area), area_page(actor, each.area)))
        row += [
            each.type.ask_for,
            date_words(meets) if meets else each.meets or "Not recorded",
            tag("Waiting for details", "grey") if each.described_at is None else "Yes",
        ]
        rows.append(row)
    columns: list[Column | str] = ["Gateway"]
    if area:
        columns.append("Area")
    columns += [Column("What to ask for", wide_only=True), "Meets next", "Details recorded"]
    return table(columns, rows) if rows else None


def gateway_name(gateway: Gateway) -> str:
    """What it is called: its own name, or that of its type."""
    return gateway.name or gateway.type.name


def area_page(actor: Actor, area: Region | Place) -> str:
    """The page of a region or a place."""
    if isinstance(area, Region):
        return page_of(actor, "directory-region", region=area.slug)
    return page_of(actor, "directory-place", council=area.council.slug)


def search_page(actor: Actor, **asked: str) -> str:
    """The search with what is asked for filled in."""
    return f"{page_of(actor, 'directory')}?{urlencode(asked)}"


def organisations(actor: Actor, found: Iterable[Organisation]) -> Component | None:
    """Organisations with their kind and place."""
    rows = [
        [
            link(each.name, page_of(actor, "organisation", target=each.slug)),
            kind_and_place(each),
            code_words(each),
        ]
        for each in found
    ]
    columns: list[Column | str] = ["Organisation", "Kind and place", Column("Code", wide_only=True)]
    return table(columns, rows) if rows else None


def coverage(actor: Actor, area: areas.Area, within: dict[str, str]) -> Component | None:
    """The roles in which somebody is recorded, each with how many and how far in date."""
    rows = [
        [
            each.role.name,
            link(
                counted(each.people.total, "person", "people"),
                search_page(actor, kind="people", role=each.role.key, **within),
                hidden=f"as {each.role.name}",
            ),
            _of(each.people),
        ]
        for each in area.roles
        if each.people.total
    ]
    columns: list[Column | str] = ["Role", "Recorded", "Checked and in date"]
    return table(columns, rows) if rows else None


def vacant(area: areas.Area) -> list[str]:
    """The roles that one expects there and in which nobody is recorded."""
    return [each.role.name for each in area.roles if not each.people.total]


def _of(tally: areas.Tally) -> str:
    return f"{tally.good} of {tally.total}" if tally.total else "–"


def parts(actor: Actor, found: Iterable[areas.Part]) -> Component | None:
    """The places in a region, each with how much of it is known."""
    rows = [
        [
            link(each.share.place.name, area_page(actor, each.share.place)),
            _of(each.gateways),
            str(each.people.total) if each.people.total else "None",
            _of(each.people),
        ]
        for each in found
    ]
    columns: list[Column | str] = [
        "Place",
        "Gateways described",
        "People",
        Column("Checked and in date", wide_only=True),
    ]
    return table(columns, rows) if rows else None


def completeness(area: areas.Area) -> list[Row]:
    """How complete and how fresh an area is."""
    described, held = area.described, area.held
    return [
        Row(
            "Gateways",
            f"{described.good} of {described.total} described"
            if described.total
            else "None recorded",
        ),
        Row("Roles", f"Somebody is recorded in {held.good} of {held.total}"),
        Row(
            "People",
            f"{area.people.good} of {area.people.total} checked and in date"
            if area.people.total
            else "Nobody is recorded yet",
        ),
    ]


def gateway_facts(gateway: Gateway) -> list[Row]:
    """What is known of one gateway; what nobody recorded is left out."""
    facts = [
        Row("What it is", gateway.about),
        Row("Hosted by", gateway.host.name if gateway.host else gateway.type.host),
        Row("How to reach it", gateway.how_to_reach),
        Row("Email", _mail(gateway.email)),
        Row("Telephone", gateway.telephone),
        Row("Website", _website(gateway.website)),
        Row("Opening times", gateway.opening),
        Row("Where", ", ".join(filter(None, [gateway.address, gateway.postcode]))),
        Row("Meets", gateway.meets or f"Usually: {gateway.type.typical_meetings}"),
        Row("Source", gateway.source),
        Row("Checked", freshness.of_gateway(gateway)),
    ]
    return [row for row in facts if row.value]


def _mail(address: str) -> Markup | str:
    return link(address, f"mailto:{address}") if address else ""


def _website(address: str) -> Markup | str:
    return (
        link(address.rsplit("//", maxsplit=1)[-1].rstrip("/"), safe_url(address)) if address else ""
    )


def meetings(gateway: Gateway) -> Component | None:
    """The days on which a gateway of `open_gateways` meets, and until when papers are due."""
    rows = [
        [date_words(each.meets_on), date_words(each.papers_due_on) or "Not recorded"]
        for each in gateway.coming  # type: ignore[attr-defined]
    ]
    return table(["Meets on", "Papers due by"], rows) if rows else None


def person_facts(actor: Actor, posting: Posting) -> list[Row]:
    """Where somebody works, for which area, who stands in for them, and how that is known."""
    role = posting.role_type
    deputy = posting.deputy
    areas_of = [each for each in (posting.place, posting.region) if each is not None]
    return [
        Row("Role", role.name if role else posting.job_title),
        Row(
            "Organisation",
            link(
                posting.organisation.name,
                page_of(actor, "organisation", target=posting.organisation.slug),
            ),
        ),
        Row(
            "Area",
            Markup(", ").join(link(each.name, area_page(actor, each)) for each in areas_of),
        ),
        Row(
            "Deputy",
            link(deputy.person.name, page_of(actor, "directory-person", ref=deputy.ref))
            if deputy
            else None,
        ),
        Row("Where this is from", posting.source),
        Row("Lawful basis", posting.lawful_basis),
        Row("Checked", freshness.of(posting).words),
    ]


def details_facts(details: WorkDetails) -> list[Row]:
    """How to reach somebody at work."""
    return [
        Row("Email", link(details.email, f"mailto:{details.email}")),
        Row("Telephone", details.telephone),
    ]


def requests(region: Region, found: Iterable[DetailsRequest]) -> Component | None:
    """Who asked how to reach whom, and what was decided."""
    rows = [
        [
            link(
                each.posting.person.name,
                reverse("details-request", args=[region.slug, each.ref]),
            ),
            each.organisation.name,
            date_words(each.asked_at),
            _decision(each),
        ]
        for each in found
    ]
    return (
        table(["About", "Asked by", Column("When", nowrap=True), "Decision"], rows)
        if rows
        else None
    )


def _decision(request: DetailsRequest) -> Component:
    if request.approved is None:
        return tag("Waiting for you", "yellow")
    return tag("Given", "green") if request.approved else tag("Refused", "grey")
