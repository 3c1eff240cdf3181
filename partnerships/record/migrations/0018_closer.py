"""Closer to the table of who may write: answers, invitations, grants, and whom a look-up answers."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0017_directory"),
        ("organisations", "0016_own_rows"),
    ]

    operations = [run_sql_file(__file__, "0018_closer.sql")]
