"""Wins: logged in one line, shared with one click, taken back; seen by those who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from calendars.london import today
from organisations.guard_rail import IdentifierRefused
from organisations.joining.registry import sections
from organisations.people.handover import left_by
from organisations.tenancy.scope import acting
from partnerships.record.models import Member
from partnerships.wins import selectors, services
from partnerships.wins.models import Win
from tests.record.arranging import NHS_NUMBER, sent
from tests.tenancy.world import leave
from tests.touchpoints.scene import Scene

LINE = "The first drop-in was full"
QUOTE = {"quote": "Pupils asked when it is on again.", "quoted": "A head of year"}


def won(scene: Scene, part: str = "school_editor", **more: Any) -> Win:
    """Somebody logs a win, in a committed transaction."""
    by = scene.cast.actors[part]
    values = {"line": LINE, "happened_on": today(), "internal": False, **more}
    with acting(by.scope), transaction.atomic():
        return services.log_win(by=by, partnership=scene.partnership, **values)


def seen(scene: Scene, part: str) -> list[str]:
    """The wins that somebody sees."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return [each.line for each in selectors.latest_of(by, scene.partnership, 9)]


def done(scene: Scene, service: Any, win: Win, part: str = "school_editor") -> Win:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        found: Win = service(by=by, win=win)
        return found


def page(scene: Scene, name: str = "wins", part: str = "school_editor", **more: str) -> str:
    slug = scene.cast.organisation(part.partition("_")[0]).slug
    kwargs = {"organisation_slug": slug, **more}
    if name != "home":
        kwargs["ref"] = scene.partnership.ref
    return reverse(name, kwargs=kwargs)


def shown(client: Client, url: str) -> str:
    return str(client.get(url).text)


def test_every_member_logs_and_sees_what_is_shared(scene: Scene) -> None:
    won(scene)
    won(scene, "health_editor", line="One timetable for both", happened_on=date(2026, 11, 1))

    for part in ("school_viewer", "health_editor"):
        assert seen(scene, part) == [LINE, "One timetable for both"]
    assert seen(scene, "council_editor") == []


def test_an_internal_one_is_ours_alone_until_it_is_shared_for_good(
    scene: Scene, superuser: Any
) -> None:
    win = won(scene, internal=True)
    assert (seen(scene, "school_viewer"), seen(scene, "health_editor")) == ([LINE], [])
    first = done(scene, services.share_win, win)
    again = done(scene, services.share_win, win)

    assert seen(scene, "health_editor") == [LINE]
    assert first.shared_at == again.shared_at
    with (
        acting(scene.cast.school_editor.scope),
        pytest.raises(DatabaseError, match="stays shared"),
        transaction.atomic(),
    ):
        Win.objects.filter(pk=win.pk).update(internal=True)


def test_what_is_taken_back_is_shown_nowhere_and_stays_so(scene: Scene) -> None:
    win = won(scene, **QUOTE)
    done(scene, services.take_win_back, win)

    assert seen(scene, "school_editor") == []
    with acting(scene.cast.school_editor.scope), transaction.atomic():
        section = next(each for each in sections() if each.name == "wins")
        (row,) = section.rows(scene.cast.school_editor)
    taken = dict(zip(section.columns, row, strict=True))
    assert (taken["line"], taken["quote"], taken["quoted"]) == ("", "", "")
    with pytest.raises(ValidationError, match="taken back already"):
        done(scene, services.share_win, win)
    with (
        acting(scene.cast.school_editor.scope),
        pytest.raises(DatabaseError, match="stays so"),
        transaction.atomic(),
    ):
        Win.objects.filter(pk=win.pk).update(withdrawn_at=None, withdrawn_by=None)


def test_the_same_again_is_one(scene: Scene) -> None:
    assert won(scene).pk == won(scene, line=f"  {LINE} ").pk
    assert won(scene).pk != won(scene, happened_on=today() - timedelta(days=1)).pk


@pytest.mark.parametrize("part", ["school_viewer", "council_editor"])
def test_who_only_reads_or_is_a_stranger_logs_none(scene: Scene, part: str) -> None:
    with pytest.raises(PermissionDenied):
        won(scene, part)


