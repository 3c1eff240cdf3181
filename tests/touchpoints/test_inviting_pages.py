"""Looking for somebody to invite, also when nobody is found."""

from __future__ import annotations

import pytest

from tests.touchpoints.attending import somebody
from tests.touchpoints.pages import address, words
from tests.touchpoints.scene import Scene, schedule


@pytest.mark.parametrize("part", ["school_editor", "health_editor"])
@pytest.mark.parametrize("q", ["qqqq", "%", "<b>", "é" * 300])
def test_nobody_found_is_said_and_everybody_can_be_shown_again(
    scene: Scene, part: str, q: str
) -> None:
    touchpoint = schedule(scene)
    somebody(scene, part, f"nurse@{part.partition('_')[0]}.example")
    page = address(scene, "touchpoint-invite", part, touchpoint=touchpoint.ref)
    client = scene.cast.client(part)
    response = client.get(page, {"q": q})

    assert response.status_code == 200
    assert "Nobody matches" in words(response)
    assert f'href="{page}"' in response.text
    assert "colleague" in words(client.get(page))
