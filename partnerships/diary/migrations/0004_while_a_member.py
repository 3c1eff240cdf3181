"""Only a member changes its answer, while the quiet period stands."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("diary", "0003_open_feed")]

    operations = [run_sql_file(__file__, "0004_while_a_member.sql")]
