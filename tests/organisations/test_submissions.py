"""A form posted twice is carried out once, even when both arrive at the same moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse

from organisations import submissions
from organisations.actor import Actor
from organisations.models import JoiningRequest, Submission
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, count
from tests.organisations.test_joining import ANSWERS, once_in

Enter = Callable[[Actor], AbstractContextManager[Actor]]


@pytest.fixture
def address(cast: Cast) -> str:
    """The page whose form is posted."""
    return reverse("ask-to-join", args=[cast.organisation("icb").slug])


def test_the_second_post_is_led_to_the_same_result(
    cast: Cast, address: str, superuser: Superuser
) -> None:
    client = cast.client("nobody")
    answers = {**ANSWERS, "once": once_in(client.get(address).text)}

    led_to = {client.post(address, answers)["Location"] for _ in range(2)}

    assert led_to == {reverse("my-organisations")}
    assert count(superuser, JoiningRequest._meta.db_table) == 1
    assert "This was already saved" in client.get(reverse("my-organisations")).text


def test_two_posts_at_the_same_moment_are_carried_out_once(
    cast: Cast, address: str, superuser: Superuser
) -> None:
    client = cast.client("nobody")
    answers = {**ANSWERS, "once": once_in(client.get(address).text)}
    together = Barrier(2)

    def post(_: int) -> str:
        another = cast.client("nobody")
        try:
            together.wait(timeout=10)
            return str(another.post(address, answers)["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        led_to = set(pool.map(post, range(2)))

    assert led_to == {reverse("my-organisations")}
    assert count(superuser, JoiningRequest._meta.db_table) == 1


def test_a_refused_form_can_be_put_right_and_sent_again(
    cast: Cast, address: str, superuser: Superuser
) -> None:
    client = cast.client("nobody")
    answers = {**ANSWERS, "once": once_in(client.get(address).text)}
    refused = client.post(address, {**answers, "evidence": ""})

    client.post(address, {**answers, "once": once_in(refused.text)})

    assert count(superuser, JoiningRequest._meta.db_table) == 1


@pytest.mark.parametrize("stolen", [True, False])
def test_a_token_of_somebody_else_or_forged_is_refused(
    cast: Cast, address: str, superuser: Superuser, stolen: bool
) -> None:
    once = submissions.new_token(cast.stranger.user_id) if stolen else "forged"

    response = cast.client("nobody").post(address, {**ANSWERS, "once": once})

    assert "Reload the page and try again" in response.text
    assert count(superuser, JoiningRequest._meta.db_table) == 0


def test_old_tokens_of_a_person_are_cleared_away(
    cast: Cast, as_actor: Enter, superuser: Superuser
) -> None:
    with as_actor(cast.nobody) as by:
        submissions.receive(uuid.uuid4(), by=by)
    superuser.execute("UPDATE organisations_submission SET received_at = now() - interval '8 days'")

    with as_actor(cast.nobody) as by:
        submissions.receive(uuid.uuid4(), by=by)

    assert count(superuser, Submission._meta.db_table) == 1
