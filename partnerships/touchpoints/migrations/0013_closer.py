"""A touchpoint to come is cancelled by the organisation that scheduled it; links answer oneself."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0012_taking_over")]

    operations = [run_sql_file(__file__, "0013_closer.sql")]
