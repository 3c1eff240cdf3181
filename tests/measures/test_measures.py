"""Measures and readings: what is entered, who sees it raw, and what others may know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission as DjangoPermission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from calendars.terms import typical_terms
from initiatives.measures import presenters, selectors, services
from initiatives.measures.library import measures
from initiatives.measures.models import Measure, PublishedReading, Reading, ReadingPublication
from initiatives.measures.periods import ended_periods
from initiatives.measures.publisher import raw_readings
from initiatives.plans.models import Initiative, InitiativeGrant
from organisations.actor import Actor
from organisations.guard_rail import IdentifierRefused
from organisations.models import User
from organisations.people.handover import Successor, left_by
from partnerships.agreements import papers
from tests.agreements.arranging import papered
from tests.agreements.arranging import started as agreement_started
from tests.measures.arranging import (
    DEFINITION,
    SHARE,
    entries,
    measured,
    raw,
    reading,
    told,
)
from tests.people.arranging import joined
from tests.plans.arranging import started
from tests.record.arranging import NHS_NUMBER, acting_as, sent
from tests.touchpoints.scene import Scene

KINDS = ("csv", "xlsx")
EVERYBODY = ("school_manager", "school_viewer", "health_editor", "council_editor", "stranger")


@pytest.fixture
def drop_in(scene: Scene) -> Initiative:
    return started(scene.cast.school_editor, scene.partnership)


@pytest.fixture
def shared_with_all(scene: Scene) -> Any:
    """A data sharing agreement that is kept elsewhere is in force."""
    agreement = agreement_started(scene)
    return papered(
        scene, agreement, kind="dsa", reference="Sharing agreement 7", dated=date(2026, 10, 1)
    )


def refused(by: Actor, measure: Measure, *numbers: Any, **more: Any) -> dict[str, list[str]]:
    """The messages of a reading that is refused, by field; nothing of it is kept."""
    with acting_as(by):
        given = entries(by, measure, *numbers, **more)
    before = raw(by)
    with acting_as(by), pytest.raises(ValidationError) as caught:
        services.record_reading(by=by, measure=measure, entries=given)
    assert raw(by) == before
    return caught.value.message_dict


def counts(statement: str, by: Actor) -> int:
    """How many rows a statement of the web role reaches; none where it is refused."""
    try:
        with acting_as(by), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)
    except DatabaseError:
        return 0


# ---------------------------------------------------------------- the library


def test_the_library_has_thirty_two_measures_that_can_be_added(
    scene: Scene, drop_in: Initiative
) -> None:
    known = measures()
    assert len(known) == 32
    assert "INCLUDES severe" in known["persistent_absence"].numerator
    by = scene.cast.school_editor
    for each in known.values():
        definition = services.Definition(
            name=each.name,
            unit=each.unit,
            direction=each.direction,
            level=each.level,
            period=each.period,
            person_based=each.person_based,
            numerator=each.numerator,
            denominator=each.denominator,
        )
        assert measured(by, drop_in, definition, each.key).library == each.key


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"unit": "furlongs"}, "unit"),
        ({"direction": ""}, "direction"),
        ({"period": "fortnight"}, "period"),
        ({"target": Decimal(-1)}, "target"),
        ({"unit": "percent", "target": Decimal(101)}, "target"),
        ({"groups": ("Year 7",)}, "groups"),
        ({"groups": tuple(map(str, range(13)))}, "groups"),
        ({"unit": "score", "groups": ("Year 7", "Year 8")}, "groups"),
    ],
)
def test_a_definition_that_does_not_fit_is_refused_by_its_field(
    scene: Scene, drop_in: Initiative, given: dict[str, Any], field: str
) -> None:
    with acting_as(scene.cast.school_editor) as by, pytest.raises(ValidationError) as caught:
        services.add_measure(by=by, initiative=drop_in, definition=replace(DEFINITION, **given))
    assert list(caught.value.message_dict) == [field]


def test_pupils_numbers_are_refused_in_its_words(scene: Scene, drop_in: Initiative) -> None:
    for field in ("quality_note", "groups"):
        value: Any = (NHS_NUMBER, "Year 8") if field == "groups" else f"About {NHS_NUMBER}"
        with acting_as(scene.cast.school_editor) as by, pytest.raises(IdentifierRefused):
            services.add_measure(
                by=by, initiative=drop_in, definition=replace(DEFINITION, **{field: value})
            )


# ---------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("kind", "latest"),
    [
        ("month", "December 2026"),
        ("half_term", "Autumn 2 2026/27"),
        ("term", "Autumn term 2026/27"),
        ("quarter", "Q3 2026/27"),
        ("academic_year", "Academic year 2025/26"),
        ("financial_year", "Financial year 2025/26"),
    ],
)
def test_only_a_period_that_is_over_can_be_read(kind: str, latest: str) -> None:
    spans = ended_periods(kind, date(2027, 1, 4), typical_terms)
    assert spans[0].name == latest
    assert all(each.ends_on < date(2027, 1, 4) for each in spans)
    assert len({each.key for each in spans}) == len(spans)


# ---------------------------------------------------------------- readings


def test_numbers_that_cannot_be_are_refused_with_their_place(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    share = measured(by, drop_in, replace(SHARE, groups=("Year 7", "Year 8")))
    assert refused(by, share, (30, 20), (5, 40)) == {
        "0-number": ["It must be 20 or fewer: it cannot be more than all"]
    }
    assert refused(by, share, (3, 20), (0, 0)) == {"1-base": ["Enter out of how many, 1 or more"]}
    assert refused(by, share, (None, 20), (2, None)) == {
        "0-number": ["Enter a number, or 0"],
        "1-base": ["Enter out of how many, 1 or more"],
    }
    count = measured(by, drop_in)
    assert "number" in str(refused(by, count, -1))
    assert "number" in str(refused(by, count, 10_000_001))


def test_a_period_is_over_and_read_once(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    with acting_as(by):
        given = entries(by, measure, 12)
        to_come = replace(given, span=replace(given.span, ends_on=date(2027, 12, 31)))
    with acting_as(by), pytest.raises(ValidationError) as caught:
        services.record_reading(by=by, measure=measure, entries=to_come)
    assert caught.value.message_dict == {"period": ["Choose a period that is over"]}
    reading(by, measure, 12)
    assert refused(by, measure, 14) == {
        "period": ["This period has a reading already. Correct it instead"]
    }


def test_only_its_owner_enters_readings(scene: Scene, drop_in: Initiative) -> None:
    measure = measured(scene.cast.school_editor, drop_in)
    for part in ("school_manager", "health_editor"):
        with pytest.raises(PermissionDenied):
            reading(scene.cast.actors[part], measure, 12)
    with acting_as(scene.cast.school_manager) as by, pytest.raises(DatabaseError):
        Reading.objects.create(
            measure=measure,
            organisation_id=by.organisation_id,
            recorded_by_id=by.user_id,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 31),
            number=12,
        )


# ---------------------------------------------------------------- who sees what


def test_nobody_but_the_owner_reads_a_raw_reading(
    scene: Scene, drop_in: Initiative, shared_with_all: Any
) -> None:
    measure = measured(scene.cast.school_editor, drop_in)
    reading(scene.cast.school_editor, measure, 42)
    assert raw(scene.cast.school_editor) == [42]
    tables = ("measures_reading", "measures_readingpublication", "measures_readingopening")
    for part in EVERYBODY:
        for table in tables:
            assert counts(f"SELECT * FROM {table}", scene.cast.actors[part]) == 0
    # What was published is remembered for the publisher alone, also before its owner.
    assert counts("SELECT * FROM measures_readingpublication", scene.cast.school_editor) == 0
    # Saying that one publishes opens nothing of another organisation.
    with acting_as(scene.cast.health_editor), raw_readings(measure):
        assert not Reading.objects.exists()
        assert not ReadingPublication.objects.exists()


def test_a_manager_opens_it_for_a_reason_that_is_on_record(
    scene: Scene, drop_in: Initiative
) -> None:
    measure = measured(scene.cast.school_editor, drop_in)
    reading(scene.cast.school_editor, measure, 42)
    manager = scene.cast.school_manager
    with acting_as(manager), pytest.raises(ValidationError):
        services.open_readings(by=manager, measure=measure, reason="  ")
    with acting_as(scene.cast.health_manager) as other, pytest.raises(PermissionDenied):
        services.open_readings(by=other, measure=measure, reason="We want to know")
    with acting_as(manager):
        opening = services.open_readings(by=manager, measure=measure, reason="The board asks")
    # The clock of tests does not move the database's, by which an opening ends.
    live = opening.ends_at > opening.opened_at
    assert live
    assert opening.reason == "The board asks"


def test_others_see_figures_only_while_data_may_be_shared(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 42)
    assert told(scene.cast.school_viewer, measure) == [("", "shown", 40, "", None)]
    assert told(scene.cast.health_editor, measure) == []

    agreement = agreement_started(scene)
    paper = papered(
        scene, agreement, kind="dsa", reference="Sharing agreement 7", dated=date(2026, 10, 1)
    )
    assert told(scene.cast.health_editor, measure) == [("", "shown", 40, "", None)]
    for part in ("council_editor", "stranger"):
        assert told(scene.cast.actors[part], measure) == []
    with acting_as(scene.cast.health_editor) as other:
        papers.end_data_paper(by=other, paper=paper, note="Replaced")
    assert told(scene.cast.health_editor, measure) == []


def test_without_the_agreement_no_page_or_file_of_another_member_has_a_figure(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 4321)
    client = scene.cast.client("health_editor")
    slug = scene.cast.organisation("health").slug
    place = [slug, scene.partnership.ref]
    one = [*place, drop_in.ref]
    pages = [
        reverse("partnership", args=place),
        reverse("initiatives", args=place),
        reverse("initiative", args=one),
        reverse("measures", args=one),
        reverse("measure", args=[*one, measure.ref]),
        *[reverse("measure-figures", args=[*one, measure.ref, kind]) for kind in KINDS],
        *[reverse("measures-figures", args=[*one, kind]) for kind in KINDS],
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert not {"4321", "4,321", "4320", "4,320"} & set(text.replace("<", " ").split()), page
    assert "No data sharing agreement is in force" in client.get(pages[3]).text


def test_a_reviewer_of_one_initiative_reads_what_is_measured_there_and_no_figure(
    scene: Scene, drop_in: Initiative, shared_with_all: Any
) -> None:
    by, reviewer = scene.cast.school_editor, scene.cast.nobody
    other = started(by, scene.partnership, name="Another")
    mine, theirs = measured(by, drop_in), measured(by, other)
    reading(by, mine, 42)
    reading(by, theirs, 42)
    with acting_as(scene.cast.school_manager):
        InitiativeGrant.objects.create(
            content_object=drop_in,
            user_id=reviewer.user_id,
            permission=DjangoPermission.objects.get(codename="view_initiative"),
        )
    assert told(scene.cast.health_editor, mine) == [("", "shown", 40, "", None)]
    assert told(reviewer, mine) == told(reviewer, theirs) == []
    assert raw(reviewer) == []
    with acting_as(reviewer):
        assert [each.pk for each in Measure.objects.all()] == [mine.pk]
        assert [each.pk for each in Initiative.objects.all()] == [drop_in.pk]
    assert counts("SELECT * FROM record_partnership", reviewer) == 0
    assert counts("SELECT * FROM conversations_conversation", reviewer) == 0


def test_nobody_writes_what_is_published_but_the_publisher(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 4)
    change = "UPDATE measures_publishedreading SET number_status = 'shown', number = 4"
    for part in ("school_editor", *EVERYBODY):
        assert counts(change, scene.cast.actors[part]) == 0
    assert counts("UPDATE measures_reading SET superseded_at = NULL", by) == 0


# ---------------------------------------------------------------- small numbers


def test_a_small_number_is_masked_and_the_rest_rounded(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    for back, number in enumerate([0, 3, 7, 8, 12]):
        reading(by, measure, number, back=back)
    assert [(status, shown) for _, status, shown, _, _ in told(by, measure)] == [
        ("shown", 10),
        ("shown", 10),
        ("masked", None),
        ("masked", None),
        ("shown", 0),
    ]


def test_eighteen_of_twenty_does_not_tell_the_two(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in, SHARE)
    reading(by, measure, (18, 20))
    ((_, number_status, number, _, base),) = told(by, measure)
    assert (number_status, number) == ("withheld", None)
    assert base == 20
    with acting_as(by):
        (published,) = PublishedReading.objects.all()
        assert presenters.value_of(measure, published) is None
        assert presenters.gap_of(measure, published) == presenters.WITHHELD


def test_a_total_does_not_give_away_the_masked_one_of_its_groups(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in, replace(DEFINITION, groups=("Year 7", "Year 8", "Year 9")))
    reading(by, measure, 1, 8, 8)
    found = {group: (status, shown) for group, status, shown, _, _ in told(by, measure)}
    assert found[""] == ("shown", 15)
    assert {found[group][0] for group in ("Year 7", "Year 8", "Year 9")} == {"withheld"}


def test_a_school_of_six_is_never_told_apart(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in, SHARE)
    reading(by, measure, (2, 6))
    ((_, number_status, number, base_status, base),) = told(by, measure)
    assert (number, base) == (None, None)
    assert {number_status, base_status} <= {"masked", "withheld"}


def test_an_average_of_few_is_not_shown(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    waits = replace(DEFINITION, name="Median wait", unit="days", direction="down")
    measure = measured(by, drop_in, waits)
    for back, (people, days) in enumerate([(7, "3.0"), (40, "12.5")]):
        with acting_as(by):
            span = services.periods_of(by, measure)[back]
            entry = services.Entry(number=people, value=Decimal(days))
            services.record_reading(by=by, measure=measure, entries=services.Entries(span, [entry]))
    with acting_as(by):
        values = [each.value for each in PublishedReading.objects.filter(measure=measure)]
    assert values == [Decimal("12.5"), None]


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        pytest.param(40, True, id="the average alone was wrong"),
        pytest.param(41, False, id="one more"),
        pytest.param(33, False, id="seven fewer"),
        pytest.param(48, True, id="eight more"),
    ],
)
def test_a_corrected_average_says_nothing_of_the_few_who_came_in_between(
    scene: Scene, drop_in: Initiative, people: int, shown: bool
) -> None:
    by = scene.cast.school_editor
    waits = replace(DEFINITION, name="Median wait", unit="days", direction="down")
    measure = measured(by, drop_in, waits)
    for number, days, correct in ((40, "12.5", False), (people, "13.1", True)):
        with acting_as(by):
            span = services.periods_of(by, measure)[0]
            entry = services.Entry(number=number, value=Decimal(days))
            services.record_reading(
                by=by, measure=measure, entries=services.Entries(span, [entry]), correct=correct
            )
    with acting_as(by):
        one = PublishedReading.objects.get(measure=measure)
    assert one.value == (Decimal("13.1") if shown else None)
    assert presenters.gap_of(measure, one) == ("" if shown else presenters.WITHHELD)


def test_a_correction_is_published_as_far_as_it_may_be(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    measure = measured(by, drop_in)
    reading(by, measure, 42)
    reading(by, measure, 61, correct=True)
    assert told(by, measure) == [("", "shown", 60, "", None)]
    assert raw(by) == [42, 61]
    with acting_as(by):
        assert Reading.objects.filter(superseded_at=None).count() == 1
        assert Measure.objects.get().periods_read == 1


def test_what_is_not_about_people_is_shown_as_it_is(scene: Scene, drop_in: Initiative) -> None:
    by = scene.cast.school_editor
    held = replace(DEFINITION, name="Sessions held", person_based=False)
    measure = measured(by, drop_in, held)
    reading(by, measure, 3)
    assert told(by, measure) == [("", "shown", 3, "", None)]


# ---------------------------------------------------------------- people and pages


def test_a_measure_passes_to_a_colleague_with_its_readings(
    scene: Scene, drop_in: Initiative
) -> None:
    measure = measured(scene.cast.school_editor, drop_in)
    reading(scene.cast.school_editor, measure, 42)
    leaver, follower = (scene.cast.users[each] for each in ("school_editor", "school_manager"))
    with acting_as(scene.cast.school_manager) as by:
        kind = {each.kind.name: each.kind for each in left_by(by, leaver)}["measures"]
        assert kind.move is not None
        assert kind.move(by, leaver, Successor(follower)) == 1
    assert raw(scene.cast.school_manager) == [42]
    assert raw(scene.cast.school_editor) == []
    with acting_as(scene.cast.school_manager) as by, pytest.raises(ValidationError):
        services.hand_measure(
            by=by,
            measure=selectors.measure_of(by, drop_in, measure.ref),
            to=scene.cast.users["health_editor"],
        )


def test_a_colleague_who_may_edit_does_not_take_a_measure_for_its_readings(
    scene: Scene, drop_in: Initiative
) -> None:
    measure = measured(scene.cast.school_editor, drop_in)
    reading(scene.cast.school_editor, measure, 42)
    curious = joined(scene.cast, "editor")
    with acting_as(curious), pytest.raises(PermissionDenied):
        services.hand_measure(
            by=curious,
            measure=selectors.measure_of(curious, drop_in, measure.ref),
            to=User.objects.get(pk=curious.user_id),
        )
    # Nor past the service, as the role that serves pages.
    with acting_as(curious), pytest.raises(DatabaseError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(owner_id=curious.user_id)
    assert raw(curious) == []
    place = [scene.cast.organisation("school").slug, scene.partnership.ref, drop_in.ref]
    page = reverse("measure", args=[*place, measure.ref])
    hand = "Hand it to a colleague"
    assert hand in scene.cast.client("school_editor").get(page).text
    assert hand in scene.cast.client("school_manager").get(page).text


def test_the_pages_add_read_show_and_correct(scene: Scene, drop_in: Initiative) -> None:
    client = scene.cast.client("school_editor")
    slug = scene.cast.organisation("school").slug
    place = [slug, scene.partnership.ref, drop_in.ref]
    listed = reverse("measures", args=place)
    assert "No measures yet" in client.get(listed).text
    chosen = client.get(reverse("choose-measure", args=place)).text
    assert "Persistent absence" in chosen
    made = sent(
        client,
        reverse("add-measure", args=[*place, "persistent_absence"]),
        name="Persistent absence",
        unit="percent",
        person_based="yes",
        direction="down",
        level="outcome_long",
        period="term",
        target="15",
    )
    assert made.status_code == 302
    with acting_as(scene.cast.school_editor):
        measure = Measure.objects.get()
    one = [*place, measure.ref]
    enter = reverse("record-reading", args=one)
    with acting_as(scene.cast.school_editor) as by:
        measure.initiative = drop_in
        spans = services.periods_of(by, measure)
    for typed in ("0.4", "40 %"):
        answer = sent(client, enter, period=spans[1].key, **{"0-number": typed, "0-base": "200"})
        assert "for 40% of 200 enter 80" in answer.content.decode()
    answer = sent(client, enter, period=spans[1].key, **{"0-number": "300", "0-base": "200"})
    assert "cannot be more than all" in answer.content.decode()
    assert (
        sent(
            client, enter, period=spans[1].key, **{"0-number": "80", "0-base": "1,200"}
        ).status_code
        == 302
    )
    assert (
        sent(
            client, enter, period=spans[0].key, **{"0-number": "60", "0-base": "1,200"}
        ).status_code
        == 302
    )

    page = client.get(reverse("measure", args=one)).text
    assert "Better than at the start" in page
    assert "about 5%" in page
    assert "As entered" in page
    assert "<svg" in page
    for name in ("initiative", "measures"):
        assert "Persistent absence" in client.get(reverse(name, args=place)).text
    colleague = scene.cast.client("school_manager")
    assert "As entered" not in colleague.get(reverse("measure", args=one)).text
    assert colleague.get(enter).status_code == 403
    fixed = reverse("correct-reading", args=[*one, spans[0].key])
    assert 'value="60"' in client.get(fixed).text
    assert sent(client, fixed, **{"0-number": "55", "0-base": "1200"}).status_code == 302
    assert raw(scene.cast.school_editor) == [80, 60, 55]


def test_the_fifth_step_is_done_with_two_readings_and_a_reflection(
    scene: Scene, drop_in: Initiative
) -> None:
    by = scene.cast.school_editor
    client = scene.cast.client("health_editor")
    page = reverse(
        "partnership", args=[scene.cast.organisation("health").slug, scene.partnership.ref]
    )
    assert "still lacks a baseline, a later reading and a reflection" in client.get(page).text
    measure = measured(by, drop_in)
    reading(by, measure, 42, back=1)
    assert "still lacks a later reading and a reflection" in client.get(page).text
    reading(by, measure, 61)
    assert "still lacks a reflection" in client.get(page).text


def test_the_list_takes_a_fixed_number_of_statements(
    scene: Scene, drop_in: Initiative, django_assert_max_num_queries: Any
) -> None:
    by = scene.cast.school_editor
    for number in range(6):
        measure = measured(by, drop_in, replace(DEFINITION, name=f"Measure {number}"))
        reading(by, measure, 10 + number)
    with acting_as(by), django_assert_max_num_queries(2):
        assert len(selectors.measures_of(by, drop_in)) == 6
