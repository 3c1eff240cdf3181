"""Removing somebody and leaving: what they leave behind passes on, and access ends at once."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from organisations.models import Membership, PersonInvitation, Role
from organisations.people import handover, services
from organisations.people.handover import HandOver
from partnerships.conversations.models import Conversation
from partnerships.record.models import Invitation, NamedContact, Partnership
from partnerships.touchpoints.models import Touchpoint
from tests.cast import Cast
from tests.organisations.onlooker import mailed_to, on_record
from tests.people.arranging import accepted, invited, joined, membership, newcomer, page, role_of
from tests.record.arranging import acting_as, answered, named, opened, sent, shared
from tests.record.arranging import invited as partner_invited
from tests.tenancy.world import note

Superuser = psycopg.Connection
EDITOR_ADDRESS = "school-editor@tandem.example"


def removed(
    cast: Cast,
    part: str,
    successor: str | None = None,
    by: str = "school_manager",
    job_title: str = "Head of inclusion",
) -> Membership:
    heir = membership(cast, successor) if successor else None
    with acting_as(cast.actors[by]) as actor:
        return services.remove_person(
            by=actor, membership=membership(cast, part), successor=heir, job_title=job_title
        )


def left(cast: Cast, part: str, successor: str | None = None, job_title: str = "") -> Membership:
    heir = membership(cast, successor) if successor else None
    with acting_as(cast.actors[part]) as by:
        return services.leave(by=by, successor=heir, job_title=job_title)


def scheduled(cast: Cast, partnership: Partnership, *, days: int = 7) -> Touchpoint:
    """A touchpoint that the trust's editor scheduled."""
    with acting_as(cast.school_editor) as by:
        return Touchpoint.objects.create(
            partnership=partnership,
            author_organisation_id=by.organisation_id,
            author_id=by.user_id,
            kind="update",
            starts_at=timezone.now() + timedelta(days=days),
        )


def contact(cast: Cast, partnership: Partnership, function: str = "named") -> str | None:
    """The address of the trust's contact or deputy."""
    with acting_as(cast.school_manager) as by:
        return (
            NamedContact.objects.filter(
                partnership=partnership,
                organisation_id=by.organisation_id,
                function=function,
                ended_at=None,
            )
            .values_list("posting__email", flat=True)
            .first()
        )


def as_contact(cast: Cast, partnership: Partnership, function: str, email: str) -> None:
    named(
        cast,
        partnership,
        "school",
        function=function,
        name=email.partition("@")[0],
        job_title="Trust lead",
        email=email,
    )


# ------------------------------------------------------------------ ending


def test_access_ends_with_the_next_request(cast: Cast, superuser: Superuser) -> None:
    client = cast.client("school_viewer")
    assert client.get(page(cast, "home")).status_code == 200

    removed(cast, "school_viewer")

    for name in ("home", "people", "partnerships"):
        assert client.get(page(cast, name)).status_code == 404
    assert "Windsor" not in client.get("/organisations/").text
    assert "person removed" in on_record(superuser)


def test_it_ends_and_is_kept(cast: Cast, superuser: Superuser) -> None:
    before = superuser.execute("SELECT count(*) FROM organisations_membership").fetchone()

    removed(cast, "school_viewer")

    assert superuser.execute("SELECT count(*) FROM organisations_membership").fetchone() == before
    assert membership(cast, "school_viewer").ended_at is not None


def test_the_person_is_told_in_neutral_words(cast: Cast) -> None:
    removed(cast, "school_viewer")

    (letter,) = mailed_to("school-viewer@tandem.example")
    assert letter.subject == "You no longer belong to Windsor Academy Trust"
    assert "School manager" not in str(letter.body)


def test_whoever_was_removed_can_be_invited_again(cast: Cast) -> None:
    removed(cast, "school_viewer")

    invitation = invited(cast, "school-viewer@tandem.example", "editor")
    accepted(cast, invitation, "school_viewer")

    assert cast.client("school_viewer").get(page(cast, "home")).status_code == 200


def test_no_invitation_that_waits_leads_back_in(cast: Cast, superuser: Superuser) -> None:
    """Invited, then admitted by an operator before the invitation was used."""
    invitation = invited(cast, "late@school.example")
    newcomer(cast, "late@school.example")
    superuser.execute(
        "INSERT INTO organisations_membership (organisation_id, user_id, role, began_at) "
        "VALUES (%s, %s, 'viewer', now())",
        [cast.organisation("school").pk, cast.users["newcomer"].pk],
    )

    removed(cast, "newcomer")

    with pytest.raises(ValidationError, match="withdrawn"):
        accepted(cast, invitation)


@pytest.mark.parametrize("part", ["school_editor", "school_viewer", "health_manager", "stranger"])
def test_nobody_else_removes(cast: Cast, part: str) -> None:
    with pytest.raises(PermissionDenied):
        removed(cast, "school_viewer", by=part)
    assert role_of(cast, "school_viewer") == "viewer"


