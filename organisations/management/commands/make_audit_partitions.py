"""Make the audit trail's partitions for the coming months, as the role that owns the table."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import IntegrityError, connections, transaction
from psycopg import sql

TABLE = "organisations_auditevent"
# The table's own trigger does not fire for a statement that names a partition.
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {}
FOR EACH STATEMENT EXECUTE FUNCTION tandem.append_only()
"""


def month_after(day: date, months: int) -> date:
    """The first of the month that lies `months` after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


class Command(BaseCommand):
    """Make what is missing; safe to run again. The default partition catches the rest."""

    help = "Makes the audit trail's monthly partitions ahead of time."

    def add_arguments(self, parser: CommandParser) -> None:
        """How far ahead."""
        parser.add_argument("--months", type=int, default=12, help="how many months ahead (12)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make each missing partition, from this month on."""
        today = datetime.now(UTC).date()
        made = [
            name
            for ahead in range(options["months"] + 1)
            if (name := make_partition(month_after(today, ahead)))
        ]
        if options["verbosity"] > 0:
            self.stdout.write(f"Made {len(made)} partitions." if made else "Nothing to make.")


def make_partition(month: date) -> str | None:
    """Make the partition of one month, with row security and append-only on it too.

    None if it is there, or if events of that month already lie in the default partition:
    PostgreSQL will not split them off, and they are as safe where they are.
    """
    try:
        return _make(f"{TABLE}_{month:%Y_%m}", month)
    except IntegrityError:
        return None


def _make(name: str, month: date) -> str | None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return None
        cursor.execute(
            sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(name),
                sql.Identifier(TABLE),
                sql.Literal(f"{month:%Y-%m-%d} 00:00+00"),
                sql.Literal(f"{month_after(month, 1):%Y-%m-%d} 00:00+00"),
            )
        )
        for statement in ("ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"):
            cursor.execute(sql.SQL("ALTER TABLE {} " + statement).format(sql.Identifier(name)))
        cursor.execute(sql.SQL(APPEND_ONLY).format(sql.Identifier(name)))
    return name
