"""Sheets of contacts: imports and their rows; undone contacts leave the directory."""

import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0008_finding"),
        ("organisations", "0014_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
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
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("file_name", models.CharField(max_length=120)),
                ("headings", models.JSONField(default=list)),
                ("matching", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("matching", "Columns to match"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, nothing saved yet"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("discarded", "Thrown away"),
                        ],
                        default="matching",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=1000)),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("only_good", models.BooleanField(default=False)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("rows_removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.region",
                    ),
                ),
                (
                    "work_for",
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
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "applying", "undoing"])),
                        fields=["state"],
                        name="import_to_do",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id", "region"), name="import_run_and_its_region"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("cells", models.JSONField(default=list)),
                ("withheld", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("problem", "Problem"),
                            ("undecided", "Possible duplicate"),
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "No change"),
                            ("left_out", "Left out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("add", "Add as a new contact"),
                            ("update", "Update the contact already there"),
                            ("leave_out", "Leave this row out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("candidates", models.JSONField(default=list)),
                ("values", models.JSONField(default=dict)),
                ("before", models.JSONField(blank=True, null=True)),
                ("after", models.JSONField(blank=True, null=True)),
                (
                    "posting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.posting",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.region",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="contacts.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="import_row_once")
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="posting_recorded_by_someone",
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by__isnull", False),
                    ("listing__in", ["listed", "declined"]),
                    _connector="OR",
                ),
                name="posting_recorded_by_someone",
            ),
        ),
        run_sql_file(__file__, "0009_sheets.sql"),
    ]
