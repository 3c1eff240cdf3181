"""A reorganisation from its preparation to its day: what follows, what stays, who sees what."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import time, timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Gateway, Posting
from initiatives.measures.models import Measure
from initiatives.sessions.models import Session, State
from organisations.actor import Actor
from organisations.models import (
    Kind,
    Membership,
    Organisation,
    PersonInvitation,
    Reorganisation,
    ReorganisationRow,
)
from organisations.reorganising import applying, registry, selectors
from organisations.reorganising.presenters import rows_with_words
from organisations.reorganising.services import (
    approve_reorganisation,
    call_off_reorganisation,
    decide_rows,
    open_reorganisation,
)
from organisations.reorganising.successions import (
    correct_succession,
    record_successions,
    remove_succession,
)
from organisations.tenancy.scope import Scope, acting
from partnerships.conversations.models import Conversation
from partnerships.conversations.services import log_conversation
from partnerships.record.models import Member, MemberState, NamedContact, Partnership
from partnerships.record.services import add_partner
from tests.audit.every_service import SAID
from tests.cast import Cast
from tests.exporting.test_large import wait_until, waits_for_a_lock
from tests.initiative_sessions.arranging import planned, recorded
from tests.measures.arranging import measured, raw, reading, told
from tests.organisations.onlooker import Superuser, mailed_to, on_record
from tests.plans.arranging import started
from tests.record.arranging import acting_as, invited, named, opened, shared
from tests.reorganising.arranging import (
    A_DAY,
    approved,
    followed,
    for_it,
    joined,
    nhs_trusts,
    prepared,
    trusts,
)

APPLY = """
import django
django.setup()
from organisations.reorganising import applying
applying.BATCH = 1
applying.apply_due()
"""


def talk(cast: Cast, actor: Actor, partnership: Partnership, **more: Any) -> Conversation:
    with acting_as(actor) as by:
        return log_conversation(by=by, partnership=partnership, **{**SAID, **more})


def seen(actor: Actor, model: Any = Conversation) -> set[int]:
    with acting_as(actor):
        return set(model.objects.values_list("pk", flat=True))


def test_the_successor_takes_its_place_and_sees_what_that_side_saw(
    cast: Cast, superuser: Superuser
) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    contact = named(cast, partnership, by="health_editor")
    both = talk(cast, cast.school_editor, partnership)
    theirs = talk(cast, cast.health_editor, partnership, internal=True)
    ours = talk(cast, cast.school_editor, partnership, internal=True, summary="For us")
    (later,) = nhs_trusts(1)
    keeper = joined(cast, later)
    assert seen(keeper) == set()
    approved(cast, health, later)

    assert applying.apply_due() == 1

    assert seen(keeper) == {both.pk, theirs.pk}
    assert seen(cast.school_editor) == {both.pk, ours.pk}
    assert both.pk not in seen(cast.health_editor)
    assert seen(cast.stranger) == set()
    with acting_as(keeper):
        note = Conversation.objects.select_related("author_organisation").get(pk=theirs.pk)
        assert note.author_organisation == health
        places = {m.organisation_id: m for m in Member.objects.filter(partnership=partnership)}
        now = NamedContact.objects.get(partnership=partnership, ended_at=None)
    assert places[health.pk].state == MemberState.SUCCEEDED
    assert (places[health.pk].succeeded_by_id, places[health.pk].succeeded_on) == (later.pk, A_DAY)
    assert places[later.pk].state == MemberState.ACCEPTED
    assert (now.organisation_id, now.posting_id == contact.posting_id) == (later.pk, False)
    with acting_as(keeper):
        old = Posting.objects.filter(pk=contact.posting_id).first()
        new = Posting.objects.select_related("person", "details").get(pk=now.posting_id)
    assert old is None or old.ended_on == A_DAY - timedelta(days=1)
    assert (new.organisation_id, new.started_on) == (later.pk, A_DAY)
    assert new.details.email
    health.refresh_from_db()
    assert health.left_at is not None
    assert health.closed_on == A_DAY
    assert "organisation succeeded" in on_record(superuser)


def test_people_are_invited_where_the_successor_has_joined(cast: Cast) -> None:
    health, (later,) = cast.organisation("health"), nhs_trusts(1)
    keeper = joined(cast, later)
    approved(cast, health, later)
    applying.apply_due()

    with acting_as(keeper):
        roles = dict(
            PersonInvitation.objects.filter(organisation=later).values_list("email", "role")
        )
    assert roles == {
        "health-manager@tandem.example": "manager",
        "health-editor@tandem.example": "editor",
    }
    subjects = [each.subject for each in mailed_to("health-editor@tandem.example")]
    assert any("invites you" in each for each in subjects)
    with acting_as(cast.operator):
        assert not Membership.objects.filter(organisation=health, ended_at=None).exists()


def test_people_belong_at_once_where_it_has_not_and_a_manager_opens_it(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    both = talk(cast, cast.school_editor, partnership)
    (later,) = nhs_trusts(1)
    approved(cast, health, later)
    applying.apply_due()

    with acting_as(cast.operator):
        found = Membership.objects.filter(organisation=later, ended_at=None)
        assert set(found.values_list("user_id", "role")) == {
            (cast.health_manager.user_id, "manager"),
            (cast.health_editor.user_id, "editor"),
        }
    later.refresh_from_db()
    assert later.joined_at is None
    assert both.pk in seen(for_it(cast, "health_manager", later))
    assert cast.client("health_manager").get("/")["Location"].endswith(f"{later.slug}/terms/")
    (told,) = [
        each for each in mailed_to("health-editor@tandem.example") if "succeeded" in each.subject
    ]
    assert "It opens as soon as one of its managers" in str(told.body)


def test_everyone_is_told_once_with_the_partnerships(cast: Cast) -> None:
    shared(cast)
    (later,) = nhs_trusts(1)
    approved(cast, cast.organisation("health"), later)
    applying.apply_due()
    applying.apply_due()

    (told,) = [e for e in mailed_to("school-editor@tandem.example") if "succeeded" in e.subject]

    assert "Health hub" in str(told.body)
    assert f"{later.name} took over from it on 1 September 2026" in str(told.body)
    assert not [e for e in mailed_to("stranger@tandem.example") if "succeeded" in e.subject]


def test_an_owner_is_followed_and_its_invitations_end(cast: Cast) -> None:
    partnership = opened(cast)
    invitation = invited(cast, partnership)
    school, (later,) = cast.organisation("school"), trusts(1)
    approved(cast, school, later)
    applying.apply_due()

    with acting(Scope(organisation_id=later.pk)), transaction.atomic():
        now = Partnership.objects.get(pk=partnership.pk)
        assert now.owner_id == later.pk
        assert (
            Member.objects.get(
                partnership=now, organisation__slug=cast.organisation("health").slug
            ).state
            == MemberState.RECORDED
        )
    with acting_as(cast.health_editor):
        invitation.refresh_from_db()
        assert invitation.revoked_at is not None


def test_one_that_is_there_already_is_not_there_twice(cast: Cast) -> None:
    partnership = shared(cast)
    council, health = cast.organisation("council"), cast.organisation("health")
    (later,) = nhs_trusts(1)
    with acting_as(cast.school_editor) as by:
        add_partner(by=by, partnership=partnership, partner=later)
    approved(cast, health, later)
    applying.apply_due()

    with acting_as(cast.school_editor):
        places = Member.objects.filter(partnership=partnership)
        states = {each.organisation_id: each.state for each in places}
    assert states[later.pk] == MemberState.ACCEPTED
    assert states[health.pk] == MemberState.SUCCEEDED
    assert council.pk not in states


def test_what_was_planned_is_run_by_the_successor_and_what_was_held_stays(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    drop_in = started(cast.school_editor, partnership)
    held = recorded(cast.health_editor, planned(cast.health_editor, drop_in), pupils=12)
    waits = planned(cast.health_editor, drop_in, time=time(14, 0))
    ours = planned(cast.school_editor, drop_in, time=time(16, 0))
    (later,) = nhs_trusts(1)
    keeper = joined(cast, later)
    approved(cast, health, later)

    assert applying.apply_due() == 1

    with acting_as(keeper):
        runs = {each.pk: each.organisation_id for each in Session.objects.all()}
    school = cast.organisation("school")
    assert runs == {held.pk: health.pk, waits.pk: later.pk, ours.pk: school.pk}
    # And its people say who came
    assert recorded(keeper, waits, pupils=20).state == State.HELD


def test_the_successor_measures_on_and_what_was_measured_stays(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    drop_in = started(cast.school_editor, partnership)
    before = measured(cast.health_editor, drop_in)
    reading(cast.health_editor, before, 42)
    (later,) = nhs_trusts(1)
    keeper = joined(cast, later)
    approved(cast, health, later)

    assert applying.apply_due() == 1

    with acting_as(keeper):
        old, new = Measure.objects.order_by("pk")
    assert (old.pk, old.organisation_id, old.owner_id, old.periods_read) == (
        before.pk, health.pk, before.owner_id, 1,
    )  # fmt: skip
    assert (new.name, new.organisation_id, new.owner_id) == (old.name, later.pk, keeper.user_id)
    assert (new.periods_read, new.read_until) == (0, None)
    # Nobody there reads what was entered before, and whoever measures now enters readings
    assert raw(keeper) == []
    new.initiative = drop_in
    reading(keeper, new, 50)
    assert raw(keeper) == [50]
    assert told(keeper, new) == [("", "shown", 50, "", None)]


def test_gateways_follow(cast: Cast) -> None:
    council = cast.organisation("council")
    other = (
        Organisation.objects.filter(kind=Kind.COUNCIL, closed_on=None)
        .exclude(pk=council.pk)
        .order_by("pk")[0]
    )
    hosted = set(Gateway.objects.filter(host=council).values_list("pk", flat=True))
    assert hosted
    approved(cast, council, other)
    applying.apply_due()
    assert hosted <= set(Gateway.objects.filter(host=other).values_list("pk", flat=True))


def test_what_stays_stays(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    (later,) = nhs_trusts(1)
    made = prepared(cast, health, later)
    with acting_as(cast.operator) as by:
        kind = registry.kind_named("partnerships")
        assert kind is not None
        rows = [row.pk for row in selectors.rows_of(made, kind)]
        assert decide_rows(by=by, reorganisation=made, rows=rows, successor=None) == 1
        approve_reorganisation(by=by, reorganisation=made)
    applying.apply_due()

    with acting_as(cast.school_editor):
        places = Member.objects.filter(partnership=partnership)
        assert later.pk not in {each.organisation_id for each in places}


def test_a_split_is_proposed_by_where_the_schools_lie_or_asked(cast: Cast) -> None:
    board = cast.organisation("icb")
    partnership = opened(cast, "icb", "With the board")
    first, second = (
        Organisation.objects.filter(kind=Kind.ICB, closed_on=None)
        .exclude(pk=board.pk)
        .order_by("pk")[:2]
    )
    with acting_as(cast.operator) as by:
        record_successions(
            by=by,
            predecessor=board,
            successors=[first, second],
            happened_on=A_DAY,
            nature="split",
        )
        made = open_reorganisation(by=by, predecessor=board)
        kind = registry.kind_named("partnerships")
        assert kind is not None
        (row,) = selectors.rows_of(made, kind, undecided=True)
        with pytest.raises(ValidationError, match="undecided still"), transaction.atomic():
            approve_reorganisation(by=by, reorganisation=made)
        stranger = nhs_trusts(1)[0]
        with pytest.raises(ValidationError, match="no successor on record"), transaction.atomic():
            decide_rows(by=by, reorganisation=made, rows=[row.pk], successor=stranger)
        for each in registry.kinds():
            rows = [one.pk for one in selectors.rows_of(made, each, undecided=True)]
            decide_rows(by=by, reorganisation=made, rows=rows, successor=second)
        approve_reorganisation(by=by, reorganisation=made)
    applying.apply_due()

    with acting_as(cast.school_editor):
        states = {
            each.organisation_id: each.state
            for each in Member.objects.filter(partnership=partnership)
        }
    assert states[board.pk] == MemberState.SUCCEEDED
    assert states[second.pk] == MemberState.RECORDED
    assert first.pk not in states


def test_nothing_happens_before_its_day_and_it_can_be_called_off(cast: Cast) -> None:
    partnership, health = shared(cast), cast.organisation("health")
    (later,) = nhs_trusts(1)
    day = timezone.localdate() + timedelta(days=30)
    made = followed(cast, health, later, day=day)
    with acting_as(cast.operator) as by:
        it = open_reorganisation(by=by, predecessor=health)
        approve_reorganisation(by=by, reorganisation=it)

    assert applying.apply_due() == 0
    with pytest.raises(ValidationError, match="Call it off first"), acting_as(cast.operator) as by:
        remove_succession(by=by, succession=made)
    with acting_as(cast.operator) as by:
        call_off_reorganisation(by=by, reorganisation=it)
        correct_succession(by=by, succession=made, happened_on=A_DAY, nature="merger")
    assert applying.apply_due() == 0
    with acting_as(cast.health_editor):
        assert (
            Member.objects.get(partnership=partnership, organisation=health).state
            == MemberState.ACCEPTED
        )


def test_after_its_day_nothing_is_taken_back(cast: Cast) -> None:
    (later,) = nhs_trusts(1)
    health = cast.organisation("health")
    made = approved(cast, health, later)
    applying.apply_due()

    with acting_as(cast.operator) as by:
        with pytest.raises(ValidationError, match="It is over"):
            call_off_reorganisation(by=by, reorganisation=made)
        succession = selectors.chain_of(health).after[0]
        with pytest.raises(ValidationError, match="followed already"):
            correct_succession(by=by, succession=succession, happened_on=A_DAY, nature="split")


def test_nobody_but_an_operator_prepares_one_or_sees_it(cast: Cast) -> None:
    (later,) = nhs_trusts(1)
    made = prepared(cast, cast.organisation("health"), later)
    for part in ("school_manager", "health_manager", "stranger", "nobody"):
        with acting_as(cast.actors[part]) as by:
            assert not Reorganisation.objects.exists()
            assert not ReorganisationRow.objects.exists()
            with pytest.raises(PermissionDenied):
                approve_reorganisation(by=by, reorganisation=made)
            for kind in registry.kinds():
                assert selectors.described(kind, []) == {}
        asking = acting_as(cast.actors[part])
        with pytest.raises(DatabaseError), asking, connection.cursor() as cursor:
            cursor.execute("SELECT tandem.gather_people(%s)", [made.pk])


def test_a_member_does_not_succeed_itself_by_hand(cast: Cast) -> None:
    partnership = shared(cast)
    (later,) = nhs_trusts(1)
    with pytest.raises(DatabaseError), acting_as(cast.health_manager):
        Member.objects.filter(
            partnership=partnership, organisation=cast.organisation("health")
        ).update(state=MemberState.SUCCEEDED)
    with pytest.raises(DatabaseError), acting_as(cast.operator), connection.cursor() as cursor:
        cursor.execute("SELECT tandem.take_reorganisation_row(1, 'people')")
    assert later.pk


def test_the_preview_takes_as_many_statements_for_many_partnerships(cast: Cast) -> None:
    taken = []
    health = cast.organisation("health")
    (later,) = nhs_trusts(1)
    for name in ("One", "Two", "Three", "Four"):
        opened(cast, "health", name)
    it = prepared(cast, health, later)
    kind = registry.kind_named("partnerships")
    assert kind is not None
    for number in (1, 4):
        with acting_as(cast.operator), CaptureQueriesContext(connection) as captured:
            listed = rows_with_words(kind, selectors.rows_of(it, kind)[:number])
        assert len(listed) == number
        taken.append(len(captured.captured_queries))
    assert taken[0] == taken[1]


def test_a_worker_killed_in_the_middle_leads_to_the_same_end(
    cast: Cast, superuser: Superuser
) -> None:
    """It is held up at the partnerships, killed, and another one goes on with what is left."""
    partnership, health = shared(cast), cast.organisation("health")
    talk(cast, cast.school_editor, partnership)
    named(cast, partnership, by="health_editor")
    (later,) = nhs_trusts(1)
    joined(cast, later)
    it = approved(cast, health, later)
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE record_member IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "-c", APPLY]
        with subprocess.Popen(command, env=os.environ) as victim:
            try:
                assert wait_until(lambda: waits_for_a_lock(superuser), seconds=60)
            finally:
                victim.send_signal(signal.SIGKILL)
    before = done(superuser, it.pk)
    assert applying.apply_due() == 1

    assert before < done(superuser, it.pk)
    invitations = superuser.execute(
        "SELECT count(*), count(DISTINCT email) FROM organisations_personinvitation"
    ).fetchone()
    assert invitations == (2, 2)
    with acting(Scope(organisation_id=later.pk)), transaction.atomic():
        assert Posting.objects.filter(organisation=later).count() == 1
        assert Member.objects.filter(partnership=partnership, organisation=later).count() == 1
    assert len([e for e in mailed_to("school-editor@tandem.example") if "succ" in e.subject]) == 1


def done(superuser: Superuser, pk: int) -> int:
    row = superuser.execute(
        "SELECT count(*) FROM organisations_reorganisationrow "
        "WHERE reorganisation_id = %s AND done_at IS NOT NULL",
        [pk],
    ).fetchone()
    assert row is not None
    return int(row[0])
