"""System checks: refuse to serve through a connection that could see more than it should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError

OVER_PRIVILEGED = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'tandem')
                 AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owns,
       current_user
FROM pg_roles WHERE rolname = current_user
"""


@register(Tags.database)
def serving_role_is_harmless(
    *,
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Refuse a serving connection that is superuser, bypasses row security or owns tables."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        if alias not in ("default", "worker"):
            continue
        problems.extend(problems_of(alias))
    return problems


def problems_of(alias: str) -> list[CheckMessage]:
    """What is wrong with the role behind one connection, as errors that name it."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(OVER_PRIVILEGED)
            superuser, bypasses, owns, role = cursor.fetchone()
    except OperationalError:
        return [
            Error(
                f"The database behind the connection '{alias}' does not answer.",
                hint="Start PostgreSQL, or correct the address in the environment.",
                id="tandem.E002",
            )
        ]
    faults = [
        words
        for found, words in (
            (superuser, "is a superuser"),
            (bypasses, "bypasses row-level security"),
            (owns, "owns tables, or is a member of the role that does"),
        )
        if found
    ]
    if not faults:
        return []
    return [
        Error(
            f"The database role '{role}' behind the connection '{alias}' {' and '.join(faults)}.",
            hint="Serve pages as the role made by `manage.py create_roles` for that purpose.",
            id="tandem.E001",
        )
    ]
