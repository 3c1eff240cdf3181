"""App configuration."""

from django.apps import AppConfig


class SmallNumbersConfig(AppConfig):
    """The rule for small numbers that holds in a partnership."""

    name = "initiatives.small_numbers"

    def ready(self) -> None:
        """Register the rules, what choices are called, and what is exported."""
        from initiatives.small_numbers import audit_kinds, exported, permissions  # noqa: F401

        audit_kinds.register_kinds()
        exported.register()
