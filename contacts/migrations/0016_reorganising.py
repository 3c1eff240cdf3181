"""People in roles and gateways follow the organisation that takes over."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0015_one_sheet_at_a_time"),
        ("organisations", "0027_reorganisations"),
    ]

    operations = [run_sql_file(__file__, "0016_reorganising.sql")]
