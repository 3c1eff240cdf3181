"""Answers, proposed times and outcomes are given in one's own name, or by a link for nobody."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("touchpoints", "0018_own_reminders"),
        ("organisations", "0024_for_nobody"),
    ]

    operations = [run_sql_file(__file__, "0019_in_ones_own_name.sql")]
