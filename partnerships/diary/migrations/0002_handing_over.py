"""Whoever leaves an organisation hands the quiet periods that stand over to a colleague."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("diary", "0001_initial"), ("organisations", "0010_people")]

    operations = [run_sql_file(__file__, "0002_handing_over.sql")]