def test_removing_somebody_twice(cast: Cast) -> None:
    stale = membership(cast, "school_viewer")
    removed(cast, "school_viewer")

    with (
        pytest.raises(ValidationError, match="School viewer no longer belongs"),
        acting_as(cast.school_manager) as by,
    ):
        services.remove_person(by=by, membership=stale, successor=None)


def test_one_leaves_oneself_and_does_not_remove_oneself(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Leave the organisation instead"):
        removed(cast, "school_manager")


def test_the_last_manager_cannot_leave(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="You are the only manager"):
        left(cast, "school_manager")

    assert role_of(cast, "school_manager") == "manager"


def test_one_of_two_managers_can(cast: Cast, superuser: Superuser) -> None:
    joined(cast, "manager")

    left(cast, "school_manager")

    assert role_of(cast, "school_manager") is None
    assert on_record(superuser)[-1] == "person left"


def test_a_viewer_leaves_without_asking_anybody(cast: Cast) -> None:
    left(cast, "school_viewer")

    assert cast.client("school_viewer").get(page(cast, "people")).status_code == 404


# ------------------------------------------------------------------ handing over


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


# ------------------------------------------------------------------ the pages


def test_the_page_lists_it_and_asks_who_takes_over(cast: Cast) -> None:
    partnership = shared(cast)
    scheduled(cast, partnership)
    as_contact(cast, partnership, "named", EDITOR_ADDRESS)
    url = page(cast, "remove-person", person=membership(cast, "school_editor").ref)
    client = cast.client("school_manager")

    text = client.get(url).text
    assert "Touchpoints to come" in text
    assert "Health hub: named contact" in text
    assert "Who takes over?" in text
    assert "School viewer (" not in text, "a viewer cannot keep the record"

    refused = sent(client, url)
    assert "Choose who takes over" in refused.text
    assert "Enter the job title" in refused.text

    done = sent(client, url, successor=membership(cast, "school_manager").ref, job_title="Head")
    assert done["Location"] == page(cast, "people")
    assert "School editor no longer belongs" in client.get(done["Location"]).text
    assert contact(cast, partnership) == "school-manager@tandem.example"


@pytest.mark.parametrize("whose", ["health_manager", "school_viewer", "school_editor"])
def test_a_successor_forged_in_the_form(cast: Cast, whose: str) -> None:
    touchpoint = scheduled(cast, shared(cast))
    url = page(cast, "remove-person", person=membership(cast, "school_editor").ref)

    response = sent(cast.client("school_manager"), url, successor=membership(cast, whose).ref)

    assert "Choose who takes over" in response.text
    assert role_of(cast, "school_editor") == "editor"
    with acting_as(cast.school_manager):
        assert Touchpoint.objects.get(pk=touchpoint.pk).author_id == cast.users["school_editor"].pk


def test_with_nothing_to_take_over_there_is_one_button(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "school_viewer").ref)
    client = cast.client("school_manager")

    assert "Nothing that somebody else would have to take over" in client.get(url).text
    assert sent(client, url)["Location"] == page(cast, "people")
    assert client.get(url).status_code == 404


def test_somebody_of_another_organisation_is_not_found(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "health_editor").ref)
    client = cast.client("school_manager")

    assert client.get(url).status_code == 404
    assert client.post(url, {}).status_code == 404
    assert role_of(cast, "health_editor") == Role.EDITOR


def test_a_manager_who_means_to_remove_themselves_is_led_to_leaving(cast: Cast) -> None:
    url = page(cast, "remove-person", person=membership(cast, "school_manager").ref)

    response = cast.client("school_manager").get(url)

    assert response["Location"] == page(cast, "leave")


def test_leaving_leads_to_ones_organisations(cast: Cast) -> None:
    client = cast.client("school_viewer")

    response = sent(client, page(cast, "leave"))

    assert response["Location"] == "/organisations/"
    assert "You have left Windsor Academy Trust" in client.get("/organisations/").text


def test_the_last_manager_reads_why_they_cannot_leave(cast: Cast) -> None:
    text = cast.client("school_manager").get(page(cast, "leave")).text

    assert "You are the only manager" in text
    assert 'name="once"' not in text


def test_removing_a_manager_lists_whom_they_invited(cast: Cast) -> None:
    joined(cast, "manager")
    invited(cast, "waiting@school.example", by="newcomer")
    url = page(cast, "remove-person", person=membership(cast, "newcomer").ref)

    assert "People they invited" in cast.client("school_manager").get(url).text
    removed(cast, "newcomer")

    with acting_as(cast.school_manager):
        assert PersonInvitation.objects.get(email="waiting@school.example").is_open
