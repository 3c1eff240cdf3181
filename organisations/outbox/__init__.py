"""Every e-mail Tandem sends: the database is the queue, Celery only wakes it.

    outbox.enqueue(kind="touchpoint_invitation", subject=touchpoint.ref, recipient=…, by=by)
    outbox.withdraw(subject=touchpoint.ref, reason="The touchpoint was cancelled.")

`asking` puts rows into the ledger and takes them out again; `kinds` knows how each kind of
e-mail is written; `letters` writes one from its two templates; `engine` sends what is due,
through `ledger` (the worker's SQL), `composing` and the `carrier` that the settings choose:
`transport` (mail servers and folders) or `notify` (GOV.UK Notify). `preferences` holds what
the readers want of it. How it holds together when
things crash is told in docs/outbox.md.
"""

from organisations.outbox.account import send_account_mail
from organisations.outbox.asking import enqueue, wake_on_commit, withdraw, withdraw_all, write_anew
from organisations.outbox.carrier import provider
from organisations.outbox.finding import find_by_token, token_for
from organisations.outbox.kinds import Kind, Later, NotNeeded, register
from organisations.outbox.letters import letter
from organisations.outbox.preferences import groups

__all__ = [
    "Kind",
    "Later",
    "NotNeeded",
    "enqueue",
    "find_by_token",
    "groups",
    "letter",
    "provider",
    "register",
    "send_account_mail",
    "token_for",
    "wake_on_commit",
    "withdraw",
    "withdraw_all",
    "write_anew",
]
