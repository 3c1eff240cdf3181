"""Of `can`, whoever asks and whatever they ask about: it answers as the table below says.

The table is written from docs/architecture.md and read by nothing but this test. Every
situation is drawn at random: a role, an operator's rights, a support session, a personal grant;
a record that is one's own, shared, only offered, or a stranger's; open or closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from contacts import grants as regions
from contacts.models import Listing, Posting, Region
from initiatives.measures.models import Measure
from initiatives.plans import grants as initiatives
from initiatives.plans.models import Initiative
from initiatives.reflections.models import Reflection
from initiatives.review import permissions as reviews_of_initiatives
from initiatives.review.models import ReviewRequest
from initiatives.sessions.models import Session
from organisations.actor import ActingOrganisation, Actor, Support
from organisations.models import Organisation, Role
from organisations.permissions import Permission, can
from partnerships.actions.models import Action
from partnerships.agenda.models import AgendaItem
from partnerships.agreements.models import Agreement, AgreementFile
from partnerships.conversations.models import Conversation
from partnerships.diary.models import QuietPeriod
from partnerships.record import grants
from partnerships.record.models import Member, MemberState, Partnership
from partnerships.reviews.models import Review
from partnerships.touchpoints.models import Attendee, Paper, Proposal, Touchpoint
from partnerships.wins.models import Win

# who: the least that is needed: anyone signed in, an operator, or the least of the three roles.
# What no role has is had by a grant alone, and by no operator.
# of: nothing beside one's own organisation, or the record, and how it must stand to it.
# A place that is ours to name: of an organisation we invite into what we opened, not in it yet.
# A touchpoint, an action or an initiative is orphaned when who planned it has left Tandem.
# open: whether the partnership may not be closed.
# support: whether an operator may in a support session. grant: which personal grant suffices.
TABLE = """
permission             | who      | of                         | open | support | grant
SEARCH_DIRECTORY       | anyone   | -                          | -    | -       | -
ASK_TO_JOIN            | anyone   | -                          | -    | -       | -
ACCEPT_INVITATION      | anyone   | -                          | -    | -       | -
DECIDE_JOINING         | operator | -                          | -    | -       | -
TRUST_DOMAIN           | operator | -                          | -    | -       | -
RECORD_SUCCESSION      | operator | -                          | -    | -       | -
ANNOUNCE_CHANGE        | operator | -                          | -    | -       | -
REORGANISE             | operator | -                          | -    | -       | -
SUSPEND_ORGANISATION   | operator | -                          | -    | -       | -
SUPPORT_ORGANISATION   | operator | -                          | -    | -       | -
SEE_RECORDS            | viewer   | -                          | -    | yes     | -
SEE_PEOPLE             | viewer   | -                          | -    | -       | -
OPEN_PARTNERSHIP       | editor   | -                          | -    | -       | -
RECORD_POSTING         | editor   | -                          | -    | -       | -
MANAGE_PEOPLE          | manager  | -                          | -    | -       | -
SEE_AUDIT              | manager  | -                          | -    | -       | -
END_SUPPORT            | manager  | -                          | -    | -       | -
EXPORT_RECORDS         | manager  | -                          | -    | -       | -
IMPORT_HISTORY         | manager  | -                          | -    | -       | -
LEAVE_TANDEM           | manager  | -                          | -    | -       | -
SEE_PARTNERSHIP        | viewer   | partnership: owner, member | -    | yes     | view, edit
CHANGE_PARTNERSHIP     | editor   | partnership: owner         | yes  | -       | edit
INVITE_PARTNER         | editor   | partnership: owner         | yes  | -       | -
HAND_PARTNERSHIP       | manager  | partnership: owner         | yes  | -       | -
GRANT_ACCESS           | manager  | partnership: owner         | yes  | -       | -
END_ACCESS             | editor   | partnership: owner         | -    | -       | -
LOG_CONVERSATION       | editor   | partnership: owner, member | yes  | -       | -
SCHEDULE_TOUCHPOINT    | editor   | partnership: owner, member | yes  | -       | -
ANSWER_INVITATION      | editor   | place: own                 | -    | -       | -
NAME_CONTACT           | editor   | place: own accepted, ours to name   | yes | - | -
DESCRIBE_MEMBER        | editor   | place: own accepted, ours to name   | yes | - | -
LEAVE_PARTNERSHIP      | manager  | place: own accepted joined | -    | -       | -
CHANGE_CONVERSATION    | editor   | conversation: own shared   | -    | -       | -
CHANGE_TOUCHPOINT      | editor   | touchpoint: own shared, orphaned shared | - | -  | -
RECORD_OUTCOME         | editor   | touchpoint: own shared, theirs shared, orphaned shared|-|-|-
ANSWER_FOR_ONESELF     | viewer   | attendee: own shared       | -    | -       | -
ANSWER_FOR_COLLEAGUE   | editor   | attendee: own shared       | -    | -       | -
CORRECT_OUTCOME        | editor   | outcome: own shared        | -    | -       | -
INVITE_PEOPLE          | editor   | touchpoint: own shared, theirs shared, orphaned shared|-|-|-
TAKE_OFF_PERSON        | editor   | attendee: own shared       | -    | -       | -
PROPOSE_TIME           | editor   | touchpoint: theirs shared  | -    | -       | -
WITHDRAW_PROPOSAL      | editor   | proposal: own shared       | -    | -       | -
ADD_PAPER              | editor   | touchpoint: own shared, theirs shared, orphaned shared|-|-|-
REMOVE_PAPER           | editor   | paper: own shared          | -    | -       | -
PLAN_AGENDA_ITEM       | editor   | partnership: owner, member | yes  | -       | -
CHANGE_AGENDA_ITEM     | editor   | item: own shared           | -    | -       | -
RECORD_AGENDA_STEP     | editor   | item: own shared, theirs shared | - | -     | -
ADD_ACTION             | editor   | partnership: owner, member | yes  | -       | -
CHANGE_ACTION          | editor   | action: own shared, given shared, orphaned shared | - | - | -
START_AGREEMENT        | editor   | partnership: owner, member | yes  | -       | -
CHANGE_AGREEMENT       | editor   | agreement: own shared, theirs shared | yes | - | -
REMOVE_AGREEMENT_FILE  | editor   | file: own shared           | -    | -       | -
NAME_SIGNATORY         | editor   | agreement: own shared, theirs shared | yes | - | -
CHANGE_AIM             | editor   | partnership: owner, member | yes  | -       | -
COMMENT_ON_AIM         | editor   | partnership: owner, member | yes  | -       | -
AGREE_AIM              | editor   | partnership: owner, member | yes  | -       | -
LOG_WIN                | editor   | partnership: owner, member | yes  | -       | -
CHANGE_WIN             | editor   | win: own shared            | -    | -       | -
START_INITIATIVE       | editor   | partnership: owner, member | yes  | -       | -
SEE_INITIATIVE | viewer | initiative: own shared, theirs shared, orphaned shared|-| yes | view, edit
CHANGE_INITIATIVE      | editor   | initiative: own shared, orphaned shared | - | -  | -
WITHDRAW_INITIATIVE    | editor   | initiative: own shared     | -    | -       | -
REFLECT                | editor   | initiative: own shared, theirs shared, orphaned shared|-|-|-
ADD_MEASURE            | editor   | initiative: own shared, theirs shared, orphaned shared|-|-|-
CHANGE_MEASURE         | editor   | measure: own shared        | -    | -       | -
RECORD_READING         | editor   | measure of mine: own shared| -    | -       | -
OPEN_READINGS          | manager  | measure: own shared        | -    | -       | -
CHOOSE_SMALL_NUMBER_RULE | manager | partnership: owner, member | yes | -      | -
TAKE_REFLECTION_BACK   | editor   | reflection: own shared     | -    | -       | -
SHOW_INITIATIVE        | manager  | initiative: own shared     | -    | -       | -
PLAN_SESSION           | editor   | initiative: own shared, theirs shared, orphaned shared|yes|-|-
CHANGE_SESSION         | editor   | session: own shared, orphaned shared | - | -     | -
RECORD_ATTENDANCE      | editor   | session: own shared        | -    | -       | -
OPEN_ATTENDANCE        | manager  | session: own shared        | -    | -       | -
ASK_FOR_REVIEW | editor | initiative: own shared, orphaned shared       | yes  | -       | -
COMMENT_ON_INITIATIVE|editor|initiative: own shared, theirs shared, orphaned shared|yes|-|view, edit
REVIEW_INITIATIVE      | editor   | request: given shared      | yes  | -       | view, edit
SIGN_AGREEMENT         | viewer   | agreement: own shared, theirs shared | yes | - | -
OPEN_REVIEW            | editor   | partnership: owner, member | yes  | -       | -
ANSWER_REVIEW          | viewer   | review: own shared, theirs shared | yes | - | -
CLOSE_REVIEW           | editor   | review: own shared, theirs shared | yes | - | -
CORRECT_POSTING        | editor   | posting: own               | -    | -       | -
OFFER_POSTING          | editor   | posting: own               | -    | -       | -
REPORT_POSTING         | viewer   | listed: any                | -    | -       | -
OPEN_DETAILS           | viewer   | -                          | -    | -       | -
ASK_FOR_DETAILS        | editor   | -                          | -    | -       | -
SHARE_APPROACHES       | manager  | -                          | -    | -       | -
SEE_OFFICIAL_IMPORTS   | operator | -                          | -    | -       | -
CLAIM_SCHOOLS          | manager  | -                          | -    | -       | -
DECIDE_CLAIMS          | operator | -                          | -    | -       | -
BRING_IN_OFFICIAL_FILES | operator | -                          | -    | -       | -
CHANGE_NEEDS           | operator | -                          | -    | -       | -
RESET_SECOND_STEP      | operator | -                          | -    | -       | -
STEER_OUTBOX           | operator | -                          | -    | -       | -
GIVE_REGION            | operator | -                          | -    | -       | -
MANAGE_REGION          | no role  | region: any                | -    | -       | manage
CHANGE_CALENDAR        | editor   | -                          | -    | -       | -
FEED_CALENDAR          | viewer   | -                          | -    | -       | -
REVOKE_FEEDS           | manager  | -                          | -    | -       | -
PROPOSE_QUIET_PERIOD   | editor   | partnership: owner, member | yes  | -       | -
ANSWER_QUIET_PERIOD    | editor   | quiet: theirs shared       | -    | -       | -
WITHDRAW_QUIET_PERIOD  | editor   | quiet: own shared          | -    | -       | -
"""
RANK = {"viewer": 1, "editor": 2, "manager": 3, "no role": 4}
ROLES: list[Role | None] = [None, *Role]
GRANTS = {"view": grants.Allows.VIEW, "edit": grants.Allows.CHANGE}
STATES = [state.value for state in MemberState]


@dataclass(frozen=True)
class Row:
    """What the table says of one permission."""

    who: str
    kind: str
    relations: frozenset[str]
    open_only: bool
    support: bool
    grant: frozenset[str]


def _rows() -> dict[str, Row]:
    rows = {}
    for line in TABLE.strip().splitlines()[1:]:
        name, who, of, open_only, support, grant = (cell.strip() for cell in line.split("|"))
        kind, _, relations = of.partition(": ")
        rows[name] = Row(
            who,
            "" if kind == "-" else kind,
            frozenset(relations.split(", ")),
            open_only == "yes",
            support == "yes",
            frozenset(grant.split(", ")) - {"-"},
        )
    return rows


ROWS = _rows()


@dataclass(frozen=True)
class Situation:
    """Somebody, and a record beside them: everything that `can` might look at."""

    user: int
    organisation: int | None
    role: Role | None
    is_operator: bool
    in_support: bool
    held: str | None
    kind: str
    owner: int
    author: int
    author_left: bool
    place_of: int
    place: str
    acl: tuple[int, ...]
    closed: bool

    @property
    def actor(self) -> Actor:
        """Whoever asks, as the middleware would make them."""
        acting = None
        if self.organisation is not None:
            acting = ActingOrganisation(self.organisation, "Ours", "ours", "school_trust")
        support = Support("ref", timezone.now()) if self.in_support else None
        return Actor(self.user, acting, self.role, self.is_operator, support)

    @property
    def record(self) -> Any:
        """The record, never saved."""
        acl, owner, author = list(self.acl), self.owner, self.author
        partnership = Partnership(
            owner_id=owner, acl=acl, closed_at=timezone.now() if self.closed else None
        )
        place = {"organisation_id": self.place_of, "state": self.place}
        scheduler = Organisation(pk=author, left_at=timezone.now() if self.author_left else None)
        below = {"partnership": partnership, "author_organisation": scheduler, "acl": acl}
        made = {"partnership": partnership, "organisation_id": author, "acl": acl}
        return {
            "": lambda: None,
            "partnership": lambda: partnership,
            "place": lambda: Member(partnership=partnership, **place),
            "conversation": lambda: Conversation(**below),
            "touchpoint": lambda: Touchpoint(**below),
            "outcome": lambda: Touchpoint(**below, outcome_organisation_id=author),
            "attendee": lambda: Attendee(touchpoint=Touchpoint(**below), **made),
            "proposal": lambda: Proposal(**made),
            "paper": lambda: Paper(**made),
            "item": lambda: AgendaItem(**below),
            "action": lambda: Action(**below, owner_organisation_id=self.place_of),
            "agreement": lambda: Agreement(**below),
            "review": lambda: Review(**below),
            "win": lambda: Win(**below),
            "measure": lambda: Measure(**made),
            "measure of mine": lambda: Measure(**made, owner_id=self.user),
            "reflection": lambda: Reflection(author_organisation=scheduler, acl=acl),
            "initiative": lambda: _led_by_nobody(
                partnership=partnership, organisation=scheduler, acl=acl
            ),
            "session": lambda: Session(
                initiative=_led_by_nobody(organisation=scheduler, acl=acl), **made
            ),
            "request": lambda: ReviewRequest(
                **below,
                initiative=_led_by_nobody(partnership=partnership),
                to_organisation_id=self.place_of if self.organisation else None,
                to_user_id=None if self.organisation else self.user,
            ),
            "file": lambda: AgreementFile(**made),
            "quiet": lambda: QuietPeriod(**below),
            "posting": lambda: Posting(recorded_by_id=author, acl=acl),
            "listed": lambda: Posting(recorded_by_id=author, acl=acl, listing=Listing.LISTED),
            "region": lambda: Region(name="A region"),
        }[self.kind]()

    @property
    def relation(self) -> str:
        """How the record stands to the acting organisation, in the table's words."""
        own, shared = self.author == self.organisation, self.organisation in self.acl
        if self.kind == "partnership":
            by_key = "member" if shared else "stranger"
            return "owner" if self.owner == self.organisation else by_key
        if self.kind == "place":
            return self._of_a_place()
        if self.kind in ("region", "listed"):
            return "any"
        if self.kind == "posting":
            return "own" if own else "theirs"
        taken_over = ("touchpoint", "action", "initiative", "session")
        orphaned = self.kind in taken_over and self.author_left
        others = "orphaned" if orphaned else "theirs"
        if self.kind in ("action", "request") and self.place_of == self.organisation:
            others = "given"
        if self.kind == "request":
            return f"{others} {'shared' if shared else 'hidden'}"
        return f"{'own' if own else others} {'shared' if shared else 'hidden'}"

    def _of_a_place(self) -> str:
        if self.place_of == self.organisation:
            if self.place != "accepted":
                return "own"
            return f"own accepted {'opened' if self.owner == self.organisation else 'joined'}"
        if self.place in {"recorded", "invited"} and self.owner == self.organisation:
            return "ours to name"
        return "theirs"

    def asks(self, name: str) -> bool:
        """The answer of `can`, with the personal grants of this situation."""
        held = frozenset({GRANTS[self.held].value} if self.held in GRANTS else ())
        with (
            patch.object(grants, "held_by", lambda actor, partnership: held),
            patch.object(initiatives, "held_by", lambda actor, initiative: held),
            patch.object(reviews_of_initiatives, "was_asked", lambda actor, initiative: True),
            patch.object(reviews_of_initiatives, "goes_on", lambda initiative: not self.closed),
            patch.object(regions, "holds", lambda user_id, region: self.held == "manage"),
        ):
            return can(self.actor, Permission[name], self.record)

    def expects(self, name: str) -> bool:
        """The answer of the table."""
        row = ROWS[name]
        if row.who == "anyone":
            return True
        if row.who == "operator":
            return self.is_operator
        if self.closed and row.open_only:
            return False
        if self.organisation is None:
            return self.held in row.grant and not (row.who == "no role" and self.is_operator)
        if self.in_support:
            entitled = row.support
        else:
            entitled = self.role is not None and RANK[self.role.value] >= RANK[row.who]
        words = self.relation.split()
        # One's own place counts as one's own in every state, whoever opened the partnership.
        relation = {" ".join(words[:number]) for number in range(1, len(words) + 1)}
        known = relation if self.kind == "place" else {self.relation}
        return entitled and (not row.kind or bool(known & row.relations))


