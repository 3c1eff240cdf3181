"""An account changes its own row alone; look-ups answer about oneself; an event tells of nothing
that its writer cannot see."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0015_second_step_reset")]

    operations = [run_sql_file(__file__, "0016_own_rows.sql")]
