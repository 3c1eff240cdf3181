"""What may not be chosen as a password, beyond Django's own rules."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from organisations.demo_accounts import DEMO_PASSWORD


class KeepsDemoPasswordApart:
    """The demo's password is public: nobody else may choose it, and the demo keeps it."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for the demo's password, or for a demo account's new one."""
        if getattr(user, "is_demo", False):
            raise ValidationError(
                "The demo accounts keep the password shown on the first page.", code="demo"
            )
        if password == DEMO_PASSWORD:
            raise ValidationError(
                "This is the public password of the demo. Choose another.", code="demo"
            )

    def get_help_text(self) -> str:
        """The rule, for whoever lists them all."""
        return "Your password can’t be the public one of the demo."
