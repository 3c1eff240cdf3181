"""A lost second step is reset by an operator; an operator belongs to no organisation."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0014_exports"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="second_step_due",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="SecondStepReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("how", models.TextField(max_length=1000)),
                (
                    "reset_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                    ),
                ),
                (
                    "reset_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-reset_at", "-id"],
            },
        ),
        run_sql_file(__file__, "0015_second_step_reset.sql"),
    ]
