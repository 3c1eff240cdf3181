"""Migrations run through the connection of the role that owns the tables."""

from django.conf import settings


class MigrationsAsOwner:
    """Allow migrations through `owner` only, so that the role serving pages owns nothing."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Say whether `db` may be migrated: only the owner's connection."""
        return db == "owner" and "owner" in settings.DATABASES
