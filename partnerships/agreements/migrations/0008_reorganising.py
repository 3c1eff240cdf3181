"""Agreements go along with their partnership, to be signed anew."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_closed_parties"), ("record", "0024_succeeding")]

    operations = [run_sql_file(__file__, "0008_reorganising.sql")]
