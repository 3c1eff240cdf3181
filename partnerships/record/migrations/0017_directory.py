"""Named contacts from the directory of a region."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("record", "0016_managers_grant"), ("contacts", "0005_directory")]

    operations = [run_sql_file(__file__, "0017_directory.sql")]
