"""Whoever takes an organisation's place goes on measuring."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0003_rule_told_by"),
        ("organisations", "0027_reorganisations"),
        ("record", "0024_succeeding"),
    ]

    operations = [run_sql_file(__file__, "0004_reorganising.sql")]