def _led_by_nobody(**fields: Any) -> Initiative:
    made = Initiative(pk=1, **fields)
    made._prefetched_objects_cache = {"leads": []}  # type: ignore[attr-defined]
    return made


ORGANISATIONS = st.integers(1, 4)


@st.composite
def situations(draw: st.DrawFn, kind: str | None = None) -> Situation:
    """Few ids, so that they often meet; people's keys among them, one's own included."""
    kinds = sorted({row.kind for row in ROWS.values()}) if kind is None else [kind]
    organisation = draw(st.none() | ORGANISATIONS)
    role = draw(st.sampled_from(ROLES)) if organisation is not None else None
    in_support = organisation is not None and role is None and draw(st.booleans())
    owner = draw(ORGANISATIONS)
    keys = draw(st.sets(st.integers(-4, 4)))
    return Situation(
        user=draw(ORGANISATIONS),
        organisation=organisation,
        role=role,
        is_operator=in_support or draw(st.booleans()),
        in_support=in_support,
        held=draw(st.sampled_from([None, "view", "edit", "manage"])),
        kind=draw(st.sampled_from(kinds)),
        owner=owner,
        author=draw(ORGANISATIONS),
        author_left=draw(st.booleans()),
        place_of=draw(ORGANISATIONS),
        place=draw(st.sampled_from(STATES)),
        acl=tuple(sorted(keys | {owner})),
        closed=draw(st.booleans()),
    )


