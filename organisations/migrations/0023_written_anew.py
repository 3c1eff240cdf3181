"""What a worker has written and not begun is written anew once its reader is no longer meant."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0022_digests")]

    operations = [run_sql_file(__file__, "0023_written_anew.sql")]
