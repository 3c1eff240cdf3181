"""What an organisation that left had scheduled is taken over by another member."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("touchpoints", "0011_grants"),
        ("organisations", "0013_joining"),
    ]

    operations = [run_sql_file(__file__, "0012_taking_over.sql")]
