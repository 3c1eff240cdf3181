"""Changes of organisations that are announced."""

import django.db.models.deletion
import django.utils.timezone
import organisations.models.membership
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0025_successions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnouncedChange",
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
                        db_default=organisations.models.membership.NewRef(),
                        default=organisations.references.new_ref,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("expected_on", models.DateField()),
                ("into", models.CharField(max_length=300)),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=6,
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("confirmed", "Confirmed"),
                            ("dropped", "Dropped"),
                            ("done", "Done"),
                        ],
                        default="announced",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, db_default="", default="", max_length=1000)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announced_changes",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["expected_on", "organisation__name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "expected_on"), name="announced_change_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["announced", "confirmed"])),
                        fields=("organisation",),
                        name="announced_change_one_ahead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="announced_change_decision_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False), models.Q(("note", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="announced_change_dropped_with_a_reason",
                    ),
                ],
            },
        ),
        run_sql_file(__file__, "0026_announced_changes.sql"),
    ]
