"""Organisations, schools, the people who sign in, audit and outbox."""

from organisations.models.audit import AuditEvent
from organisations.models.change import AHEAD, AnnouncedChange, ChangeState, Confidence
from organisations.models.delivery import Delivery, OutboxDecision
from organisations.models.export import ExportState, RecordsExport
from organisations.models.inbox import InboxMessage, InboxReading
from organisations.models.joining import JoiningRequest
from organisations.models.mail_wishes import Choice, HeldNews, MailPreference, MailTimes
from organisations.models.membership import Membership, Role
from organisations.models.organisation import Kind, Organisation, Sector, Succession
from organisations.models.person_invitation import PersonInvitation
from organisations.models.reorganisation import (
    Proposal,
    Reorganisation,
    ReorganisationRow,
    ReorganisationState,
)
from organisations.models.school import School
from organisations.models.sign_in import EmailChange, LinkedSignIn, SecondStepReset, SignedInSession
from organisations.models.standing import (
    SupportSession,
    Suspension,
    TermsAcceptance,
    TrustedDomain,
)
from organisations.models.submission import Submission
from organisations.models.user import User

__all__ = [
    "AHEAD",
    "AnnouncedChange",
    "AuditEvent",
    "ChangeState",
    "Choice",
    "Confidence",
    "Delivery",
    "EmailChange",
    "ExportState",
    "HeldNews",
    "InboxMessage",
    "InboxReading",
    "JoiningRequest",
    "Kind",
    "LinkedSignIn",
    "MailPreference",
    "MailTimes",
    "Membership",
    "Organisation",
    "OutboxDecision",
    "PersonInvitation",
    "Proposal",
    "RecordsExport",
    "Reorganisation",
    "ReorganisationRow",
    "ReorganisationState",
    "Role",
    "School",
    "SecondStepReset",
    "Sector",
    "SignedInSession",
    "Submission",
    "Succession",
    "SupportSession",
    "Suspension",
    "TermsAcceptance",
    "TrustedDomain",
    "User",
]
