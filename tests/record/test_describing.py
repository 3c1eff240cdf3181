"""Which schools a trust brings to a partnership, and the side of a council."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError
from django.urls import reverse

from calendars.london import today
from organisations.models import AuditEvent, Organisation, School, Sector
from partnerships.record import selectors, services
from partnerships.record.models import Member, Partnership
from partnerships.record.selectors import Filters, page_of_partnerships
from tests.cast import Cast
from tests.record.arranging import acting_as, member, opened, sent, shared


def schools_of(cast: Cast, part: str = "school") -> list[Organisation]:
    return selectors.schools_of(cast.organisation(part))


def chosen(
    cast: Cast, partnership: Partnership, schools: list[Organisation] | None, by: str
) -> Member:
    with acting_as(cast.actors[by]) as actor:
        return services.choose_schools(
            by=actor,
            member=member(cast, partnership, "school", by=by),
            schools=None if schools is None else [each.pk for each in schools],
        )


def brought(cast: Cast, partnership: Partnership, by: str = "health_editor") -> list[str]:
    """The names of the schools that somebody reads on the trust's behalf."""
    with acting_as(cast.actors[by]):
        (trust,) = selectors.schools_in(selectors.members_of(partnership))
        return [each.name for each in trust.schools]


def page(cast: Cast, name: str, partnership: Partnership, part: str, **more: str) -> str:
    slug = cast.organisation(part).slug
    return reverse(name, kwargs={"organisation_slug": slug, "ref": partnership.ref, **more})