def test_every_permission_has_its_row() -> None:
    """A new permission is written into the table here, by hand, before it is used."""
    assert set(ROWS) == set(Permission.__members__)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_can_says_what_the_table_says(name: str) -> None:
    @given(situations(ROWS[name].kind))
    def in_every_situation(it: Situation) -> None:
        assert it.asks(name) is it.expects(name)

    in_every_situation()


@given(st.sampled_from(sorted(ROWS)), situations())
def test_who_is_not_signed_in_may_do_nothing(name: str, it: Situation) -> None:
    assert can(None, Permission[name], it.record) is False


@given(st.sampled_from(sorted(name for name in ROWS if ROWS[name].kind)), situations())
def test_without_the_record_it_is_about_nobody_may(name: str, it: Situation) -> None:
    assert replace(it, kind="").asks(name) is False


@given(st.text(), situations())
def test_a_name_that_does_not_exist_raises(name: str, it: Situation) -> None:
    assume(name not in {permission.value for permission in Permission})
    for actor in (it.actor, None):
        with pytest.raises(ValueError, match="not a valid Permission"):
            can(actor, name, it.record)  # type: ignore[arg-type]


@given(st.sampled_from(sorted(ROWS)), situations(), st.sampled_from(ROLES))
def test_being_several_things_gives_no_more_than_each_of_them(
    name: str, it: Situation, role: Role | None
) -> None:
    """An operator with a role, a support session beside a role: never more than the union."""
    it = replace(it, kind=ROWS[name].kind)
    both = replace(it, role=role, in_support=True, is_operator=True)
    alone = [
        replace(it, role=role, in_support=False, is_operator=False),
        replace(it, role=None, in_support=True, is_operator=False),
        replace(it, role=None, in_support=False, is_operator=True),
    ]

    assert not both.asks(name) or any(one.asks(name) for one in alone)


@given(st.sampled_from(sorted(ROWS)), situations(), st.sampled_from(list(Role)))
def test_a_role_without_an_organisation_opens_nothing(name: str, it: Situation, role: Role) -> None:
    nowhere = replace(it, kind=ROWS[name].kind, organisation=None, held=None, role=role)

    assert nowhere.asks(name) is replace(nowhere, role=None).asks(name)


@given(st.sampled_from(sorted(ROWS)), situations(), st.permutations(range(101, 105)))
def test_who_the_others_are_makes_no_difference(
    name: str, it: Situation, others: list[int]
) -> None:
    """With every other organisation's and person's id another one, the answer is the same."""

    def renamed(key: int) -> int:
        own = key in (it.organisation, -it.user) or key == 0
        return key if own else (others[key - 1] if key > 0 else -others[-key - 1])

    it = replace(it, kind=ROWS[name].kind)
    elsewhere = replace(
        it,
        owner=renamed(it.owner),
        author=renamed(it.author),
        place_of=renamed(it.place_of),
        acl=tuple(renamed(key) for key in it.acl),
    )

    assert elsewhere.asks(name) is it.asks(name)
