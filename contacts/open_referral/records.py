"""Gateways and their hosts in the words of the Open Referral UK profile.

A field with nothing to say is left out, for the profile knows no empty ones. What it calls
`contacts` are people; there are none in what we publish.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from contacts.models import Gateway, GatewayMeeting, GatewayType
from contacts.open_referral.identity import uuid_of
from contacts.open_referral.selectors import TAXONOMY
from organisations.models import Kind, Organisation

Record = dict[str, Any]
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What each kind's code is called, and its register at org-id.guide where it has one.
CODES: dict[str, tuple[str, str]] = {
    Kind.SCHOOL: ("URN", "GB-EDU"),
    Kind.SCHOOL_TRUST: ("GIAS group UID", ""),
    Kind.NHS_TRUST: ("ODS code", "GB-NHS"),
    Kind.ICB: ("ODS code", "GB-NHS"),
    Kind.COUNCIL: ("DfE local authority number", ""),
}


def organization(host: Organisation) -> Record:
    """A host as it stands in lists and within its services."""
    where = host.town or host.area
    kind = Kind(host.kind).label
    return _said(
        id=_id("organization", host.kind, host.code),
        name=host.name,
        description=f"{kind} in {where}, England" if where else f"{kind} in England",
        website=web_address(host.website),
    )


def whole_organization(host: Organisation, gateways: list[Gateway]) -> Record:
    """A host with all of its services."""
    record = organization(host) | {"organization_identifiers": _identifiers(host)}
    # The host is around its services already; the profile wants it in each of them too.
    return record | {"services": [whole_service(each) for each in gateways]}


def service(gateway: Gateway) -> Record:
    """A gateway as it stands in lists."""
    return _said(
        id=_id("service", gateway.ref),
        organization_id=_host_id(gateway),
        name=str(gateway),
        description=_description(gateway),
        url=web_address(gateway.website),
        email=gateway.email,
        status="active",
        assured_date=gateway.checked_at.date().isoformat() if gateway.checked_at else "",
        last_modified=_moment(modified(gateway)),
        organization=organization(gateway.host) if gateway.host else None,
    )


def whole_service(gateway: Gateway, *, at_its_location: bool = True) -> Record:
    """A gateway with everything that is published of it."""
    record = service(gateway) | {
        "schedules": _schedules(gateway),
        "service_areas": [_area(gateway)],
        "attributes": [_attribute(gateway)],
    }
    if gateway.host:
        record["organization"] |= {"organization_identifiers": _identifiers(gateway.host)}
    if gateway.telephone:
        record["phones"] = [{"id": _id("phone", gateway.ref), "number": gateway.telephone}]
    if at_its_location and has_location(gateway):
        record["service_at_locations"] = [_at_location(gateway) | {"location": _location(gateway)}]
    return record


def service_at_location(gateway: Gateway) -> Record:
    """A gateway at its address, as it stands in lists."""
    place = {key: _location(gateway)[key] for key in ("id", "location_type", "name")}
    return _at_location(gateway) | {"location": place, "service": service(gateway)}


def whole_service_at_location(gateway: Gateway) -> Record:
    """A gateway at its address, with everything that is published of it."""
    record = _at_location(gateway) | {"location": _location(gateway)}
    return record | {"service": whole_service(gateway, at_its_location=False)}


def taxonomy() -> Record:
    """The one taxonomy: the kinds of gateway."""
    return {
        "id": _id("taxonomy", *TAXONOMY),
        "name": "Gateway types",
        "description": "Boards, forums, teams and hubs through which joint work of schools and "
        "health services begins or is steered.",
        "version": "1",
    }


def term(kind: GatewayType) -> Record:
    """A kind of gateway."""
    when = f"Start here when: {kind.start_here_when}" if kind.start_here_when else ""
    return {
        "id": _id("term", kind.key),
        "name": kind.name,
        "description": _sentences(f"Hosted by: {kind.host}", when),
        "taxonomy": taxonomy()["name"],
        "taxonomy_id": taxonomy()["id"],
        "term": kind.key,
    }


def has_location(gateway: Gateway) -> bool:
    """Whether it has an address to go to."""
    return bool(gateway.address or gateway.postcode)


def modified(gateway: Gateway) -> datetime:
    """When it was described or checked last."""
    assert gateway.described_at is not None
    return max(gateway.described_at, gateway.checked_at or gateway.described_at)


def web_address(given: str) -> str:
    """An address of the web in plain ASCII; empty where it is none that a reader could follow.

    A name and password in it are left out.
    """
    try:
        parts = urlsplit(given)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        return ""
    return urlunsplit(
        (parts.scheme, host + port, *map(_plain, (parts.path, parts.query, parts.fragment)))
    )


def _plain(part: str) -> str:
    """A part of an address with every character that may not stand in it written as its code."""
    return STRAY_PERCENT.sub("%25", quote(part, safe="/?:@!$&'()*+,;=%"))


def _description(gateway: Gateway) -> str:
    return _sentences(
        gateway.about,
        f"How to reach it: {gateway.how_to_reach}" if gateway.how_to_reach else "",
        f"Telephone: {gateway.telephone}" if gateway.telephone else "",
    ) or _sentences(gateway.type.start_here_when)


def _schedules(gateway: Gateway) -> list[Record]:
    told: dict[Literal["opening", "meets"], str] = {
        "opening": gateway.opening,
        "meets": f"Meets: {gateway.meets}" if gateway.meets else "",
    }
    records = [
        {"id": _id("schedule", gateway.ref, what), "description": text}
        for what, text in told.items()
        if text
    ]
    coming: list[GatewayMeeting] = gateway.coming  # type: ignore[attr-defined]
    return records + [_meeting(gateway, each) for each in coming]


def _meeting(gateway: Gateway, meeting: GatewayMeeting) -> Record:
    day = meeting.meets_on.isoformat()
    due = meeting.papers_due_on
    return _said(
        id=_id("schedule", gateway.ref, meeting.ref),
        valid_from=day,
        valid_to=day,
        dtstart=day,
        description="Meeting",
        notes=f"Papers by {due.isoformat()}" if due else "",
    )


def _area(gateway: Gateway) -> Record:
    return {"id": _id("area", gateway.ref), "name": gateway.area.name}


def _attribute(gateway: Gateway) -> Record:
    return {
        "id": _id("attribute", gateway.ref),
        "link_id": _id("service", gateway.ref),
        "taxonomy_term_id": _id("term", gateway.type.key),
        "link_type": "service_category",
        "taxonomy_term": term(gateway.type),
    }


def _at_location(gateway: Gateway) -> Record:
    return {
        "id": _id("at-location", gateway.ref),
        "service_id": _id("service", gateway.ref),
        "location_id": _id("location", gateway.ref),
    }


def _location(gateway: Gateway) -> Record:
    """Where it is. The profile wants a town and a county; one line is what we hold."""
    lines = [line.strip() for line in gateway.address.split(",") if line.strip()]
    town = lines.pop() if len(lines) > 1 else (gateway.host and gateway.host.town) or ""
    return {
        "id": _id("location", gateway.ref),
        "location_type": "physical",
        "name": str(gateway),
        "addresses": [
            {
                "id": _id("address", gateway.ref),
                "location_id": _id("location", gateway.ref),
                "address_1": ", ".join(lines) or str(gateway),
                "city": town or gateway.area.name,
                "state_province": gateway.area.name,
                "postal_code": gateway.postcode,
                "country": "GB",
                "address_type": "physical",
            }
        ],
    }


def _identifiers(host: Organisation) -> list[Record]:
    if host.kind not in CODES:
        return []
    called, scheme = CODES[host.kind]
    return [
        _said(
            id=_id("identifier", host.kind, host.code),
            organization_id=_id("organization", host.kind, host.code),
            identifier_scheme=scheme,
            identifier_type=called,
            identifier=host.code,
        )
    ]


def _host_id(gateway: Gateway) -> str:
    return _id("organization", gateway.host.kind, gateway.host.code) if gateway.host else ""


def _id(what: str, *names: str) -> str:
    return str(uuid_of(what, *names))


def _said(**fields: Any) -> Record:
    return {name: value for name, value in fields.items() if value not in ("", None)}


def _sentences(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _moment(value: datetime) -> str:
    return value.isoformat()
