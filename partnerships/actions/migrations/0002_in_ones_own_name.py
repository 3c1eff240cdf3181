"""Whoever is signed in adds and closes an action as themselves."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial")]

    operations = [run_sql_file(__file__, "0002_in_ones_own_name.sql")]
