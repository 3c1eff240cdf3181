"""Where somebody asks about: a school, a postcode or a place, as they typed it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from contacts import search
from contacts.models import OutwardCode, Place
from contacts.selectors import find_organisations
from organisations.models import Kind, Organisation, School

# From this share on, a postcode's outward code is taken to lie in one place.
SURE = 0.95
MOST_CHOICES = 8
LED_BY = (Kind.SCHOOL, Kind.SCHOOL_TRUST, Kind.COUNCIL)


@dataclass(frozen=True, slots=True)
class Where:
    """A place, and the school in it that was asked about."""

    place: Place
    school: Organisation | None = None

    @property
    def name(self) -> str:
        """As an answer says it."""
        return f"{self.school.name}, {self.place}" if self.school else self.place.name


@dataclass(frozen=True, slots=True)
class Meant:
    """What may be meant by what was typed: one, or several to choose from."""

    choices: list[Where] = field(default_factory=list)


def exactly(council: str, school: str = "") -> Where | None:
    """A place by its council's slug, and a school in it by its own; None for unknown ones."""
    place = Place.objects.select_related("council").filter(council__slug=council).first()
    if place is None:
        return None
    if not school:
        return Where(place)
    found = Organisation.objects.filter(slug=school, school__council=place.council_id).first()
    return Where(place, found) if found else None


def meant_by(typed: str) -> Meant:
    """The places and schools that may be meant. Raises ValidationError when there are none."""
    text = search.typed(typed)
    if not text:
        raise ValidationError("Enter a school, a postcode or a place")
    postcode = search.as_postcode(text)
    if postcode is not None:
        return _at(postcode)
    if any(letter.isdigit() for letter in text) and len(text.replace(" ", "")) <= 8:
        raise ValidationError(
            f"“{text}” is not a postcode. Check it, for example WS2 9PS, or type a school or place"
        )
    named = list(Place.objects.select_related("council").filter(name__iexact=text))
    if len(named) == 1:
        return Meant([Where(named[0])])
    choices = _organisations(text)
    if not choices:
        raise ValidationError(
            f"We know no school and no place called “{text}”. Check the spelling, "
            "or type a postcode"
        )
    return Meant(choices[:MOST_CHOICES])


def _at(postcode: search.Postcode) -> Meant:
    """The places that a postcode's first half lies in; the school that is exactly there."""
    if postcode.unit:
        schools = (
            School.objects.select_related("organisation", "council__place")
            .filter(organisation__postcode=postcode.text, organisation__closed_on=None)
            .exclude(council__place=None)
            .order_by("organisation__name")[:MOST_CHOICES]
        )
        if schools:
            return Meant([_of_school(each) for each in schools])
    codes = list(
        OutwardCode.objects.select_related("place__council")
        .filter(outward=postcode.outward)
        .order_by("-share")
    )
    if not codes:
        raise ValidationError(
            f"We know no place with the postcode {postcode.text}. Check it, or type the place"
        )
    sure = codes[:1] if codes[0].share >= SURE else codes
    return Meant([Where(each.place) for each in sure])


def _of_school(school: School) -> Where:
    council = school.council
    assert council is not None
    council.place.council = council
    return Where(council.place, school.organisation)


def _organisations(text: str) -> list[Where]:
    """Schools and councils by their names, and the places of a school trust's schools."""
    found = [
        each
        for each in find_organisations(text, limit=3 * MOST_CHOICES).organisations
        if each.kind in LED_BY
    ]
    places = {
        place.council_id: place
        for place in Place.objects.select_related("council").filter(
            council__in=[each.pk for each in found]
        )
    }
    schools = School.objects.select_related("organisation", "council__place").exclude(
        council__place=None
    )
    at = {s.organisation_id: s for s in schools.filter(organisation__in=[e.pk for e in found])}
    choices: dict[tuple[int, int | None], Where] = {}
    for each in found:
        for where in _of(each, places, at):
            choices.setdefault((where.place.pk, where.school.pk if where.school else None), where)
    return list(choices.values())


def _of(each: Organisation, places: dict[int, Place], at: dict[int, School]) -> list[Where]:
    if each.kind == Kind.SCHOOL and each.pk in at:
        return [_of_school(at[each.pk])]
    if each.pk in places:
        return [Where(places[each.pk])]
    return []
