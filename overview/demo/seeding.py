"""Setting the demonstration up, through the same services that people use."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from calendars.london import today
from calendars.working_days import working_day_from
from contacts.directory_services import list_posting
from contacts.models import Gateway
from contacts.regions.services import give_region
from contacts.verification import clock
from organisations.actor import ActingOrganisation, Actor
from organisations.demo_accounts import DEMO_PASSWORD
from organisations.joining import terms
from organisations.joining.opening import accept_terms
from organisations.models import Role, School, User
from organisations.models.school import TrustBasis
from organisations.outbox.preferences.quiet import Quiet
from organisations.outbox.preferences.services import keep_quiet_hours
from organisations.services import ask_to_join, decide_joining
from organisations.tenancy.scope import acting
from overview.demo import (
    aimed,
    directory,
    in_writing,
    reviewed,
    story,
    together,
    touchpoints,
    won,
    year,
)
from overview.demo.standing import organisation, own_organisation, working_day_near
from partnerships.actions.models import Action
from partnerships.actions.owners import possible_owners
from partnerships.actions.services import add_action
from partnerships.agenda.services import plan_item
from partnerships.conversations.services import log_conversation
from partnerships.record.models import ContactFunction, Member, Partnership
from partnerships.record.services import (
    add_partner,
    answer_invitation,
    invite_partner,
    name_contact,
    open_partnership,
)


def is_there() -> bool:
    """Whether the demo has been set up before."""
    return User.objects.filter(email=story.ACCOUNTS["school trust"].address).exists()


def seed() -> None:
    """Set the whole demo up, or nothing of it."""
    link_goldsmith()
    operator = make_operator()
    with transaction.atomic():
        people = {part: admit(account, operator) for part, account in story.ACCOUNTS.items()}
        admin = give_region_to_admin(operator)
        fill_directory(admin)
        directory.fill(admin, organisation("board").region, people["school trust"])
        hub = open_hub(people)
        log_what_was_said(people, hub)
        touchpoints.fill(people, hub)
        plan_item_for_board(people, hub)
        give_actions(people, hub)
        in_writing.agree_in_writing(people, hub)
        aimed.agree_on(people, hub)
        reviewed.review(people, hub)
        won.celebrate(people, hub)
        together.do_together(people, hub)
        year.fill(people, hub)
        touchpoints.plan_half_terms(people, hub)
        open_careers(people)
        keep_evenings_free(people["nhs lead"])
    # Each of them is asked whether it is right: the e-mails are in the mail folder.
    clock.run()


def link_goldsmith() -> None:
    """The school's trust as the published reports name it; open data does not."""
    School.objects.using("owner").filter(organisation__code=story.GOLDSMITH_URN, trust=None).update(
        trust_id=organisation("school trust").pk, trust_basis=TrustBasis.REPORTED
    )


def make_operator() -> Actor:
    """The platform operator; only the role that owns the tables can make one."""
    address, name = story.OPERATOR
    user = User.objects.using("owner").filter(email=address).first()
    if user is None:
        with transaction.atomic(using="owner"):
            user = User.objects.db_manager("owner").create_user(
                address, DEMO_PASSWORD, name=name, is_operator=True, is_demo=True
            )
            _confirm(user, using="owner")
    return Actor(user.pk, is_operator=True)


def admit(account: story.Account, operator: Actor) -> Actor:
    """An account whose request to speak for its organisation the operator approves."""
    user = User.objects.create_user(account.address, DEMO_PASSWORD, name=account.name, is_demo=True)
    _confirm(user)
    speaks_for = organisation(account.organisation)
    themselves = Actor(user.pk)
    with acting(themselves.scope):
        request = ask_to_join(
            by=themselves,
            organisation=speaks_for,
            job_title=account.job_title,
            evidence="Illustration: a demo account.",
        )
    with acting(operator.scope):
        decide_joining(
            request=request, by=operator, approve=True, note="Illustration: a demo account."
        )
    with acting(themselves.scope):
        accept_terms(by=themselves, organisation=speaks_for, version=terms.CURRENT)
    return Actor(
        user.pk,
        ActingOrganisation(speaks_for.pk, speaks_for.name, speaks_for.slug, speaks_for.kind),
        Role.MANAGER,
    )


def give_region_to_admin(operator: Actor) -> Actor:
    """Somebody without an organisation, who manages the directory of the board's region."""
    address, name = story.REGIONAL_ADMIN
    user = User.objects.create_user(address, DEMO_PASSWORD, name=name, is_demo=True)
    _confirm(user)
    with acting(operator.scope):
        give_region(by=operator, region=organisation("board").region, email=address)
    return Actor(user.pk)


def fill_directory(admin: Actor) -> None:
    """A few people in the directory of the region."""
    with acting(admin.scope):
        for each in story.DIRECTORY:
            list_posting(
                by=admin,
                region=organisation("board").region,
                organisation=organisation(each.organisation),
                name=each.name,
                job_title=each.job_title,
                email=each.address,
                source="Illustration: a demo record",
            )


def _confirm(user: User, *, using: str = "default") -> None:
    EmailAddress.objects.using(using).create(
        user_id=user.pk, email=user.email, verified=True, primary=True
    )


