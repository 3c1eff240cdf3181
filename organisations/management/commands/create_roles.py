"""Create the database roles that Tandem runs as. Outside migrations, and safe to run again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from organisations.tenancy import checks

ROLES_SQL = Path(checks.__file__).parent / "roles.sql"
PASSWORDS = {
    "tandem_owner": "OWNER_PASSWORD",
    "tandem_web": "WEB_PASSWORD",
    "tandem_worker": "WORKER_PASSWORD",
}


class Command(BaseCommand):
    """Create or correct the roles and hand the database to its owner."""

    help = (
        "Creates the roles tandem_owner, tandem_web, tandem_worker, tandem_definer and "
        "tandem_importer through "
        "SUPERUSER_DATABASE_URL, with the passwords OWNER_PASSWORD, WEB_PASSWORD and "
        "WORKER_PASSWORD, and makes tandem_owner the owner of that database."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the role statements in one transaction."""
        address = self._required("SUPERUSER_DATABASE_URL")
        passwords = {role: self._required(name) for role, name in PASSWORDS.items()}
        with psycopg.connect(address) as connection:
            connection.execute(ROLES_SQL.read_bytes())
            for role, password in passwords.items():
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(password)
                    )
                )
            # A cloud administrator is no superuser: it may give a database away only to a
            # role that it is a member of.
            connection.execute("GRANT tandem_owner TO CURRENT_USER")
            database = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO tandem_owner").format(database))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO tandem_web, tandem_worker").format(
                    database
                )
            )
            connection.execute(
                sql.SQL("GRANT TEMPORARY ON DATABASE {} TO tandem_importer").format(database)
            )
        self.stdout.write("Roles are in place.")

    def _required(self, name: str) -> str:
        value = os.environ.get(name, "")
        if not value:
            raise CommandError(f"Set {name} in the environment; see --help for what it is.")
        return value
