"""The worker takes one sheet at a time, however the database plans it."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("contacts", "0014_needs")]

    operations = [run_sql_file(__file__, "0015_one_sheet_at_a_time.sql")]
