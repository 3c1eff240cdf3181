"""What a provider reports of an e-mail after it took it; and the delivery behind a signed link."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0016_own_rows")]

    operations = [run_sql_file(__file__, "0017_receipts.sql")]
