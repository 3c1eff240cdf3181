"""What a partnership brings to a gateway, and how far it got."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.models import Gateway, GatewayMeeting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, User
from organisations.models.acl import AclField
from organisations.references import new_ref
from partnerships.record.models import Partnership


class ItemState(models.TextChoices):
    """How far an item got."""

    PLANNED = "planned", "Planned"
    SENT = "sent", "Paper sent"
    HEARD = "heard", "Heard"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"


# The order in which an item goes; one of them may be skipped, none is gone back to.
COURSE = (ItemState.PLANNED, ItemState.SENT, ItemState.HEARD, ItemState.DECIDED)
OPEN = (ItemState.PLANNED, ItemState.SENT, ItemState.HEARD)
# Steps that are recorded with their day and who recorded them.
STEPS = (ItemState.SENT, ItemState.HEARD, ItemState.DECIDED, ItemState.WITHDRAWN)


def _by() -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


def _organisation() -> models.ForeignKey[Organisation | None, Organisation | None]:
    return models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")


def _complete(step: str) -> Q:
    """A step has its day and who recorded it, or none of them."""
    names = [f"{step}_on", f"{step}_by", f"{step}_organisation"]
    return Q(**{f"{name}__isnull": True for name in names}) | Q(
        **{f"{name}__isnull": False for name in names}
    )


class AgendaItem(GuardedModel):
    """Something to ask of a gateway at one of its meetings.

    Changing its plan raises `revision`, and with it every reminder is replaced. `known_…` is
    what its people were told of the meeting; when the region's admin changes the meeting, they
    are told (`following`).
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agenda_items")
    author_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="+")
    # None until its dates are known.
    meeting = models.ForeignKey(
        GatewayMeeting, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=150)
    ask = models.TextField("what to ask for", max_length=2000, blank=True)
    # Where the day agreed with the gateway differs from the one that it has published.
    own_due_on = models.DateField("paper due", null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.PLANNED)
    sent_on = models.DateField(null=True)
    sent_by = _by()
    sent_organisation = _organisation()
    heard_on = models.DateField(null=True)
    heard_by = _by()
    heard_organisation = _organisation()
    decided_on = models.DateField(null=True)
    decided_by = _by()
    decided_organisation = _organisation()
    decision = models.TextField(max_length=4000, blank=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = _by()
    withdrawn_organisation = _organisation()
    withdrawn_why = models.TextField(max_length=1000, blank=True)
    known_meets_on = models.DateField(null=True)
    known_due_on = models.DateField(null=True)
    known_cancelled = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    acl = AclField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            *(
                models.CheckConstraint(
                    condition=_complete(step), name=f"agenda_item_{step}_complete"
                )
                for step in ("sent", "heard", "decided", "withdrawn")
            ),
            models.CheckConstraint(
                condition=Q(
                    state="planned",
                    sent_on=None,
                    heard_on=None,
                    decided_on=None,
                    withdrawn_on=None,
                )
                | Q(
                    state="sent",
                    sent_on__isnull=False,
                    heard_on=None,
                    decided_on=None,
                    withdrawn_on=None,
                )
                | Q(state="heard", heard_on__isnull=False, decided_on=None, withdrawn_on=None)
                | Q(state="decided", decided_on__isnull=False, withdrawn_on=None)
                | Q(state="withdrawn", decided_on=None, withdrawn_on__isnull=False),
                name="agenda_item_state_as_its_steps",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["acl"], name="agenda_item_acl"),
            models.Index(fields=["partnership", "-created_at"], name="agenda_item_partnership"),
            models.Index(
                fields=["meeting"], condition=Q(state__in=OPEN), name="agenda_item_meeting"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def due_on(self) -> date | None:
        """Until when the paper must be there: as agreed, or as the gateway published it."""
        return self.own_due_on or (self.meeting.papers_due_on if self.meeting else None)

    @property
    def meeting_stands(self) -> bool:
        """Whether it has a meeting that is not called off."""
        return self.meeting is not None and self.meeting.cancelled_at is None

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen with it."""
        return self.state in OPEN

    @property
    def knows_its_meeting(self) -> bool:
        """Whether its people were told of the meeting as it is now."""
        return self.known == known_of(self.meeting)

    @property
    def known(self) -> tuple[date | None, date | None, bool]:
        """What its people were told of the meeting: its day, when papers are due, called off."""
        return (self.known_meets_on, self.known_due_on, self.known_cancelled)

    def know(self) -> list[str]:
        """Note that its people know of the meeting as it is now; says in which fields."""
        self.known_meets_on, self.known_due_on, self.known_cancelled = known_of(self.meeting)
        return ["known_meets_on", "known_due_on", "known_cancelled"]


def known_of(meeting: GatewayMeeting | None) -> tuple[date | None, date | None, bool]:
    """What there is to know of a meeting."""
    if meeting is None:
        return (None, None, False)
    return (meeting.meets_on, meeting.papers_due_on, meeting.cancelled_at is not None)
