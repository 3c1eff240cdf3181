"""Which of its schools a trust brings, and a side that a council or a provider chooses."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0024_for_nobody"),
        ("record", "0021_approaches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="all_schools",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="member",
            name="described",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="member",
            name="schools",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("all_schools", True), ("schools__len", 0)),
                    models.Q(("all_schools", False), ("schools__len__gt", 0)),
                    _connector="OR",
                ),
                name="member_brings_all_schools_or_some",
            ),
        ),
        run_sql_file(__file__, "0022_describing.sql"),
    ]