def test_a_trust_brings_all_of_its_schools_until_it_chooses(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    assert len(schools) > 2
    assert brought(cast, partnership) == [each.name for each in schools]

    chosen(cast, partnership, schools[:2], "school_editor")
    assert brought(cast, partnership) == [each.name for each in schools[:2]]

    chosen(cast, partnership, None, "school_editor")
    assert brought(cast, partnership) == [each.name for each in schools]
    with acting_as(cast.school_manager):
        changes = list(
            AuditEvent.objects.filter(action="schools chosen")
            .order_by("id")
            .values_list("changes", flat=True)
        )
    ids = sorted(each.pk for each in schools[:2])
    assert changes == [{"schools": ["all", ids]}, {"schools": [ids, "all"]}]


@pytest.fixture
def as_it_was(cast: Cast) -> Iterator[None]:
    """Puts back which schools are the trust's and open: the next test reads the same England."""
    schools = schools_of(cast)
    trust = cast.organisation("school")
    bases = dict(School.objects.filter(trust=trust).values_list("pk", "trust_basis"))
    yield
    for school in schools:
        kept = School.objects.using("owner").filter(pk=school.pk)
        kept.update(trust=trust, trust_basis=bases[school.pk])
        Organisation.objects.using("owner").filter(pk=school.pk).update(closed_on=school.closed_on)


@pytest.mark.usefixtures("as_it_was")
def test_a_school_that_leaves_the_trust_or_closes_is_brought_no_more(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    chosen(cast, partnership, schools[:3], "school_editor")
    first, second, third = (each.pk for each in schools[:3])

    School.objects.using("owner").filter(pk=first).update(
        trust=cast.organisation("other"), trust_basis="reported"
    )
    Organisation.objects.using("owner").filter(pk=second).update(
        closed_on=today() - timedelta(days=1)
    )

    assert brought(cast, partnership) == [schools[2].name]
    with acting_as(cast.school_editor):
        (place,) = [m for m in selectors.members_of(partnership) if m.side == Sector.SCHOOL]
    assert (place.schools_chosen, place.schools_in_all) == (1, len(schools) - 2)

    School.objects.using("owner").filter(pk=third).update(
        trust=cast.organisation("other"), trust_basis="reported"
    )
    text = cast.client("health_editor").get(page(cast, "partnership", partnership, "health")).text
    # It never widens to all of them by itself.
    assert "No school: those it chose are its own no more" in text


def test_only_a_trusts_own_schools_can_be_chosen(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    with pytest.raises(ValidationError, match="schools of the trust"):
        chosen(cast, partnership, [schools[0], schools_of(cast, "other")[0]], "school_editor")
    with pytest.raises(ValidationError, match="at least one"):
        chosen(cast, partnership, [], "school_editor")

    foreign = schools_of(cast, "other")[0].pk
    with pytest.raises(IntegrityError), acting_as(cast.school_editor):
        Member.objects.filter(
            partnership=partnership, organisation=cast.organisation("school")
        ).update(all_schools=False, schools=[foreign])


def test_nobody_else_says_what_a_member_brings(cast: Cast) -> None:
    partnership = shared(cast)
    for part in ("health_editor", "school_viewer"):
        with pytest.raises(PermissionDenied):
            chosen(cast, partnership, schools_of(cast)[:1], part)

    # Nor the owner for another that has accepted, past the service.
    with pytest.raises(DatabaseError), acting_as(cast.school_editor):
        Member.objects.filter(
            partnership=partnership, organisation=cast.organisation("health")
        ).update(side=Sector.SCHOOL)


def test_the_owner_says_it_for_a_trust_that_has_not_accepted(cast: Cast) -> None:
    with acting_as(cast.health_editor) as by:
        partnership = services.open_partnership(
            by=by, name="Hub", purpose="", partner=cast.organisation("school")
        )
    chosen(cast, partnership, schools_of(cast)[:1], "health_editor")
    assert brought(cast, partnership) == [schools_of(cast)[0].name]


def test_a_council_works_on_either_side_and_an_nhs_trust_on_one(cast: Cast) -> None:
    partnership = opened(cast, "council")
    with acting_as(cast.school_editor) as by:
        place = member(cast, partnership, "council")
        assert services.choose_side(by=by, member=place, side="school").side == Sector.SCHOOL

    other = opened(cast, "health", name="Another")
    with pytest.raises(ValidationError, match="one side only"), acting_as(cast.school_editor) as by:
        services.choose_side(by=by, member=member(cast, other, "health"), side="school")
    with pytest.raises(IntegrityError), acting_as(cast.school_editor):
        Member.objects.filter(partnership=other, organisation=cast.organisation("health")).update(
            side=Sector.SCHOOL
        )


def test_two_people_who_choose_at_once_do_not_undo_each_other(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    editor, manager = cast.client("school_editor"), cast.client("school_manager")
    slug = cast.organisation("school").slug
    url = page(cast, "choose-schools", partnership, "school", member=slug)
    first = str(schools[0].pk)
    assert sent(editor, url, which="some", schools=first).status_code == 302

    late = sent(manager, url, which="some", schools=str(schools[1].pk), based_on="0")

    assert late.status_code == 200
    assert "Somebody else changed this while you were choosing" in late.text
    assert brought(cast, partnership) == [schools[0].name]
    assert sent(manager, url, which="every").status_code == 302
    assert len(brought(cast, partnership)) == len(schools)


def test_ticking_no_school_is_an_error_beside_the_schools(cast: Cast) -> None:
    partnership = shared(cast)
    slug = cast.organisation("school").slug
    url = page(cast, "choose-schools", partnership, "school", member=slug)

    refused = sent(cast.client("school_editor"), url, which="some")

    assert refused.status_code == 200
    assert "Choose at least one school" in refused.text
    assert "#id_schools" in refused.text


def test_a_partnership_is_found_by_a_school_it_is_about(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    chosen(cast, partnership, schools[:1], "school_editor")

    def found(name: str) -> int:
        with acting_as(cast.health_editor) as by:
            return page_of_partnerships(by, Filters(words=name)).paginator.count

    assert found(schools[0].name) == 1
    assert found("Clayton Hall") == 0
    chosen(cast, partnership, None, "school_editor")
    assert found("Clayton Hall") == 1


def test_the_pages_say_which_schools_and_offer_the_choice_to_whoever_has_it(cast: Cast) -> None:
    partnership, schools = shared(cast), schools_of(cast)
    chosen(cast, partnership, schools[:2], "school_editor")
    said = f"2 of its {len(schools)} schools"

    for part, may in (("school", True), ("health", False)):
        client = cast.client(f"{part}_editor")
        assert said in client.get(page(cast, "partnership", partnership, part)).text
        text = client.get(page(cast, "partnership-schools", partnership, part)).text
        assert schools[1].name in text
        assert ("Choose schools" in text) is may
