"""Events about a person's posting are read by those who still see it."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_dataset"), ("organisations", "0012_audit_trail")]

    operations = [run_sql_file(__file__, "0003_audit_trail.sql")]
