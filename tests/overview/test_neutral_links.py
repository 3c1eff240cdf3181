"""Links of e-mails, which do not know for whom their reader acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Role
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast, admit
from tests.record.arranging import acting_as, invited, opened, shared


def test_it_leads_each_reader_to_their_own_page(cast: Cast) -> None:
    partnership = shared(cast)

    for part, own in (("school_viewer", "school"), ("health_editor", "health")):
        response = cast.client(part).get(f"/r/p-{partnership.ref}/")
        slug = cast.organisation(own).slug
        assert response["Location"] == reverse("partnership", args=[slug, partnership.ref])


def test_a_touchpoint_leads_to_its_page(cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        touchpoint = Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=timezone.now() + timedelta(days=2),
        )
    client = cast.client("health_editor")

    response = client.get(f"/r/t-{touchpoint.ref}/")

    slug = cast.organisation("health").slug
    expected = reverse("touchpoint", args=[slug, partnership.ref, touchpoint.ref])
    assert response["Location"] == expected
    assert client.get(expected).status_code == 200


def test_who_belongs_to_both_sides_chooses(cast: Cast) -> None:
    partnership = shared(cast)
    admit(cast, "school_editor", "health", Role.VIEWER)

    response = cast.client("school_editor").get(f"/r/p-{partnership.ref}/")

    assert response.status_code == 200
    for own in ("school", "health"):
        slug = cast.organisation(own).slug
        assert reverse("partnership", args=[slug, partnership.ref]) in response.text


@pytest.mark.parametrize("part", ["stranger", "nobody", "operator", "council_editor"])
@pytest.mark.parametrize("kind", ["p", "t", "x", "p-p"])
def test_a_stranger_gets_404(cast: Cast, part: str, kind: str) -> None:
    partnership = shared(cast)

    assert cast.client(part).get(f"/r/{kind}-{partnership.ref}/").status_code == 404


def test_an_invited_organisation_is_not_led_in(cast: Cast) -> None:
    partnership = opened(cast)
    invited(cast, partnership)

    assert cast.client("health_editor").get(f"/r/p-{partnership.ref}/").status_code == 404


def test_signed_out_one_signs_in_first(cast: Cast) -> None:
    where = f"/r/p-{shared(cast).ref}/"

    response = cast.client(None).get(where)

    assert response["Location"] == f"{reverse('account_login')}?next={where}"
