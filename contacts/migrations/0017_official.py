"""Imports of official files, what each changed, and where people said otherwise."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0016_reorganising"),
        ("organisations", "0024_for_nobody"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialImport",
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
                (
                    "publisher",
                    models.CharField(
                        choices=[
                            ("gias", "Get Information about Schools"),
                            ("ods", "Organisation Data Service"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("files", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
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
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="OfficialConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=20)),
                ("ours", models.CharField(max_length=200)),
                ("official", models.CharField(blank=True, max_length=200)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("keep", "Keep ours"), ("take", "Take the official one")],
                        max_length=10,
                    ),
                ),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "official_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="contacts.officialimport",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("organisation", "field"),
                        name="official_conflict_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="official_conflict_decided_with_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficialChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("successor", models.CharField(blank=True, max_length=20)),
                (
                    "sorts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("opened", "Opened"),
                                ("closed", "Closed"),
                                ("reopened", "Open again"),
                                ("renamed", "Renamed"),
                                ("moved_trust", "Moved trust"),
                                ("moved_council", "Moved council"),
                                ("moved_board", "Moved board"),
                                ("succeeded", "Succeeded by another"),
                                ("other", "Other details"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "official_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="contacts.officialimport",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [models.Index(fields=["kind", "code"], name="official_change_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("official_import", "kind", "code", "successor"),
                        name="official_change_once",
                    )
                ],
            },
        ),
        run_sql_file(__file__, "0017_official.sql"),
    ]
