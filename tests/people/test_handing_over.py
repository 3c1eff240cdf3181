"""What somebody leaves behind passes to a colleague, all of it or nothing."""

from __future__ import annotations

import psycopg
import pytest
from django.core.exceptions import ValidationError

from organisations.people import handover, services
from organisations.people.handover import HandOver
from partnerships.conversations.models import Conversation
from partnerships.record.models import Invitation, NamedContact
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to, on_record
from tests.people.arranging import (
    EDITOR_ADDRESS,
    as_contact,
    contact,
    joined,
    left,
    membership,
    removed,
    role_of,
    scheduled,
)
from tests.record.arranging import acting_as, answered, opened, shared
from tests.record.arranging import invited as partner_invited
from tests.tenancy.world import note

Superuser = psycopg.Connection


def test_what_somebody_leaves_behind_is_listed(cast: Cast) -> None:
    partnership = shared(cast)
    partner_invited(cast, opened(cast, name="Careers"))
    scheduled(cast, partnership)
    scheduled(cast, partnership, days=-7)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS.upper())
    with acting_as(cast.school_editor) as by:
        note(by, partnership, internal=True, summary="For us")
        note(by, partnership, internal=False, summary="For both")

    with acting_as(cast.school_manager) as by:
        found = handover.left_by(by, cast.users["school_editor"])

    assert {each.kind.name: (each.count, each.moves) for each in found} == {
        "contacts": (1, True),
        "touchpoints": (1, True),
        "partner_invitations": (1, True),
        "partnerships": (2, False),
        "conversations": (2, False),
    }
    assert found[0].names == ("Health hub: named contact",)


def test_one_organisation_learns_nothing_of_what_somebody_holds_at_another(cast: Cast) -> None:
    scheduled(cast, shared(cast))
    with acting_as(cast.school_manager) as by:
        services.invite_person(by=by, email="one@school.example", role="viewer")

    with acting_as(cast.health_manager) as by:
        assert handover.left_by(by, cast.users["school_editor"]) == []
        assert handover.left_by(by, cast.users["school_manager"]) == []


def test_touchpoints_to_come_pass_on_and_those_gone_by_stay(
    cast: Cast, superuser: Superuser
) -> None:
    partnership = shared(cast)
    coming, gone = scheduled(cast, partnership), scheduled(cast, partnership, days=-7)

    removed(cast, "school_editor", "school_manager")

    with acting_as(cast.school_manager):
        assert Touchpoint.objects.get(pk=coming.pk).author_id == cast.users["school_manager"].pk
        assert Touchpoint.objects.get(pk=gone.pk).author_id == cast.users["school_editor"].pk
    assert "touchpoint handed over" in on_record(superuser)


def test_the_partner_can_read_on_record_who_answers_for_a_touchpoint_now(
    cast: Cast, superuser: Superuser
) -> None:
    scheduled(cast, shared(cast))

    removed(cast, "school_editor", "school_manager")

    (acl,) = superuser.execute(
        "SELECT acl FROM organisations_auditevent WHERE action = 'touchpoint handed over'"
    ).fetchone()
    assert cast.organisation("health").pk in acl


def test_a_contact_is_replaced_and_the_partner_sees_the_new_one(cast: Cast) -> None:
    partnership = shared(cast)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)

    removed(cast, "school_editor", "school_manager", job_title=" Head of  inclusion ")

    assert contact(cast, partnership) == "school-manager@tandem.example"
    with acting_as(cast.health_editor):
        now = NamedContact.objects.select_related("posting__person").get(
            organisation=cast.organisation("school"), ended_at=None
        )
        assert now.posting.job_title == "Head of inclusion"
        assert now.posting.person.name == "School manager"


def test_a_deputy_who_takes_over_leaves_the_deputys_place_free(cast: Cast) -> None:
    partnership = shared(cast)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)
    as_contact(cast, partnership, "deputy", "school-manager@tandem.example")

    removed(cast, "school_editor", "school_manager")

    assert contact(cast, partnership, "named") == "school-manager@tandem.example"
    assert contact(cast, partnership, "deputy") is None


def test_nobody_becomes_their_own_deputy(cast: Cast) -> None:
    partnership = shared(cast)
    as_contact(cast, partnership, "named", "school-manager@tandem.example")
    as_contact(cast, partnership, "deputy", EDITOR_ADDRESS)

    removed(cast, "school_editor", "school_manager")

    assert contact(cast, partnership, "named") == "school-manager@tandem.example"
    assert contact(cast, partnership, "deputy") is None


