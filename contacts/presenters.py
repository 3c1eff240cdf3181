"""Organisations in words: lists of results, the facts of one, and how sure we are of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from markupsafe import Markup

from contacts.models import PlaceRegion
from contacts.selectors import Found, Profile
from frontend.components import Column, Component, link, table
from frontend.lists import Row
from frontend.wording import date_words, number_words, safe_url
from organisations.models import Kind, Organisation, School, Succession
from organisations.reorganising.kinds import in_short

Address = Callable[[Organisation], str]
# What the field calls the codes of a kind: in a list, and on its page.
CODES = {
    Kind.SCHOOL: ("URN", "Unique reference number (URN)", ""),
    Kind.SCHOOL_TRUST: ("UID", "Group UID", "Group number"),
    Kind.NHS_TRUST: ("ODS", "ODS code", ""),
    Kind.ICB: ("ODS", "ODS code", "ONS code"),
    Kind.COUNCIL: ("DfE", "DfE number", "ONS code"),
}
# From here on a share counts as all of it.
WHOLE = 0.995
UNKNOWN = ("", "Code", "Other code")
BOARD_BASIS = {
    "published": "As the NHS register has it",
    "succession": "The NHS register still has a board that has since merged into this one",
    "postcode": (
        "The NHS register still has a board that was split; the postcode lies in this one’s area"
    ),
    "to_check": (
        "To check: the NHS register still has a board that was split, and the postcode does not "
        "settle which of its successors it is"
    ),
}
TRUST_BASIS = {
    "official": "As Get Information about Schools has it",
    "reported": "From a published report, not from the official register",
}


def results(found: Found, address: Address) -> Component | None:
    """What was found, as a table; None when it is nothing."""
    if not found.organisations:
        return None
    rows = [
        [
            link(each.name, address(each)),
            kind_and_place(each),
            code_words(each),
            "Joined" if each.has_joined else Markup('<span class="app-muted">Not yet</span>'),
        ]
        for each in found.organisations
    ]
    columns: list[Column | str] = [
        "Organisation",
        "Kind and place",
        Column("Code", wide_only=True),
        "On Tandem",
    ]
    return table(columns, rows)


def explanation(query: str, found: Found) -> str:
    """How the list answers what was typed, where that is not plain to see."""
    if not found.organisations:
        return ""
    if found.only_similar:
        return f"Nothing is called “{query}”. These are similar."
    if found.postcode is None:
        return ""
    district = found.postcode.outward
    listed = f"Listed are those in {district}, and the council and NHS organisations that cover it."
    if found.postcode.unit and not found.exact:
        return f"No organisation we know of is at {found.postcode.text}. {listed}"
    return listed


def ended(found: Found, address: Address) -> list[Markup]:
    """Boards that have ended and who took over, a sentence each."""
    after: dict[Organisation, list[Organisation]] = {}
    for each in found.successions:
        after.setdefault(each.predecessor, []).append(each.successor)
    return [
        Markup("{} ended on {}. {} took over.").format(
            each.name, date_words(each.closed_on), listed(link(s.name, address(s)) for s in others)
        )
        for each, others in after.items()
    ]


def listed(items: Iterable[Any]) -> Markup:
    """ "a", "a and b", "a, b and c"."""
    parts = list(items)
    if len(parts) < 2:
        return Markup("").join(parts)
    return Markup("{} and {}").format(Markup(", ").join(parts[:-1]), parts[-1])


def kind_and_place(organisation: Organisation) -> str:
    """The kind, and where it is as far as that is known: "School, Walsall"."""
    return ", ".join(
        filter(None, [organisation.get_kind_display(), organisation.town or organisation.area])
    )


def code_words(organisation: Organisation) -> str:
    """The code with whose it is: "URN 104142"."""
    return f"{CODES.get(Kind(organisation.kind), UNKNOWN)[0]} {organisation.code}".strip()


def has_ended(organisation: Organisation) -> bool:
    """Whether it is open no more."""
    return organisation.closed_on is not None and organisation.closed_on <= timezone.localdate()


def facts(profile: Profile, address: Address) -> list[Row]:
    """The facts of an organisation that are known, each with how we know where that matters."""
    shown = profile.organisation
    _, first, second = CODES.get(Kind(shown.kind), UNKNOWN)
    rows = [
        Row(first, shown.code),
        Row(second, shown.other_code) if second else None,
        Row("Address", ", ".join(filter(None, [shown.town, shown.postcode]))),
        *(_of_school(profile.school, address) if profile.school else []),
        *_boards(profile, address),
        Row("NHS region", profile.region.nhs_region) if profile.region else None,
        Row("Website", _website(shown.website)) if shown.website else None,
        Row("Opened", date_words(shown.opened_on)) if shown.opened_on else None,
        Row("Ended", date_words(shown.closed_on)) if shown.closed_on else None,
        *_successions(profile, address),
    ]
    return [row for row in rows if row is not None and row.value]


def _of_school(school: School, address: Address) -> list[Row]:
    ages = f"{school.age_low} to {school.age_high}" if school.age_high else ""
    trust = (
        _with_basis(link(school.trust.name, address(school.trust)), TRUST_BASIS[school.trust_basis])
        if school.trust
        else "Not known to be in a school trust"
    )
    return [
        Row("School trust", trust),
        Row("Phase", school.phase),
        Row("Type", school.establishment_type),
        Row("Ages", ages),
        Row("Pupils (2026)", number_words(school.pupils) if school.pupils else ""),
        Row(
            "Council", link(school.council.name, address(school.council)) if school.council else ""
        ),
    ]


def _boards(profile: Profile, address: Address) -> list[Row]:
    """The integrated care board, or those that cover the place, with how we know."""
    shown = profile.organisation
    name = "Integrated care board"
    if shown.kind == Kind.ICB:
        return []
    if shown.icb_basis:
        basis = BOARD_BASIS[shown.icb_basis]
        board = shown.icb
        return [Row(name, _with_basis(link(board.name, address(board)), basis) if board else basis)]
    boards = [
        Markup("{}{}").format(link(each.region.icb.name, address(each.region.icb)), _part_of(each))
        for each in profile.shares
    ]
    return [Row(name if len(boards) < 2 else f"{name}s", _one_below_the_other(boards))]


def _part_of(share: PlaceRegion) -> str:
    """How much of a place a board covers, unless that is all of it."""
    if share.share >= WHOLE:
        return ""
    return f" (covers {share_words(share.share)} of {share.place.name})"


def share_words(share: float) -> str:
    """A share in words: "about 91%", "less than 1%"."""
    return "less than 1%" if share < 0.01 else f"about {share:.0%}"


def _successions(profile: Profile, address: Address) -> list[Row]:
    after = [(each.successor, each) for each in profile.successors]
    before = [(each.predecessor, each) for each in profile.predecessors]
    ahead = any(each.happened_on > timezone.localdate() for each in profile.successors)
    return [
        Row("To be taken over by" if ahead else "Taken over by", _changes(after, address)),
        Row("Took over from", _changes(before, address)),
    ]


def _changes(rows: Iterable[tuple[Organisation, Succession]], address: Address) -> Markup:
    return _one_below_the_other(
        [
            Markup("{} ({}, {})").format(
                link(other.name, address(other)),
                in_short(each.nature),
                date_words(each.happened_on),
            )
            for other, each in rows
        ]
    )


def _one_below_the_other(items: list[Markup]) -> Markup:
    """One thing as it is, several as a list, nothing as nothing."""
    if len(items) < 2:
        return Markup("").join(items)
    entries = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup('<ul class="nhsuk-list">{}</ul>').format(entries)


def _website(url: str) -> Markup:
    return link(url.removeprefix("https://").removeprefix("http://").rstrip("/"), safe_url(url))


def _with_basis(value: Any, basis: str) -> Markup:
    return Markup('{}<br><span class="app-muted">{}</span>').format(value, basis)


def schools(page: Iterable[Organisation], address: Address) -> Component | None:
    """The schools of a trust."""
    rows = [
        [
            link(each.name, address(each)),
            each.school.phase or "–",
            each.town or each.area or "–",
            f"URN {each.code}",
        ]
        for each in page
    ]
    columns: list[Column | str] = ["School", "Phase", "Town", Column("Code", wide_only=True)]
    return table(columns, rows) if rows else None


def places(profile: Profile, address: Address) -> Component | None:
    """The councils in a board's area, and how much of each lies in it."""
    if profile.organisation.kind != Kind.ICB or not profile.shares:
        return None
    rows = [
        [
            link(each.place.council.name, address(each.place.council)),
            "All of it" if each.share >= WHOLE else share_words(each.share).capitalize(),
        ]
        for each in profile.shares
    ]
    return table(["Council", "In the board’s area"], rows)
