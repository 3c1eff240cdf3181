"""What people need and whom to contact for it."""

import django.contrib.postgres.fields
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0013_forgetting"),
    ]

    operations = [
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("not_here", models.BooleanField(default=False)),
                ("first_door", models.CharField(max_length=300)),
                (
                    "first_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "first_gateways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("ask_for", models.CharField(max_length=300)),
                ("not_for", models.CharField(max_length=300)),
                ("fallback", models.CharField(max_length=300)),
                (
                    "fallback_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("strategic", models.CharField(max_length=300)),
                (
                    "strategic_gateways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("edited_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        run_sql_file(__file__, "0014_needs.sql"),
    ]
