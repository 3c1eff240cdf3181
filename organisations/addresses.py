"""Addresses of pages that act for an organisation."""

from typing import Any

from django.urls import reverse

from organisations.actor import Actor


def page_of(actor: Actor, name: str, **kwargs: Any) -> str:
    """The address of a page under `/o/<slug>/` for whom `actor` acts."""
    assert actor.organisation is not None, f"{name} needs an acting organisation"
    return reverse(name, kwargs={"organisation_slug": actor.organisation.slug, **kwargs})
