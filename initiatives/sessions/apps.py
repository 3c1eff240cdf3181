"""App configuration."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Sessions of an initiative, and how many people came."""

    name = "initiatives.sessions"
    # Django has an app of the short name.
    label = "initiative_sessions"

    def ready(self) -> None:
        """Register the rules, what sessions are called, what is exported, what becomes of them."""
        from initiatives.sessions import (  # noqa: F401
            audit_kinds,
            exported,
            leaving,
            permissions,
            reorganised,
            selectors,
        )
        from partnerships.diary import taken

        audit_kinds.register_kinds()
        exported.register()
        leaving.register()
        reorganised.register_own()
        taken.register(selectors.taken_days)
