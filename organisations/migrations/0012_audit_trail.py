"""The audit trail: whose an event is, below which shared record, and never changed."""

from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0011_sign_in_tables")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[run_sql_file(__file__, "0012_audit_trail.sql")],
            state_operations=[
                migrations.AddField(
                    model_name="auditevent",
                    name="partnership_id",
                    field=models.BigIntegerField(editable=False, null=True),
                ),
            ],
        ),
    ]
