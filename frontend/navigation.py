"""Where the header and footer lead. Apps of the floors above register their places.

Called in `AppConfig.ready`, so the list is complete and constant once Django has started:

    navigation.register("partnerships", "Partnerships", "record:list", of_organisation=True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

Visible = Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Place:
    """A registered link. `of_organisation` puts the acting organisation's slug in its path."""

    name: str
    label: str
    url_name: str
    of_organisation: bool
    visible: Visible | None
    order: int

    def href(self, request: HttpRequest) -> str | None:
        """The path for this request; None where it does not apply."""
        if self.visible is not None and not self.visible(request):
            return None
        if not self.of_organisation:
            return reverse(self.url_name)
        organisation = getattr(getattr(request, "actor", None), "organisation", None)
        return reverse(self.url_name, args=[organisation.slug]) if organisation else None


_header: dict[str, Place] = {}
_footer: dict[str, Place] = {}
_named: dict[str, str] = {}


def register(
    name: str,
    label: str,
    url_name: str,
    *,
    visible: Visible | None = None,
    of_organisation: bool = False,
    order: int = 100,
) -> None:
    """Add a place to the header's menu, shown to people who are signed in."""
    _header[name] = Place(name, label, url_name, of_organisation, visible, order)


def register_footer(name: str, label: str, url_name: str, *, order: int = 100) -> None:
    """Add a link to the footer, shown to everyone."""
    _footer[name] = Place(name, label, url_name, False, None, order)


def set_switcher(url_name: str) -> None:
    """The page on which a person chooses which organisation to act for."""
    _named["switcher"] = url_name


def set_search(url_name: str) -> None:
    """The page that finds things for whoever acts for an organisation; the header has its box."""
    _named["search"] = url_name


def search_href(request: HttpRequest) -> str | None:
    """Where the header's box leads; None for somebody who acts for no organisation."""
    organisation = getattr(getattr(request, "actor", None), "organisation", None)
    if organisation is None or "search" not in _named:
        return None
    return reverse(_named["search"], args=[organisation.slug])


def set_account(url_name: str) -> None:
    """The page behind the person's address in the header."""
    _named["account"] = url_name


def named_href(name: str, fallback: str = "/") -> str:
    return reverse(_named[name]) if name in _named else fallback


def _shown(places: dict[str, Place], request: HttpRequest) -> list[dict[str, Any]]:
    shown = []
    for place in sorted(places.values(), key=lambda place: place.order):
        href = place.href(request)
        if href is not None:
            shown.append({"name": place.name, "text": place.label, "href": href})
    return shown


def header_items(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu for this request, with `current` on the place that the page belongs to.

    That is the place whose path the page's begins with; one that leads to other places too
    (home) only when it is the page itself. A page elsewhere names its place: see
    `layout/header.jinja`.
    """
    items = _shown(_header, request)
    for item in items:
        href = item["href"]
        leads_on = any(other["href"].startswith(href) for other in items if other is not item)
        if request.path == href:
            item["current"] = "page"
        elif not leads_on and request.path.startswith(href):
            item["current"] = "true"
    return items


def footer_items(request: HttpRequest) -> list[dict[str, Any]]:
    return _shown(_footer, request)
