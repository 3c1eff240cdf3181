"""Events about a shared record are read by those who still see it."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("record", "0010_handing_over"), ("organisations", "0012_audit_trail")]

    operations = [run_sql_file(__file__, "0012_audit_trail.sql")]
