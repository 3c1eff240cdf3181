"""Impact assessments and data sharing agreements beside an agreement."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0005_renewal"),
        ("organisations", "0024_for_nobody"),
        ("record", "0023_handing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataPaper",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("dpia", "Data protection impact assessment"),
                            ("dsa", "Data sharing agreement"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=150)),
                ("dated", models.DateField()),
                ("review_on", models.DateField()),
                ("covers", models.TextField(blank=True, max_length=500)),
                ("address", models.URLField(blank=True, max_length=500)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_note", models.CharField(blank=True, max_length=300)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-dated", "-id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="data_paper_acl")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["dpia", "dsa"])), name="data_paper_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^\\s*$"), _negated=True),
                        name="data_paper_has_reference",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("dated"))),
                        name="data_paper_reviewed_after_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "dsa"), _negated=True),
                            models.Q(("covers__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="data_paper_says_what_it_covers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="data_paper_end_complete",
                    ),
                ],
            },
        ),
        run_sql_file(__file__, "0006_papers.sql"),
    ]
