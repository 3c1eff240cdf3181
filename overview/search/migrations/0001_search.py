"""The indexes and the function that find records by their words."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_search"),
        ("record", "0024_succeeding"),
        ("conversations", "0012_people"),
        ("agreements", "0008_reorganising"),
        ("plans", "0003_reorganising"),
    ]

    operations = [run_sql_file(__file__, "0001_search.sql")]
