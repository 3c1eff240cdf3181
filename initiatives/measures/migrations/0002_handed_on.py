"""A measure, and its raw readings with it, is handed on by its owner or a manager alone."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]

    operations = [run_sql_file(__file__, "0002_handed_on.sql")]
