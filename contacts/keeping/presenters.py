"""Contacts of a region and its standing, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from contacts.keeping.freshness import Needs, Standing, Vacancy
from contacts.keeping.selectors import REGION_WIDE
from contacts.keeping.states import State, states_of
from contacts.models import CheckedBy, Place, Posting, Region, Report
from contacts.presenters import WHOLE, share_words
from frontend.components import Column, Component, link, table, tag
from frontend.lists import Row, summary_list
from frontend.wording import counted, date_words, datetime_words, relative_days, short_date
from organisations.audit_trail.words import action_words
from organisations.models import AuditEvent, User


def list_address(region: Region, **narrowed: str) -> str:
    """The list of a region's contacts, narrowed."""
    query = f"?{urlencode(narrowed)}" if narrowed else ""
    return reverse("region-contacts", args=[region.slug]) + query


def page_of(region: Region, posting: Posting, name: str = "region-contact") -> str:
    """A page about one contact of a region."""
    return reverse(name, args=[region.slug, posting.ref])


def contacts_table(region: Region, postings: Iterable[Posting]) -> Component:
    """A list of contacts: who, where, and what each needs."""
    rows = [
        [
            Markup("{}<br>{}").format(
                link(each.person.name, page_of(region, each)), each.job_title
            ),
            Markup("{}<br>{}").format(
                each.organisation.name, each.place.name if each.place else "Across the region"
            ),
            checked_words(each),
            tags(states_of(each)),
        ]
        for each in postings
    ]
    columns: list[Column | str] = ["Who", "Where", Column("Checked", wide_only=True), "State"]
    return table(columns, rows)


def tags(states: Iterable[State]) -> Markup:
    """States as tags, one after the other."""
    return Markup(" ").join(Markup(tag(each.label, each.colour)) for each in states)


def checked_words(posting: Posting) -> str:
    """When and by whom it was checked: "12 days ago, by the person"."""
    if posting.checked_at is None:
        return "Never"
    who = CheckedBy(posting.checked_by).label if posting.checked_by else ""
    return relative_days(posting.checked_at) + (f", by {who}" if who else "")


def line_of(posting: Posting) -> str:
    """A contact in one line, to choose by."""
    checked = checked_words(posting).lower()
    who = f"{posting.person.name}, {posting.job_title}"
    return f"{who}, {posting.organisation.name} (checked: {checked})"


def facts_of(posting: Posting) -> Component:
    """Everything that is kept about a contact, and from where."""
    details = posting.details
    bounced = (
        f"Refused mail on {date_words(posting.bounced_at)}. {details.bounce_reason}".strip()
        if posting.bounced_at
        else ""
    )
    email = Markup("{}<br>{}").format(details.email, bounced) if bounced else details.email
    rows = [
        Row("Organisation", posting.organisation.name),
        Row("Job title", posting.job_title),
        Row("Kind of job", posting.role_type.name if posting.role_type else None),
        Row("Place", posting.place.name if posting.place else "Across the region"),
        Row("Email", email),
        Row("Telephone", details.telephone),
        Row("Who may see these", posting.get_visibility_display()),
        Row("Deputy", posting.deputy.person.name if posting.deputy else None),
        Row("Started", date_words(posting.started_on), empty="Not known"),
        Row("Checked", checked_words(posting)),
        Row("Due to be checked", date_words(posting.check_due_on), empty="No longer"),
        Row("Source", posting.source),
        Row("Lawful basis", posting.lawful_basis),
        Row("Recorded by", posting.recorder),
    ]
    if posting.ended_on is not None:
        rows.insert(9, Row("Last day", date_words(posting.ended_on)))
    if posting.disputed_at is not None:
        rows.insert(0, Row("Said to be wrong", datetime_words(posting.disputed_at)))
    return summary_list(rows)


def history_table(events: Iterable[AuditEvent], reader: int) -> Component | None:
    """What was done to a contact: when, by whom as far as the admin may know, and what."""
    listed = list(events)
    people = {
        user.pk: str(user)
        for user in User.objects.filter(pk__in={each.user_id for each in listed if each.user_id})
    }
    rows = [
        [short_date(each.at), _who(each, people, reader), action_words(each)] for each in listed
    ]
    return table([Column("When", nowrap=True), "Who", "What"], rows) if rows else None


def _who(event: AuditEvent, people: dict[int, str], reader: int) -> str:
    """Admins by name, and you as you; what an organisation did is that organisation's."""
    if event.organisation_id is not None:
        return "An organisation"
    if event.user_id is None:
        return "The person, or Tandem"
    return "You" if event.user_id == reader else people.get(event.user_id, "Somebody")