def test_the_answer_to_an_invitation_goes_to_whoever_took_over(cast: Cast) -> None:
    invitation = partner_invited(cast, opened(cast))

    removed(cast, "school_editor", "school_manager")
    answered(cast, invitation)

    with acting_as(cast.school_manager):
        assert Invitation.objects.get().invited_by_id == cast.users["school_manager"].pk
    assert [m.subject for m in mailed_to(EDITOR_ADDRESS)] == [
        "You no longer belong to Windsor Academy Trust"
    ]
    assert len(mailed_to("school-manager@tandem.example")) == 1


def test_conversations_stay_under_the_name_of_whoever_logged_them(cast: Cast) -> None:
    partnership = shared(cast)
    with acting_as(cast.school_editor) as by:
        note(by, partnership, internal=False, summary="For both")

    removed(cast, "school_editor", "school_manager")

    with acting_as(cast.health_editor):
        assert Conversation.objects.get().author_id == cast.users["school_editor"].pk


def test_without_a_successor_nothing_happens_while_there_is_something_to_take_over(
    cast: Cast,
) -> None:
    scheduled(cast, shared(cast))

    with pytest.raises(ValidationError) as refusal:
        removed(cast, "school_editor")

    assert refusal.value.message_dict == {"successor": ["Choose who takes over"]}
    assert role_of(cast, "school_editor") == "editor"


@pytest.mark.parametrize("successor", ["school_editor", "school_viewer", "health_manager"])
def test_who_cannot_take_over(cast: Cast, successor: str) -> None:
    touchpoint = scheduled(cast, shared(cast))

    with pytest.raises(ValidationError, match="Choose someone who belongs"):
        removed(cast, "school_editor", successor)

    with acting_as(cast.school_manager):
        assert Touchpoint.objects.get(pk=touchpoint.pk).author_id == cast.users["school_editor"].pk


def test_a_successor_who_has_just_left(cast: Cast) -> None:
    scheduled(cast, shared(cast))
    joined(cast, "editor")
    heir = membership(cast, "newcomer")
    removed(cast, "newcomer")

    with (
        pytest.raises(ValidationError, match="Choose someone who belongs"),
        acting_as(cast.school_manager) as by,
    ):
        services.remove_person(by=by, membership=membership(cast, "school_editor"), successor=heir)


def test_a_new_contact_needs_a_job_title(cast: Cast) -> None:
    partnership = shared(cast)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)

    with pytest.raises(ValidationError) as refusal:
        removed(cast, "school_editor", "school_manager", job_title="  ")

    assert set(refusal.value.message_dict) == {"job_title"}
    assert contact(cast, partnership) == EDITOR_ADDRESS


def test_when_handing_over_fails_nothing_has_moved(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    touchpoint = scheduled(cast, shared(cast))

    def fails(*_: object) -> int:
        raise ValidationError("It cannot be moved.")

    broken = HandOver(name="broken", label="", count=lambda *_: 1, move=fails, order=999)
    monkeypatch.setitem(handover._kinds, "broken", broken)
    with pytest.raises(ValidationError, match="cannot be moved"):
        removed(cast, "school_editor", "school_manager")

    assert role_of(cast, "school_editor") == "editor"
    with acting_as(cast.school_manager):
        assert Touchpoint.objects.get(pk=touchpoint.pk).author_id == cast.users["school_editor"].pk


def test_an_editor_who_leaves_hands_over_oneself(cast: Cast) -> None:
    partnership = shared(cast)
    touchpoint = scheduled(cast, partnership)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)
    partner_invited(cast, opened(cast, name="Careers"))

    left(cast, "school_editor", "school_manager", "Head of inclusion")

    with acting_as(cast.school_manager) as by:
        assert Touchpoint.objects.get(pk=touchpoint.pk).author_id == by.user_id
        open_ones = Invitation.objects.filter(used_at=None)
        assert open_ones.get().invited_by_id == by.user_id
    assert contact(cast, partnership) == "school-manager@tandem.example"


def test_a_viewer_who_is_a_contact_stays_one_until_a_colleague_names_another(cast: Cast) -> None:
    partnership = shared(cast)
    as_contact(cast, partnership, "named", "school-viewer@tandem.example")

    with acting_as(cast.school_viewer) as by:
        (found,) = handover.left_by(by, cast.users["school_viewer"])
        assert not found.moves
    left(cast, "school_viewer")

    assert contact(cast, partnership) == "school-viewer@tandem.example"


def test_one_name_stands_for_one_thing(cast: Cast) -> None:
    known = handover._kinds["touchpoints"]
    handover.register(known)

    with pytest.raises(ValueError, match="touchpoints"):
        handover.register(HandOver(name="touchpoints", label="Other", count=lambda *_: 0))
