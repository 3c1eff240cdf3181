"""Whoever acts as themselves reads only while their personal grant lives."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("record", "0014_grants")]

    operations = [run_sql_file(__file__, "0011_grants.sql")]
