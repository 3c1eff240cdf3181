"""What partnerships learn of a contact who left, and places that pass on when contacts merge."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("record", "0018_closer"), ("contacts", "0011_keeping")]

    operations = [run_sql_file(__file__, "0019_leavers.sql")]
