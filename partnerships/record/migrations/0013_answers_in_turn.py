"""An organisation becomes a member by answering an invitation, and leaves as a member."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("record", "0012_audit_trail")]

    operations = [run_sql_file(__file__, "0013_answers_in_turn.sql")]
