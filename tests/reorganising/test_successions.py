"""Who took over from whom, recorded by hand: what cannot be, who may, what the directory says."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.models import Kind, Organisation, Succession
from organisations.reorganising.selectors import chain_of
from organisations.reorganising.successions import (
    correct_succession,
    record_successions,
    remove_succession,
)
from organisations.tenancy.scope import acting
from tests.cast import Cast
from tests.organisations.onlooker import Superuser, on_record
from tests.organisations.test_joining import once_in
from tests.record.arranging import acting_as
from tests.reorganising.arranging import A_DAY, followed, recorded, trusts


def refused(cast: Cast, **answers: object) -> dict[str, list[str]]:
    former, later = trusts(2)
    asked = {"predecessor": former, "successors": [later], "happened_on": A_DAY, "nature": "merger"}
    with acting_as(cast.operator) as by, pytest.raises(ValidationError) as refusal:
        record_successions(by=by, **{**asked, **answers})
    return refusal.value.message_dict


def test_a_successor_is_recorded_corrected_and_removed(cast: Cast, superuser: Superuser) -> None:
    made = recorded(cast)
    with acting_as(cast.operator) as by:
        corrected = correct_succession(
            by=by, succession=made, happened_on=date(2026, 10, 1), nature="conversion"
        )
    assert (corrected.happened_on, corrected.nature) == (date(2026, 10, 1), "conversion")
    assert chain_of(made.successor).before == [made]
    with acting_as(cast.operator) as by:
        remove_succession(by=by, succession=made)

    assert chain_of(made.predecessor).after == []
    assert on_record(superuser, user_id=cast.operator.user_id)[-3:] == [
        "succession recorded",
        "succession corrected",
        "succession removed",
    ]


def test_a_split_has_several_and_a_merger_comes_from_several(cast: Cast) -> None:
    former, second, first, other = trusts(4)
    with acting_as(cast.operator) as by:
        asked = {"predecessor": former, "happened_on": A_DAY, "nature": "split"}
        record_successions(by=by, successors=[first, second], **asked)
    followed(cast, other, second, day=A_DAY)

    assert {each.successor for each in chain_of(former).after} == {first, second}
    assert {each.predecessor for each in chain_of(second).before} == {former, other}


def test_what_cannot_be_is_refused_with_the_field(cast: Cast) -> None:
    former, later = trusts(2)
    school = Organisation.objects.filter(kind=Kind.SCHOOL).order_by("pk")[0]
    former.opened_on = date(2020, 9, 1)
    ended = Organisation(**{**vars_of(later), "closed_on": date(2026, 1, 1)})

    assert "of another kind" in refused(cast, successors=[school])["successors"][0]
    assert "cannot take over from itself" in refused(cast, successors=[former])["successors"][0]
    assert "at least one" in refused(cast, successors=[])["successors"][0]
    assert "at least two" in refused(cast, nature="split")["successors"][0]
    assert "this is a split" in refused(cast, successors=trusts(3)[1:])["nature"][0]
    assert "Say what happened" in refused(cast, nature="magic")["nature"][0]
    asked = refused(cast, predecessor=former, happened_on=date(2020, 8, 31))
    assert "had not begun by then" in asked["happened_on"][0]
    assert "had ended by then" in refused(cast, successors=[ended])["happened_on"][0]


def vars_of(organisation: Organisation) -> dict[str, object]:
    return {
        field.attname: getattr(organisation, field.attname)
        for field in Organisation._meta.concrete_fields
        if not field.generated
    }


def test_it_is_recorded_once(cast: Cast) -> None:
    recorded(cast)

    assert "recorded already" in refused(cast)["successors"][0]


def test_no_chain_leads_back_neither_by_a_service_nor_by_the_database(
    cast: Cast, superuser: Superuser
) -> None:
    first, second, third = trusts(3)
    followed(cast, first, second, day=A_DAY)
    followed(cast, second, third, day=A_DAY + timedelta(days=1))

    said = refused(cast, predecessor=third, successors=[first])["successors"][0]

    assert "cannot lead back" in said
    with pytest.raises(psycopg.errors.CheckViolation, match="leads back"):
        superuser.execute(
            "INSERT INTO organisations_succession (predecessor_id, successor_id, happened_on, "
            "nature) VALUES (%s, %s, '2027-01-01', 'merger')",
            [third.pk, first.pk],
        )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_whatever_is_recorded_no_chain_loops(cast: Cast, pairs: list[tuple[int, int]]) -> None:
    places = trusts(6)
    with acting_as(cast.operator) as by:
        for former, later in pairs:
            try:
                record_successions(
                    by=by,
                    predecessor=places[former],
                    successors=[places[later]],
                    happened_on=A_DAY,
                    nature="merger",
                )
            except ValidationError:
                continue
        edges: dict[int, set[int]] = {}
        for one in Succession.objects.all():
            edges.setdefault(one.predecessor_id, set()).add(one.successor_id)
        transaction.set_rollback(True)
    for start, nearest in edges.items():
        seen: set[int] = set()
        ahead = set(nearest)
        while ahead:
            reached = ahead.pop()
            assert reached != start
            if reached not in seen:
                seen.add(reached)
                ahead |= edges.get(reached, set())


def test_what_open_data_say_is_not_changed_by_hand(cast: Cast) -> None:
    published = Succession.objects.filter(recorded_by=None).order_by("pk")[0]

    with acting_as(cast.operator) as by, pytest.raises(ValidationError, match="open data"):
        remove_succession(by=by, succession=published)
    with acting_as(cast.operator), transaction.atomic():
        assert Succession.objects.filter(pk=published.pk).delete()[0] == 0


def test_nobody_but_an_operator_records_one(cast: Cast) -> None:
    former, later = trusts(2)
    asked = {"predecessor": former, "successors": [later], "happened_on": A_DAY, "nature": "merger"}
    with acting_as(cast.school_manager) as by, pytest.raises(PermissionDenied):
        record_successions(by=by, **asked)
    with pytest.raises(DatabaseError), acting(cast.school_manager.scope), transaction.atomic():
        Succession.objects.create(
            predecessor=former, successor=later, happened_on=A_DAY, nature="merger"
        )
    with pytest.raises(IntegrityError), acting(cast.operator.scope), transaction.atomic():
        Succession.objects.create(
            predecessor=former,
            successor=later,
            happened_on=A_DAY,
            nature="merger",
            recorded_by_id=cast.operator.user_id,
        )


def test_the_pages_record_it_and_the_directory_says_it(cast: Cast) -> None:
    former, later = trusts(2)
    operator, reader = cast.client("operator"), cast.client("school_viewer")
    page = reverse("record-succession", args=[former.slug])
    day = {"happened_on_day": "1", "happened_on_month": "9", "happened_on_year": "2026"}

    wrong = operator.post(
        page,
        {"once": once_in(operator.get(page).text), "nature": "merger", **day, "successors": "nope"},
    )
    assert "Line 1: no organisation has the code nope" in wrong.text
    done = operator.post(
        page,
        {"once": once_in(wrong.text), "nature": "merger", **day, "successors": later.code},
    )

    assert later.name in operator.get(done["Location"]).text
    slug = cast.organisation("school").slug
    about = reader.get(reverse("organisation", args=[slug, former.slug])).text
    assert "Taken over by" in about
    assert later.name in about
    about = reader.get(reverse("organisation", args=[slug, later.slug])).text
    assert "Took over from" in about
    assert "merger, 1 September 2026" in about
