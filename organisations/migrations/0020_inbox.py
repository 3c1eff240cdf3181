"""What came back by e-mail: how the reading of the mailbox stands, and what became of messages."""

import django.utils.timezone
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0019_one_export_at_a_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("sort", models.CharField(blank=True, max_length=40)),
                (
                    "folder",
                    models.CharField(
                        blank=True,
                        choices=[("handled", "Handled"), ("other", "Set aside")],
                        max_length=7,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("domain", models.CharField(blank=True, max_length=120)),
                ("delivery_id", models.BigIntegerField(null=True)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["handled_at"], name="inbox_message_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("folder", ""), ("handled_at__isnull", True)),
                            models.Q(
                                ("folder__in", ["handled", "other"]), ("handled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="inbox_message_folder",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("switched_on", models.BooleanField(default=True)),
                ("claimed_by", models.CharField(blank=True, max_length=80)),
                ("lease_until", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="inbox_reading_one_row"
                    )
                ],
            },
        ),
        run_sql_file(__file__, "0020_inbox.sql"),
    ]
