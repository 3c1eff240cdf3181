"""What is done for nobody is done by nobody who is signed in."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0023_written_anew")]

    operations = [run_sql_file(__file__, "0024_for_nobody.sql")]
