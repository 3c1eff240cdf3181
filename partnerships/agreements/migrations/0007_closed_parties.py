"""An organisation that has closed is not asked to sign."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_papers")]

    operations = [run_sql_file(__file__, "0007_closed_parties.sql")]
