"""Every e-mail Tandem sends: the database is the queue, Celery only wakes it.

    outbox.enqueue(kind="touchpoint_invitation", subject=touchpoint.ref, recipient=…, by=by)
    outbox.withdraw(subject=touchpoint.ref, reason="The touchpoint was cancelled.")

`asking` puts rows into the ledger and takes them out again; `kinds` knows how each kind of
e-mail is written; `letters` writes one from its two templates; `engine` sends what is due,
through `ledger` (the worker's SQL), `composing` and `transport`. How it holds together when
things crash is told in docs/outbox.md.
"""

from organisations.outbox.account import send_account_mail
from organisations.outbox.asking import enqueue, wake_on_commit, withdraw, withdraw_all
from organisations.outbox.kinds import Kind, NotNeeded, register
from organisations.outbox.letters import letter

__all__ = [
    "Kind",
    "NotNeeded",
    "enqueue",
    "letter",
    "register",
    "send_account_mail",
    "wake_on_commit",
    "withdraw",
    "withdraw_all",
]
