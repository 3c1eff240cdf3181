"""Term dates follow the organisation that takes over, where it has none."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("calendars", "0003_one_at_a_time"), ("organisations", "0027_reorganisations")]

    operations = [run_sql_file(__file__, "0004_reorganising.sql")]
