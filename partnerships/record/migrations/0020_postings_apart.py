"""Postings stay with the person, place and region that they may have; their events tell no more."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0019_leavers"),
        ("contacts", "0013_forgetting"),
        ("organisations", "0016_own_rows"),
    ]

    operations = [run_sql_file(__file__, "0020_postings_apart.sql")]
