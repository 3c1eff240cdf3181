"""The facts of a partnership that are read at a glance: when, what for, what is agreed and open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import Truncator, get_text_list
from markupsafe import Markup

from calendars.london import london_day
from calendars.terms import place_in_years
from frontend.components import Component, link
from frontend.lists import Row, summary_list
from frontend.wording import counted
from initiatives.plans.presenters import address as initiative_page
from initiatives.plans.presenters import stage_tag as initiative_tag
from organisations.actor import Actor
from organisations.addresses import page_of
from organisations.permissions import Permission, can
from overview.health.asked_of import burdens
from overview.health.presenters import burden_words
from overview.health.reading import Known, Reading
from partnerships.agenda.models import AgendaItem
from partnerships.agenda.presenters import address as item_page
from partnerships.agenda.presenters import state_tag as item_tag
from partnerships.agreements.presenters import address as agreement_page
from partnerships.agreements.presenters import stage_tag
from partnerships.diary.quiet_words import days_words
from partnerships.diary.quiet_words import state_tag as quiet_tag
from partnerships.record.models import Partnership
from partnerships.reviews.presenters import address as review_page
from partnerships.reviews.presenters import state_tag as review_tag
from partnerships.touchpoints.models import Touchpoint
from partnerships.touchpoints.presenters import state_tag as touchpoint_tag
from partnerships.touchpoints.presenters import when_words
from partnerships.touchpoints.selectors import last_of, next_of

MOST_OF_EACH = 3
WORDS_OF_AIM = 40


@dataclass(frozen=True, slots=True)
class Glance:
    """What was read of a partnership, as rows: one for each matter, and where there is nothing,
    what can be done about it."""

    actor: Actor
    partnership: Partnership
    known: Known
    reading: Reading
    items: Sequence[AgendaItem]

    def rows(self) -> Component:
        """All of it as a summary list."""
        rows = [
            Row(
                "Next touchpoint",
                self._when(next_of(self.reading.touchpoints)),
                empty="None planned",
            ),
            Row("Last touchpoint", self._when(last_of(self.reading.touchpoints)), empty="None yet"),
            Row("Shared aim", self._aim()),
            Row("Agreements", self._agreements()),
            Row("Initiatives", self._initiatives()),
            Row("Open actions", self._actions()),
            Row("Latest review", self._review()),
            Row("Quiet periods", self._quiet()),
            Row("Items for gateways", self._items()),
        ]
        asked = burden_words(burdens(self.reading.facts))
        if asked:
            term = self.reading.facts.term[0].lower()
            rows.append(Row(f"Asked of people, {term} term", Markup("<br>").join(asked)))
        return summary_list(rows)

    def _when(self, touchpoint: Touchpoint | None) -> Markup | None:
        if touchpoint is None:
            return None
        page = self._page("touchpoint", touchpoint=touchpoint.ref)
        what = _tagged(touchpoint.get_kind_display(), touchpoint_tag(touchpoint))
        place = place_in_years(london_day(touchpoint.starts_at), self.reading.terms)
        return Markup('{}<br>{}<br><span class="app-muted">{}</span>').format(
            link(when_words(touchpoint), page), what, place
        )

    def _aim(self) -> Markup:
        if self.known.aim is None:
            todo = ("Write the shared aim", "shared-aim-change", Permission.CHANGE_AIM)
            return self._or_else("Not written yet", todo)
        version, agreed_by = self.known.aim
        said = [Truncator(version.aim).words(WORDS_OF_AIM, truncate=" …")] if version.aim else []
        if version.priorities:
            said.append(f"Shared priorities: {'; '.join(version.priorities)}")
        return Markup('{}<br><span class="app-muted">{}</span> {}').format(
            Markup("<br>").join(said),
            self._aim_standing(agreed_by),
            link("Read the shared aim", self._page("shared-aim")),
        )

    def _aim_standing(self, agreed_by: set[int]) -> str:
        """Who has agreed the version that counts."""
        joined = self.reading.facts.members
        agreed = [each.name for each in joined if each.organisation_id in agreed_by]
        missing = [each.name for each in joined if each.organisation_id not in agreed_by]
        if not agreed:
            return "Nobody has agreed it yet."
        if not missing and len(joined) > 1:
            return "Every member has agreed it."
        said = f"Agreed by {get_text_list(agreed, 'and')}."
        return f"{said} Not yet by {get_text_list(missing, 'and')}." if missing else said

    def _agreements(self) -> Markup:
        agreed = self.known.agreements
        current = [each for each in agreed if not each.agreement.is_over] or list(agreed)
        if not current:
            todo = ("Start an agreement", "start-agreement", Permission.START_AGREEMENT)
            return self._or_else("Nothing is agreed in writing yet", todo)
        lines = [
            _tagged(
                link(each.title, agreement_page(self.actor, each.agreement)),
                stage_tag(each.agreement),
            )
            for each in current[:MOST_OF_EACH]
        ]
        if len(agreed) > len(lines):
            lines.append(link(f"All {len(agreed)} agreements", self._page("agreements")))
        return Markup("<br>").join(lines)

    def _initiatives(self) -> Markup:
        found = self.known.initiatives
        if not found:
            todo = ("Start one", "choose-template", Permission.START_INITIATIVE)
            return self._or_else("Nothing is done together yet", todo)
        lines = [
            _tagged(link(each.name, initiative_page(self.actor, each)), initiative_tag(each))
            for each in found[:MOST_OF_EACH]
        ]
        if len(found) > len(lines):
            lines.append(link(f"All {len(found)} initiatives", self._page("initiatives")))
        return Markup("<br>").join(lines)

    def _actions(self) -> Markup:
        found = self.known.actions
        words = counted(found.number, "open action")
        if found.overdue:
            words += f", {found.overdue} overdue"
        return link(words, self._page("actions"))

    def _review(self) -> Markup:
        if not self.known.reviews:
            todo = ("Open a review", "open-review", Permission.OPEN_REVIEW)
            return self._or_else("Nobody has been asked yet how it is going", todo)
        latest = self.known.reviews[0]
        return _tagged(link(latest.title, review_page(self.actor, latest)), review_tag(latest))

    def _quiet(self) -> Markup:
        coming = [each for each in self.reading.quiet if not each.is_over]
        if not coming:
            todo = ("Propose one", "propose-quiet-period", Permission.PROPOSE_QUIET_PERIOD)
            return self._or_else("None to come", todo)
        page = self._page("quiet-periods")
        return Markup("<br>").join(
            _tagged(
                Markup("{}, {}").format(link(days_words(each.period), page), each.period.reason),
                quiet_tag(each),
            )
            for each in coming[:MOST_OF_EACH]
        )

    def _items(self) -> Markup:
        if not self.items:
            todo = ("Bring one", "choose-gateway", Permission.PLAN_AGENDA_ITEM)
            return self._or_else("None on the way to a board or team", todo)
        return Markup("<br>").join(
            _tagged(link(each.title, item_page(self.actor, each)), item_tag(each))
            for each in self.items[:MOST_OF_EACH]
        )

    def _or_else(self, nothing: str, what: tuple[str, str, Permission]) -> Markup:
        """That there is nothing, and the way to something for whoever may."""
        words, page, permission = what
        muted = Markup('<span class="app-muted">{}</span>').format(nothing)
        if not can(self.actor, permission, self.partnership):
            return muted
        return Markup("{}. {}").format(muted, link(words, self._page(page)))

    def _page(self, name: str, **more: str) -> str:
        return page_of(self.actor, name, ref=self.partnership.ref, **more)


def _tagged(what: Markup | str, status: Component) -> Markup:
    return Markup("{} {}").format(what, status)