@pytest.mark.parametrize("service", [services.share_win, services.take_win_back])
def test_the_other_side_neither_shares_nor_takes_back(scene: Scene, service: Any) -> None:
    win = won(scene)
    with pytest.raises(PermissionDenied):
        done(scene, service, win, "health_editor")
    with acting(scene.cast.health_editor.scope), transaction.atomic():
        assert Win.objects.filter(pk=win.pk).update(withdrawn_at=win.created_at) == 0


def test_nobody_logs_for_others_and_no_text_changes(scene: Scene) -> None:
    win, by = won(scene), scene.cast.health_editor
    school = scene.cast.organisation("school")
    with acting(by.scope), pytest.raises(DatabaseError), transaction.atomic():
        Win.objects.create(
            partnership=scene.partnership,
            author_organisation=school,
            author_id=by.user_id,
            line="Theirs",
            happened_on=today(),
        )
    with (
        acting(scene.cast.school_editor.scope),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE wins_win SET line = 'Another' WHERE id = %s", [win.pk])


def test_who_left_the_partnership_sees_none(scene: Scene) -> None:
    won(scene)
    by = scene.cast.health_manager
    with acting(by.scope), transaction.atomic():
        leave(Member.objects.get(organisation=by.organisation_id), by=by)

    assert seen(scene, "health_editor") == []
    assert seen(scene, "school_editor") == [LINE]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"line": "  "}, "line"),
        ({"line": "x" * 201}, "line"),
        ({"quote": "Good", "quoted": ""}, "quoted"),
        ({"quote": "", "quoted": "A head teacher"}, "quote"),
        ({"quote": "x" * 301, "quoted": "A head teacher"}, "quote"),
        ({"happened_on": date(2100, 1, 1)}, "happened_on"),
        ({"happened_on": date(1999, 12, 31)}, "happened_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    scene: Scene, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        won(scene, **given)
    assert list(refused.value.error_dict) == [field]
    assert seen(scene, "school_editor") == []


def test_a_patients_number_is_refused(scene: Scene) -> None:
    with pytest.raises(IdentifierRefused):
        won(scene, line=f"Good for {NHS_NUMBER}")


def test_everything_that_is_wrong_is_said_at_once(scene: Scene) -> None:
    answer = sent(
        scene.cast.client("school_editor"),
        page(scene, "log-win"),
        line="",
        happened_on_day="31",
        happened_on_month="2",
        happened_on_year="2027",
        audience="shared",
        quote="Good",
        quoted="",
    )
    said = answer.content.decode()

    assert "Enter what went well, in one line" in said
    assert "#id_happened_on" in said
    assert services.NO_ROLE in said


def test_the_pages_log_share_and_take_back(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    assert "No wins yet" in shown(client, page(scene))
    made = sent(
        client,
        page(scene, "log-win"),
        line=LINE,
        happened_on_day="4",
        happened_on_month="1",
        happened_on_year="2027",
        audience="internal",
        **QUOTE,
    )
    assert made.status_code == 302
    listed = shown(client, page(scene))
    assert LINE in listed
    assert QUOTE["quoted"] in listed
    assert "Share with everyone" in listed
    health = scene.cast.client("health_editor")
    assert LINE not in shown(health, page(scene, part="health_editor"))

    with acting(scene.cast.school_editor.scope), transaction.atomic():
        win = Win.objects.get()
    sent(client, page(scene, "share-win", win=win.ref))
    assert "Share with everyone" not in shown(client, page(scene))
    for where in ("wins", "partnership", "home"):
        found = shown(health, page(scene, where, "health_editor"))
        assert LINE in found
        assert "Take back" not in found
    sent(client, page(scene, "take-win-back", win=win.ref))
    assert LINE not in shown(health, page(scene, part="health_editor"))
    assert "already" in client.get(page(scene, "share-win", win=win.ref), follow=True).text


def test_home_has_what_is_new_and_shared(scene: Scene) -> None:
    won(scene, line="Old", happened_on=today() - timedelta(days=31))
    won(scene, line="Kept for us", internal=True)
    won(scene, line="New and shared")
    home = shown(scene.cast.client("school_viewer"), page(scene, "home", "school_viewer"))

    assert "New and shared" in home
    assert ">Old<" not in home
    assert "Kept for us" not in home


def test_whoever_goes_leaves_them_behind(scene: Scene) -> None:
    won(scene)
    by = scene.cast.school_manager
    with acting(by.scope), transaction.atomic():
        left = left_by(by, scene.cast.users["school_editor"])
    assert {each.kind.name: each.count for each in left}["wins"] == 1