def open_hub(people: dict[str, Actor]) -> Partnership:
    """The hub, with three members and an invitation that waits for an answer."""
    owner = people["school trust"]
    with acting(owner.scope):
        hub = open_partnership(
            by=owner,
            name=story.HUB_NAME,
            purpose=story.HUB_PURPOSE,
            partner=organisation("nhs trust"),
        )
        for part in ("council", "board"):
            add_partner(by=owner, partnership=hub, partner=organisation(part))
        name_both(owner, hub, "school trust")
        for part, account in (
            ("nhs trust", story.ACCOUNTS["nhs lead"]),
            ("council", story.ACCOUNTS["public health"]),
            ("board", story.ACCOUNTS["board lead"]),
        ):
            invite_partner(
                by=owner,
                partnership=hub,
                organisation=organisation(part),
                email=account.address,
                message="We would like to plan the hub with you. Illustration.",
            )
    for part in ("nhs lead", "public health"):
        member = people[part]
        with acting(member.scope):
            answer_invitation(
                by=member,
                member=Member.objects.get(partnership=hub, organisation=own_organisation(member)),
                accept=True,
            )
            name_both(member, hub, part)
    with acting(owner.scope):
        hub.refresh_from_db()  # who holds a key to it has changed since it was opened
    return hub


def keep_evenings_free(somebody: Actor) -> None:
    """Somebody who wants no e-mail in the evening, at night and at weekends."""
    with acting(somebody.scope):
        keep_quiet_hours(by=somebody, quiet=Quiet(*story.QUIET, weekends=True))


def name_both(by: Actor, partnership: Partnership, part: str) -> None:
    """The named contact and the deputy of the actor's own side."""
    account = story.ACCOUNTS[part]
    own = organisation(account.organisation)
    name_contact(
        by=by,
        partnership=partnership,
        organisation=own,
        function=ContactFunction.NAMED,
        name=account.name,
        job_title=account.job_title,
        email=account.address,
    )
    name_contact(
        by=by,
        partnership=partnership,
        organisation=own,
        function=ContactFunction.DEPUTY,
        name=account.deputy_name,
        job_title=account.deputy_job_title,
        email=account.address.replace("@", "-deputy@"),
    )


def log_what_was_said(people: dict[str, Actor], hub: Partnership) -> None:
    """Two and a half months of conversations, some of them internal to one side."""
    days_ago, introduced_by, whom, note = story.INTRODUCTION
    with acting(people["school trust"].scope):
        log_conversation(
            by=people["school trust"],
            partnership=hub,
            kind="intro",
            held_on=working_day_near(today() - timedelta(days=days_ago)),
            summary=note,
            internal=False,
            introduced_by=introduced_by,
            others=whom,
        )
    for days_ago, part, kind, summary, internal in story.CONVERSATIONS:
        by = people[part]
        with acting(by.scope):
            log_conversation(
                by=by,
                partnership=hub,
                kind=kind,
                held_on=working_day_near(today() - timedelta(days=days_ago)),
                summary=summary,
                internal=internal,
            )


def plan_item_for_board(people: dict[str, Actor], hub: Partnership) -> None:
    """One item on its way to the health and wellbeing board of the place."""
    school = people["school trust"]
    board = Gateway.objects.get(type__key="hwb", place__council=organisation("council"))
    with acting(school.scope):
        plan_item(
            by=school,
            partnership=hub,
            gateway=board,
            title=story.ITEM_TITLE,
            ask=story.ITEM_ASK,
            own_due_on=working_day_from(today() + timedelta(days=24)),
        )


def give_actions(people: dict[str, Actor], hub: Partnership) -> None:
    """What each side is to do: one of it overdue, one for whoever signs in, one without a day."""
    school, nhs = people["school trust"], people["nhs lead"]
    for by, title, whose, days in story.ACTIONS:
        giver = people[by]
        with acting(giver.scope):
            to = own_organisation(people[whose])
            owners = [e for e in possible_owners(giver, hub) if e.organisation == to]
            add_action(
                by=giver,
                partnership=hub,
                title=title,
                owner=owners[0],
                due_on=working_day_from(today() + timedelta(days=days)) if days else None,
            )
    with acting(school.scope):
        # Nobody adds what is overdue already, so it is put there.
        Action.objects.create(
            partnership=hub,
            author_organisation=own_organisation(school),
            author_id=school.user_id,
            owner_organisation=own_organisation(nhs),
            title=story.OVERDUE_ACTION,
            due_on=working_day_near(today() - timedelta(days=6)),
        )


def open_careers(people: dict[str, Actor]) -> None:
    """A second partnership, with an organisation that has not joined and is only recorded."""
    owner = people["school trust"]
    partner = organisation("careers partner")
    with acting(owner.scope):
        careers = open_partnership(
            by=owner,
            name=story.CAREERS_NAME,
            purpose=story.CAREERS_PURPOSE,
            partner=partner,
        )
        name_contact(
            by=owner,
            partnership=careers,
            organisation=partner,
            function=ContactFunction.NAMED,
            name="Widening participation lead",
            job_title="Widening participation and careers lead",
            email="careers-contact@demo.example",
        )
        log_conversation(
            by=owner,
            partnership=careers,
            kind="call",
            held_on=working_day_near(today() - timedelta(days=12)),
            summary="They can bring four speakers to a careers morning in the spring term.",
            internal=False,
        )
