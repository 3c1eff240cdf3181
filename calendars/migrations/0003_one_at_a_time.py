"""The worker takes one address at a time, however the database plans it."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_calendars_elsewhere")]

    operations = [run_sql_file(__file__, "0003_one_at_a_time.sql")]
