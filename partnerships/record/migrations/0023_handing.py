"""Whoever looks after a partnership hands it to another member."""

from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0022_describing"),
    ]

    operations = [
        migrations.AddField(
            model_name="partnership",
            name="handed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        run_sql_file(__file__, "0023_handing.sql"),
    ]
