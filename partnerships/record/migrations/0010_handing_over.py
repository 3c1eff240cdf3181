"""Whoever leaves an organisation hands the invitations that wait for an answer over."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial"), ("organisations", "0010_people")]

    operations = [run_sql_file(__file__, "0010_handing_over.sql")]
