"""Operators see how the outbox stands and steer it; what was sent lately can be counted."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0017_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("retry", "Tried again"), ("drop", "Dropped")],
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("reason", models.TextField(max_length=1000)),
                (
                    "deliveries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["retry", "drop"])),
                        name="outbox_decision_action",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="had_payload",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["uncertain", "dead"])),
                fields=["state", "kind"],
                name="delivery_trouble_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["sent_at"], name="delivery_sent_idx", pages_per_range=16
            ),
        ),
        run_sql_file(__file__, "0018_steering.sql"),
    ]
