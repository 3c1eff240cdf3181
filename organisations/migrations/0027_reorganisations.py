"""Reorganisations: what becomes of every record of an organisation that ends."""

import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0026_announced_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=organisations.references.new_ref,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("happens_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being prepared"),
                            ("approved", "Waiting for its day"),
                            ("applied", "Done"),
                            ("called_off", "Called off"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("approved_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorganisations",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "approved"])),
                        fields=("predecessor",),
                        name="reorganisation_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reorganisation_approval_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "applied"]), _negated=True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="reorganisation_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state", "applied")),
                            models.Q(
                                models.Q(("state", "applied"), _negated=True),
                                ("applied_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reorganisation_applied_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReorganisationRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.BigIntegerField()),
                (
                    "proposal",
                    models.CharField(
                        choices=[
                            ("follow", "Follows to the successor"),
                            ("stay", "Stays as it is"),
                        ],
                        default="follow",
                        max_length=6,
                    ),
                ),
                ("goes_along", models.BooleanField(db_default=False, default=False)),
                ("done_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("result_id", models.BigIntegerField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="organisations.reorganisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reorganisation", "kind", "object_id"),
                        name="reorganisation_row_once",
                    )
                ],
            },
        ),
        run_sql_file(__file__, "0027_reorganisations.sql"),
    ]
