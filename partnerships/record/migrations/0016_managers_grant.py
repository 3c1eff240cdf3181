"""Only a manager of the owning organisation gives a personal grant, by the row policy as well."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0015_joining"),
        ("organisations", "0013_joining"),
    ]

    operations = [run_sql_file(__file__, "0016_managers_grant.sql")]
