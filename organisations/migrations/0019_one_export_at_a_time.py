"""The worker takes one export at a time, however the database plans it."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0018_steering")]

    operations = [run_sql_file(__file__, "0019_one_export_at_a_time.sql")]
