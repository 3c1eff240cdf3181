"""Initiatives go along with their partnership."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_sharing"), ("record", "0024_succeeding")]

    operations = [run_sql_file(__file__, "0003_reorganising.sql")]
