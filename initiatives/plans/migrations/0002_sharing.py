"""Whether the members of a partnership may share numbers about people."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("agreements", "0007_closed_parties"), ("plans", "0001_initial")]

    operations = [run_sql_file(__file__, "0002_sharing.sql")]
