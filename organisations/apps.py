"""App configuration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, schools, users, memberships, tenancy, audit, outbox, guard-rail."""

    name = "organisations"

    def ready(self) -> None:
        """Register the system checks of tenancy."""
        from organisations.tenancy import checks  # noqa: F401
