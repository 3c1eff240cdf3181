"""What goes together with a name: offers to other regions, reports, notes."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("contacts", "0012_reaching")]

    operations = [run_sql_file(__file__, "0013_forgetting.sql")]
