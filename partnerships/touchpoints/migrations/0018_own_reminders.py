"""Reminders that are asked for already follow what their reader chooses."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_directory"),
        ("organisations", "0022_digests"),
        ("touchpoints", "0017_ways"),
    ]

    operations = [run_sql_file(__file__, "0018_own_reminders.sql")]
