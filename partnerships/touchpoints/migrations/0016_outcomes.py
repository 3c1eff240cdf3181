"""An outcome is corrected by whoever recorded it; somebody invited schedules the next date."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0015_attending")]

    operations = [run_sql_file(__file__, "0016_outcomes.sql")]
