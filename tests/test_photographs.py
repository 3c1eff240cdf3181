"""What is arranged for a test comes back as it was, and takes nothing else with it."""

from __future__ import annotations

from django.urls import reverse

from tests.cast import Cast
from tests.photographs import Photographs
from tests.touchpoints.scene import arrange


def test_whoever_is_signed_in_stays_so_when_a_scene_is_shown(cast: Cast, photographs: Photographs):
    # Given someone who signed in before the scene was arranged, and before it was shown again
    for _ in ("arranged", "shown again"):
        client = cast.client("school_editor")
        photographs.show(arrange, cast)
        # Then they are signed in still, whether or not it was the first time
        assert client.get(reverse("account_home")).status_code == 200
