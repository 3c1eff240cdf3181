"""Partnerships, the organisations in them, their named contacts and invitations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from contacts.models import Posting
from organisations.guarded_models import GuardedModel
from organisations.models import Organisation, Sector, User
from organisations.models.acl import AclField
from organisations.references import new_ref


class Partnership(GuardedModel):
    """The record that organisations of both sectors share.

    It belongs to the organisation that opened it, until it hands it over. `acl` (member
    organisations, and minus the user ids of live personal grants) is filled by the database alone.
    """

    guard_exempt = frozenset({"ref"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="owned_partnerships")
    name = models.CharField("name of the partnership", max_length=120)
    purpose = models.TextField("what it is for", max_length=1000, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Since when the owner is another one than the one that opened it.
    handed_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["acl"], name="partnership_acl")]

    def __str__(self) -> str:
        return self.name


class MemberState(models.TextChoices):
    """Where an organisation stands in a partnership."""

    RECORDED = "recorded", "Recorded, not yet invited"
    INVITED = "invited", "Invited"
    ACCEPTED = "accepted", "Member"
    DECLINED = "declined", "Declined"
    LEFT = "left", "Left"
    SUCCEEDED = "succeeded", "Succeeded by another organisation"


class Member(GuardedModel):
    """An organisation in a partnership. It sees what is shared only once it has accepted.

    A school trust brings all of its schools, whichever they are on a day, or those of `schools`
    (ids of their organisations): one that has left the trust since is no longer brought.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="member_of")
    side = models.CharField(max_length=10, choices=Sector)
    state = models.CharField(max_length=10, choices=MemberState, default=MemberState.RECORDED)
    added_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(max_length=300, blank=True)
    # Which organisation took its place here, and since when: what it wrote stays under its name.
    succeeded_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, editable=False, related_name="+"
    )
    succeeded_on = models.DateField(null=True, editable=False)
    all_schools = models.BooleanField(default=True)
    schools = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Counts the choices of schools and side, so that two people do not undo each other's.
    described = models.PositiveIntegerField(default=0)
    acl = AclField()
    # Set by `selectors.schools.with_schools`.
    schools_in_all: int
    schools_chosen: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "partnership"], name="member_once"),
            models.CheckConstraint(
                condition=Q(all_schools=True, schools__len=0)
                | Q(all_schools=False, schools__len__gt=0),
                name="member_brings_all_schools_or_some",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="member_answer_complete",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="succeeded", succeeded_by__isnull=False, succeeded_on__isnull=False
                )
                | (~Q(state="succeeded") & Q(succeeded_by__isnull=True, succeeded_on__isnull=True)),
                name="member_succession_complete",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="member_acl")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.partnership}"


class ContactFunction(models.TextChoices):
    """What a posting does in one partnership."""

    NAMED = "named", "Named contact"
    DEPUTY = "deputy", "Deputy"


class NamedContact(models.Model):
    """A posting is the named contact or the deputy of one organisation in one partnership."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="named_contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="named_contacts")
    function = models.CharField(max_length=10, choices=ContactFunction)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "partnership", "function"],
                condition=Q(ended_at__isnull=True),
                name="named_contact_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["organisation", "partnership", "posting"],
                condition=Q(ended_at__isnull=True),
                name="named_contact_not_their_own_deputy",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="named_contact_acl")]

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.posting}"


class PartnershipGrant(UserObjectPermissionBase):
    """A personal grant on one partnership, in a table of its own (django-guardian).

    Who gave it, and when, the database says. After `ends_at` it opens nothing any more.
    """

    content_object = models.ForeignKey(Partnership, models.CASCADE)
    reason = models.CharField(max_length=200, blank=True, default="")
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class Invitation(GuardedModel):
    """An organisation asks another into a partnership, by e-mail to one address.

    The link in the e-mail is signed from `ref` and `sending`; no token is stored. Sending again
    raises `sending` and so ends the former link. `partnership_name` is the name as the e-mail
    gave it: the invited organisation may read this row, not yet the partnership.
    """

    guard_exempt = frozenset({"ref", "email"})

    ref = models.CharField(max_length=12, unique=True, default=new_ref, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="invitations")
    partnership_name = models.CharField(max_length=120)
    from_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254)
    message = models.TextField(max_length=1000, blank=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sending = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    acl = AclField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["to_organisation", "partnership"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(from_organisation=F("to_organisation")),
                name="invitation_not_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="invitation_expires_later"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["acl"], name="invitation_acl")]

    def __str__(self) -> str:
        return f"{self.from_organisation} invites {self.to_organisation}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered through its link."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class ApproachConsent(models.Model):
    """Whether an organisation lets others see with whom it is in touch: its name, nothing else.

    Without a row it does not.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    agreed = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.organisation} {'shows' if self.agreed else 'does not show'} its approaches"
