"""Writing the shared aim, version by version, and agreeing it by name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from organisations.guard_rail import IdentifierRefused
from organisations.tenancy.scope import acting
from partnerships.aims import selectors, services
from partnerships.aims.models import AimAgreed, AimComment, AimVersion
from tests.record.arranging import NHS_NUMBER
from tests.touchpoints.scene import Scene

PRIORITIES = ["Emotional wellbeing", "School attendance"]
AIM = "Every pupil who needs a school nurse sees one within a half term."


def wrote(scene: Scene, part: str = "school_editor", **more: Any) -> AimVersion:
    """Somebody writes the aim, in a committed transaction."""
    by = scene.cast.actors[part]
    values = {"priorities": PRIORITIES, "aim": AIM, "based_on": 0, **more}
    with acting(by.scope), transaction.atomic():
        return services.write_aim(by=by, partnership=scene.partnership, **values)


def agreed(scene: Scene, number: int, part: str = "school_editor") -> AimAgreed:
    """Somebody agrees a version, in a committed transaction."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        return services.agree_aim(
            by=by, partnership=scene.partnership, number=number, role="Director of inclusion"
        )


def by_all(scene: Scene, part: str = "school_editor") -> bool:
    """Whether every member has agreed the version that counts."""
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        newest = selectors.newest_of(by, scene.partnership)
        assert newest is not None
        return selectors.agreed_by_all(selectors.answers_to(by, newest))


def test_every_member_writes_and_reads_it(scene: Scene) -> None:
    wrote(scene)
    second = wrote(scene, "health_editor", aim="Another aim", based_on=1)

    assert second.number == 2
    assert second.author_organisation_id == scene.cast.organisation("health").pk
    by = scene.cast.actors["school_viewer"]
    with acting(by.scope), transaction.atomic():
        found = selectors.versions_of(by, scene.partnership)
    assert [(each.number, each.aim) for each in found] == [(2, "Another aim"), (1, AIM)]


@pytest.mark.parametrize("part", ["school_viewer", "council_editor"])
def test_a_viewer_and_a_stranger_write_and_agree_nothing(scene: Scene, part: str) -> None:
    wrote(scene)
    with pytest.raises(PermissionDenied):
        wrote(scene, part, aim="Theirs", based_on=1)
    with pytest.raises(PermissionDenied):
        agreed(scene, 1, part)


def test_the_same_again_makes_no_version(scene: Scene) -> None:
    assert wrote(scene).pk == wrote(scene, based_on=0).pk


def test_writing_over_what_another_has_just_saved_is_refused(scene: Scene) -> None:
    wrote(scene)
    with pytest.raises(ValidationError) as refused:
        wrote(scene, "health_editor", aim="Another aim", based_on=0)
    assert refused.value.code == services.CHANGED_MEANWHILE


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"priorities": [], "aim": " "}, "priorities"),
        ({"priorities": ["x" * 101]}, "priorities"),
        ({"priorities": [f"Priority {n}" for n in range(7)]}, "priorities"),
        ({"aim": "x" * 1501}, "aim"),
    ],
)
def test_what_is_empty_or_too_long_is_refused(
    scene: Scene, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        wrote(scene, **values)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("values", [{"priorities": [f"Pupil {NHS_NUMBER}"]}, {"aim": NHS_NUMBER}])
def test_the_numbers_of_children_are_refused(scene: Scene, values: dict[str, Any]) -> None:
    with pytest.raises(IdentifierRefused):
        wrote(scene, **values)


def test_it_is_agreed_by_name_once_every_member_has(scene: Scene) -> None:
    wrote(scene)
    first = agreed(scene, 1)
    assert first.name == str(scene.cast.users["school_editor"])
    assert first.role == "Director of inclusion"
    assert not by_all(scene)

    agreed(scene, 1, "health_editor")

    assert by_all(scene)


def test_agreeing_twice_is_once(scene: Scene) -> None:
    wrote(scene)
    assert agreed(scene, 1).pk == agreed(scene, 1).pk


def test_a_new_version_asks_again_and_the_old_cannot_be_agreed(scene: Scene) -> None:
    wrote(scene)
    agreed(scene, 1)
    agreed(scene, 1, "health_editor")
    wrote(scene, aim="Another aim", based_on=1)

    assert not by_all(scene)
    with pytest.raises(ValidationError) as refused:
        agreed(scene, 1)
    assert refused.value.code == services.CHANGED_MEANWHILE


def test_every_member_reads_a_comment_and_a_stranger_does_not(scene: Scene) -> None:
    wrote(scene)
    by = scene.cast.actors["health_editor"]
    with acting(by.scope), transaction.atomic():
        services.comment_on_aim(by=by, partnership=scene.partnership, text="We can do this.")

    for part, count in (("school_viewer", 1), ("council_editor", 0)):
        reader = scene.cast.actors[part]
        with acting(reader.scope), transaction.atomic():
            assert len(selectors.comments_of(reader, scene.partnership)) == count


def attempt(scene: Scene, part: str, model: Any, **values: Any) -> bool:
    """Whether the database itself takes a row."""
    by = scene.cast.actors[part]
    try:
        with acting(by.scope), transaction.atomic():
            model.objects.create(partnership=scene.partnership, **values)
    except DatabaseError:
        return False
    return True


def test_the_database_refuses_what_the_services_do(scene: Scene) -> None:
    first = wrote(scene)
    second = wrote(scene, aim="Another aim", based_on=1)
    ours, theirs = (scene.cast.organisation(each).pk for each in ("school", "health"))
    me, another = (scene.cast.users[each].pk for each in ("school_editor", "school_manager"))
    mine = {"organisation_id": ours, "user_id": me, "name": "A", "role": "B"}
    version = {"text": "A", "author_organisation_id": ours, "author_id": me}

    assert not attempt(scene, "school_editor", AimAgreed, version=first, **mine)
    for wrong in ({"organisation_id": theirs}, {"user_id": another}):
        assert not attempt(scene, "school_editor", AimAgreed, version=second, **{**mine, **wrong})
    assert not attempt(scene, "school_editor", AimVersion, number=4, **version)
    assert not attempt(
        scene, "school_editor", AimVersion, number=3, **{**version, "author_id": another}
    )
    assert not attempt(
        scene,
        "council_editor",
        AimComment,
        version=second,
        organisation_id=scene.cast.organisation("council").pk,
        author_id=scene.cast.users["council_editor"].pk,
        text="A",
    )
    assert attempt(scene, "school_editor", AimAgreed, version=second, **mine)


@pytest.mark.parametrize(
    "statement", ["UPDATE aims_aimversion SET aim = ''", "DELETE FROM aims_aimversion"]
)
def test_a_version_is_kept_as_it_was(scene: Scene, statement: str) -> None:
    wrote(scene)
    by = scene.cast.actors["school_editor"]
    with acting(by.scope), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(statement)
        transaction.set_rollback(True)
