"""Summaries are asked for, and learn for whom they are written and what was held for them."""

from django.db import migrations

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0021_mail_wishes")]

    operations = [run_sql_file(__file__, "0022_digests.sql")]
