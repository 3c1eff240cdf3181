"""Whom to tell when an organisation joins that partnerships already record."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0014_grants"),
        ("organisations", "0013_joining"),
    ]

    operations = [run_sql_file(__file__, "0015_joining.sql")]
