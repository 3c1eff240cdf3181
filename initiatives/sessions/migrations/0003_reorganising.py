"""Sessions to come are run by whoever took an organisation's place."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("initiative_sessions", "0002_rule_told_by"),
        ("organisations", "0027_reorganisations"),
        ("record", "0024_succeeding"),
    ]

    operations = [run_sql_file(__file__, "0003_reorganising.sql")]
