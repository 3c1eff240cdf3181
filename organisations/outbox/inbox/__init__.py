"""What comes back by e-mail: the service's own mailbox is read, and each message put to its use.

    inbox.register(Sort("calendar-reply", "Answer from a calendar", recognise, handle))

`addresses` knows what INBOX_URL says; `imap` and `folder` are mailboxes; `messages` takes a message
apart within limits; `sorts` is the register of what is understood, to which the floors above add
theirs; `bounces`, `complaints` and `auto_replies` are our own; `rounds` reads, `notes` keeps what
became of each. docs/inbox.md tells how it holds together.
"""

from organisations.outbox.inbox.addresses import is_set_up
from organisations.outbox.inbox.messages import Part, Received
from organisations.outbox.inbox.sorts import Folder, Sort, Verdict, register

__all__ = ["Folder", "Part", "Received", "Sort", "Verdict", "is_set_up", "register"]
