"""Members see and withdraw the e-mails about an agreement that they share."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_signing")]

    operations = [run_sql_file(__file__, "0003_mail.sql")]
