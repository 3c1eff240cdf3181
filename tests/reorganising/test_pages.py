"""An operator's pages of a reorganisation, and what a member reads afterwards."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from organisations.models import Reorganisation
from organisations.reorganising import applying
from partnerships.record.services import invite_partner
from tests.cast import Cast
from tests.organisations.test_joining import once_in
from tests.record.arranging import acting_as, shared
from tests.reorganising.arranging import A_DAY, followed, nhs_trusts


def test_an_operator_opens_looks_decides_and_approves(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    (later,) = nhs_trusts(1)
    followed(cast, health, later, day=A_DAY)
    operator = cast.client("operator")
    about = reverse("operator-organisation", args=[health.slug])
    assert "Open a reorganisation" in operator.get(about).text
    page = reverse("open-reorganisation", args=[health.slug])
    operator.post(page, {"once": once_in(operator.get(page).text)})
    with acting_as(cast.operator):
        made = Reorganisation.objects.get()
    whole = operator.get(reverse("reorganisation", args=[made.ref])).text
    assert "Being prepared" in whole
    assert "People who belong to it" in whole
    rows = reverse("reorganisation-rows", args=[made.ref, "partnerships"])
    listed = operator.get(rows).text
    assert f"Health hub – Windsor Academy Trust – Follows to {later.name}" in listed

    nothing = operator.post(rows, {"once": once_in(listed)}).text
    assert "Choose at least one" in nothing
    with acting_as(cast.operator):
        (row,) = made.rows.filter(kind="partnerships").values_list("pk", flat=True)
    answers = {"rows": [str(row)], "successor": "stay"}
    operator.post(rows, {"once": once_in(nothing), **answers})
    again = operator.get(rows).text
    assert "Stays as it is" in again
    operator.post(rows, {"once": once_in(again), "rows": [str(row)], "successor": str(later.pk)})
    page = reverse("approve-reorganisation", args=[made.ref])
    operator.post(page, {"once": once_in(operator.get(page).text)})
    assert applying.apply_due() == 1

    assert (
        "Everyone affected has been told"
        in operator.get(reverse("reorganisation", args=[made.ref])).text
    )
    slug = cast.organisation("school").slug
    reader = cast.client("school_viewer")
    shown = reader.get(reverse("partnership", args=[slug, partnership.ref])).text
    assert f"{later.name} took its place on 1 September 2026" in shown
    manager = cast.client("school_manager")
    assert (
        "Invite again" not in manager.get(reverse("partnership", args=[slug, partnership.ref])).text
    )
    with acting_as(cast.school_manager) as by, pytest.raises(ValidationError, match="has ended"):
        invite_partner(
            by=by, partnership=partnership, organisation=health, email="door@health.example"
        )
    changed = reader.get(reverse("succession", args=[slug, health.slug])).text
    assert "Health hub" in changed
    stranger = cast.client("stranger")
    other = cast.organisation("other").slug
    assert "Health hub" not in stranger.get(reverse("succession", args=[other, health.slug])).text


def test_calling_off_leads_back(cast: Cast) -> None:
    health, (later,) = cast.organisation("health"), nhs_trusts(1)
    followed(cast, health, later, day=A_DAY)
    operator = cast.client("operator")
    page = reverse("open-reorganisation", args=[health.slug])
    operator.post(page, {"once": once_in(operator.get(page).text)})
    with acting_as(cast.operator):
        made = Reorganisation.objects.get()
    page = reverse("call-off-reorganisation", args=[made.ref])

    done = operator.post(page, {"once": once_in(operator.get(page).text)})

    assert "It was called off" in operator.get(done["Location"]).text
    assert "Called off" in operator.get(reverse("reorganisations")).text
    assert applying.apply_due() == 0
