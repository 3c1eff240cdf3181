"""A thin subclass of Django's PostgreSQL backend: every outermost transaction carries the scope.

BEGIN and set_config go in one round trip; psycopg itself stays in autocommit mode.
The settings are local to the transaction, so a reused or pooled connection holds none.
"""

from django.db.backends.postgresql import base

from organisations.tenancy.scope import NOBODY, current_scope


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with `app.org_id`, `app.user_id` and `app.keys` set as each transaction opens."""

    def _set_autocommit(self, autocommit: bool) -> None:
        if autocommit:
            if not self.connection.autocommit:
                with self.wrap_database_errors:
                    self.connection.autocommit = True
            return
        scope = current_scope()
        sql = "BEGIN" if scope is NOBODY else f"BEGIN; {scope.set_config_sql()}"
        with self.wrap_database_errors:
            self.connection.execute(sql.encode())
