"""What mail servers and programs send back, in the shapes that they document.

Each takes the e-mail of ours that it answers, as it went out.
"""

from __future__ import annotations

from email.message import EmailMessage
from itertools import count


def head_of(ours: EmailMessage) -> str:
    """The headers of our e-mail, as a mail server returns them."""
    return "".join(f"{name}: {value}\r\n" for name, value in ours.items())


class Letters:
    """Each letter has a Message-ID of its own."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def _id(self) -> str:
        return f"<{next(self._numbers)}.letter@provider.example>"

    def postfix(
        self,
        ours: EmailMessage,
        *,
        action: str = "failed",
        status: str = "5.1.1",
        headers: str | None = None,
    ) -> bytes:
        """As Postfix bounces: the report, and the headers alone."""
        returned = head_of(ours) if headers is None else headers
        return f"""Return-Path: <>
Received: by mx.provider.example (Postfix) id 4ABC; Sun, 22 Nov 2026 10:00:01 +0000 (UTC)
Date: Sun, 22 Nov 2026 10:00:01 +0000 (UTC)
From: MAILER-DAEMON@mx.provider.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: tandem@service.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4ABC.1795341601/mx.provider.example"
Content-Transfer-Encoding: 8bit
Message-Id: {self._id()}

This is a MIME-encapsulated message.

--4ABC.1795341601/mx.provider.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.provider.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--4ABC.1795341601/mx.provider.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.provider.example
X-Postfix-Queue-ID: 4ABC
Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; {ours["To"]}
Original-Recipient: rfc822;{ours["To"]}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.health.example
Diagnostic-Code: smtp; 550 {status} Requested action not taken

--4ABC.1795341601/mx.provider.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{returned}
--4ABC.1795341601/mx.provider.example--
""".encode()

    def exchange(self, ours: EmailMessage, *, status: str = "5.1.10") -> bytes:
        """As Exchange Online does: words as HTML, the report, and the whole message."""
        return f"""From: postmaster@provider.example
To: tandem@service.example
Date: Sun, 22 Nov 2026 10:00:03 +0000
Content-Type: multipart/report; report-type=delivery-status;
	boundary="_e2b1_"
Content-Language: en-GB
Message-ID: {self._id()}
In-Reply-To: {ours["Message-ID"]}
Subject: Undeliverable: {ours["Subject"]}
Auto-Submitted: auto-replied
MIME-Version: 1.0

--_e2b1_
Content-Type: multipart/alternative; differences=Content-Type;
	boundary="_e2b1_words_"

--_e2b1_words_
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

The email address you entered couldn't be found.=20

--_e2b1_words_
Content-Type: text/html; charset="us-ascii"

<p>The email address you entered couldn't be found.</p>

--_e2b1_words_--

--_e2b1_
Content-Type: message/delivery-status

Reporting-MTA: dns;PROVIDER.PROD.EXAMPLE
Received-From-MTA: dns;mail.service.example
Arrival-Date: Sun, 22 Nov 2026 10:00:02 +0000

Original-Recipient: rfc822;{ours["To"]}
Final-Recipient: rfc822;{ours["To"]}
Action: failed
Status: {status}
Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipientNotFound; not found

--_e2b1_
Content-Type: message/rfc822

Received: from mail.service.example by PROVIDER.PROD.EXAMPLE; Sun, 22 Nov 2026 10:00:02 +0000
{head_of(ours)}
Words.

--_e2b1_--
""".encode()

    def gmail(self, ours: EmailMessage, *, status: str = "5.1.1") -> bytes:
        """As Gmail does: pictures, the report, and the message with a Message-ID of ours."""
        return f"""Return-Path: <>
Date: Sun, 22 Nov 2026 02:00:05 -0800 (PST)
From: Mail Delivery Subsystem <mailer-daemon@provider.example>
To: tandem@service.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {ours["Message-ID"]}
In-Reply-To: {ours["Message-ID"]}
X-Failed-Recipients: {ours["To"]}
Message-ID: {self._id()}
Content-Type: multipart/report; boundary="00000000000071"; report-type=delivery-status
MIME-Version: 1.0

--00000000000071
Content-Type: multipart/related; boundary="00000000000072"

--00000000000072
Content-Type: multipart/alternative; boundary="00000000000073"

--00000000000073
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered because the address couldn't be found.

--00000000000073
Content-Type: text/html; charset="UTF-8"

<h2>Address not found</h2>

--00000000000073--
--00000000000072
Content-Type: image/png; name="icon.png"
Content-Disposition: attachment; filename="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgo=
--00000000000072--
--00000000000071
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Sun, 22 Nov 2026 02:00:04 -0800 (PST)
X-Original-Message-ID: {ours["Message-ID"]}

Final-Recipient: rfc822; {ours["To"]}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist.
Last-Attempt-Date: Sun, 22 Nov 2026 02:00:05 -0800 (PST)

--00000000000071
Content-Type: message/rfc822

Message-ID: {ours["Message-ID"]}
Subject: {ours["Subject"]}
To: {ours["To"]}
Content-Type: text/plain; charset="utf-8"

Words.

--00000000000071--
""".encode()

    def in_words(self, ours: EmailMessage, *, status: str = "5.1.1") -> bytes:
        """As a mail server does that writes no report."""
        return f"""Return-Path: <>
From: MAILER-DAEMON@old.example
To: tandem@service.example
Subject: failure notice
Date: Sun, 22 Nov 2026 10:00:05 +0000
Message-ID: {self._id()}

Hi. This is the mail program at old.example.
I'm afraid I wasn't able to deliver your message. I've given up. Sorry.

<{ours["To"]}>:
Remote host said: 550 {status} no such user here
--- Below this line is a copy of the message.

{head_of(ours)}
Words.
""".encode()

    def complaint(self, ours: EmailMessage, *, about: str = "abuse") -> bytes:
        """As providers report that somebody pressed "this is junk"."""
        return f"""From: feedback@provider.example
To: tandem@service.example
Date: Sun, 22 Nov 2026 10:00:06 +0000
Subject: complaint about message from 192.0.2.1
Message-ID: {self._id()}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="arf"

--arf
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for an email message received from IP 192.0.2.1.

--arf
Content-Type: message/feedback-report

Feedback-Type: {about}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {ours["To"]}

--arf
Content-Type: message/rfc822
Content-Disposition: inline

{head_of(ours)}
Words.

--arf--
""".encode()

    def out_of_office(self, mark: str = "Auto-Submitted: auto-replied") -> bytes:
        """As somebody's mailbox answers while they are away."""
        return f"""From: Safeguarding lead <lead@health.example>
To: tandem@service.example
Subject: Automatic reply: Invitation
Message-ID: {self._id()}
{mark}
Content-Type: text/plain; charset="iso-8859-1"

I am away until Monday.
""".encode()

    def by_hand(self, text: str = "Thank you, see you then.") -> bytes:
        """As a person writes."""
        return f"""From: Safeguarding lead <lead@health.example>
To: tandem@service.example
Subject: Re: Invitation
Message-ID: {self._id()}
Content-Type: text/plain; charset="utf-8"

{text}
""".encode()