def needs_table(region: Region, counts: Needs, more: Iterable[tuple[str, int, str]]) -> Component:
    """What needs the admin: how many of each, each leading to its list; `more` adds to them."""
    lines = [
        ("Offered to the directory", counts.offered, list_address(region, state="offered")),
        ("Email refused", counts.bounced, list_address(region, state="bounced")),
        ("Said to be wrong", counts.disputed, list_address(region, state="disputed")),
        ("Due to be checked", counts.due, list_address(region, state="due")),
        ("Never checked", counts.never, list_address(region, state="never")),
        *more,
    ]
    rows = [[link(words, href) if number else words, number] for words, number, href in lines]
    return table(["What", Column("How many", numeric=True)], rows)


def standing_words(standing: Standing) -> str:
    """`7 of 11 gateways described; 62% of 40 contacts checked in time`."""
    gateways = f"{standing.described} of {counted(standing.gateways, 'gateway')} described"
    if standing.share_in_time is None:
        return f"{gateways}; no contact recorded yet"
    number = counted(standing.contacts, "contact")
    return f"{gateways}; {standing.share_in_time}% of {number} checked in time"


def standings_table(region: Region, standings: Iterable[Standing]) -> Component:
    """How complete and fresh each area is, each number leading to its list."""
    rows = []
    for each in standings:
        share = each.share_in_time
        place = place_key(each.place)
        contacts = (
            link(counted(each.contacts, "contact"), list_address(region, place=place))
            if each.contacts
            else "None yet"
        )
        rows.append(
            [
                _area(each),
                f"{each.described} of {each.gateways}",
                contacts,
                "–" if share is None else f"{share}%",
                len(each.vacancies),
            ]
        )
    columns: list[Column | str] = [
        "Area",
        "Gateways described",
        "Contacts",
        Column("Checked in time", numeric=True),
        Column("Statutory roles with nobody", numeric=True),
    ]
    return table(columns, rows)


def _area(standing: Standing) -> str:
    """The place, and how much of it lies in the region where that is not all."""
    if standing.place is None:
        return "The region as a whole"
    if standing.share >= WHOLE:
        return standing.place.name
    part = f"{share_words(standing.share).capitalize()} of it lies here"
    words = Markup('{}<br><span class="app-muted">{}</span>')
    return words.format(standing.place.name, part)


def place_key(place: Place | None) -> str:
    """A place as the filters name it."""
    return place.council.slug if place else REGION_WIDE


def vacancies_table(region: Region, vacancies: Iterable[Vacancy]) -> Component | None:
    """Roles that the law asks for and nobody holds, each with a way to record somebody."""
    record = reverse("record-region-contact", args=[region.slug])
    rows: list[list[Any]] = []
    for each in vacancies:
        about = urlencode({"organisation": each.organisation.slug, "role": each.role.key})
        hidden = f"as {each.role.name} at {each.organisation.name}"
        way = link("Record someone", f"{record}?{about}", hidden=hidden)
        rows.append([each.role.name, each.organisation.name, way])
    columns: list[Column | str] = [
        "Role",
        "Organisation",
        Column("Action", hidden_label=True, nowrap=True),
    ]
    return table(columns, rows) if rows else None


def reports_table(region: Region, reports: Iterable[Report]) -> Component:
    """What readers said, each leading to where it is decided."""
    rows = [
        [
            Markup("{}<br>{}").format(
                link(
                    each.posting.person.name,
                    reverse("region-report", args=[region.slug, each.ref]),
                ),
                each.posting.organisation.name,
            ),
            each.get_kind_display(),
            each.organisation.name,
            relative_days(each.created_at),
        ]
        for each in reports
    ]
    return table(["About", "What is said", "Who says so", Column("When", nowrap=True)], rows)


def transfers_table(region: Region, postings: Iterable[Posting]) -> Component | None:
    """Contacts that other regions pass on."""
    rows = [
        [
            link(each.person.name, reverse("region-transfer", args=[region.slug, each.ref])),
            f"{each.job_title}, {each.organisation.name}",
            str(each.region),
        ]
        for each in postings
    ]
    return table(["Who", "Where", "From region"], rows) if rows else None


def pairs_table(region: Region, pairs: Iterable[tuple[Posting, Posting]]) -> Component | None:
    """Two and two that may be one; those at one organisation can be merged."""
    rows = []
    for one, other in pairs:
        if one.organisation_id == other.organisation_id:
            address = reverse("merge-region-contacts", args=[region.slug, one.ref, other.ref])
            hidden = f"{one.person.name} and {other.person.name}"
            way: Any = link("Compare", address, hidden=hidden)
        else:
            way = "At two organisations"
        rows.append([_side(region, one), _side(region, other), way])
    columns: list[Column | str] = ["One", "The other", Column("Action", hidden_label=True)]
    return table(columns, rows) if rows else None


def _side(region: Region, posting: Posting) -> Markup:
    return Markup("{}<br>{}<br>{}").format(
        link(posting.person.name, page_of(region, posting)),
        posting.job_title,
        posting.organisation.name,
    )
