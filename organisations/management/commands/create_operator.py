"""Create the first account of a real start: a platform operator."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from organisations.address_check import plain_email
from organisations.models import User
from organisations.services import HAS_ACCOUNT, create_operator


class Command(BaseCommand):
    """Ask for a password, create the operator, say what to do next."""

    help = (
        "Creates a platform operator, who decides who speaks for an organisation and sees no "
        "organisation's records. Needs OWNER_DATABASE_URL; the role that serves pages cannot."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and where the password comes from."""
        parser.add_argument("email", help="the operator's e-mail address, by which they sign in")
        parser.add_argument("--name", default="", help="the operator's name, shown to people")
        parser.add_argument(
            "--password-from-stdin",
            action="store_true",
            help="read the password from the first line of standard input instead of asking",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the operator; nothing is created when anything is wrong."""
        if "owner" not in settings.DATABASES:
            raise CommandError(
                "Set OWNER_DATABASE_URL, the address of the database as the role that owns its "
                "tables. No other role may create an operator."
            )
        email = options["email"].strip()
        try:
            plain_email(email)
            if User.objects.filter(email=email.lower()).exists():
                raise ValidationError(HAS_ACCOUNT.format(address=email))
            password = _password(from_stdin=options["password_from_stdin"])
            validate_password(password, User(email=email, name=options["name"]))
            create_operator(email=email, password=password, name=options["name"])
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(
            f"{email} is an operator. Sign in at {settings.BASE_URL}{reverse('account_login')}, "
            f"then decide who speaks for an organisation at {settings.BASE_URL}"
            f"{reverse('operator')}. People create their own accounts at "
            f"{settings.BASE_URL}{reverse('account_signup')}."
        )


def _password(*, from_stdin: bool) -> str:
    """The chosen password. Raises ValidationError when two typings differ or there is none."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Choose a password: ")
        if password != getpass.getpass("The same again: "):
            raise ValidationError("The two passwords differ. Nothing was created.")
    if not password:
        raise ValidationError("A password is needed. Nothing was created.")
    return password
