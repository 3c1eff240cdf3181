import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        # `tandem.kept_as_it_was`
        ("agreements", "0001_initial"),
        ("organisations", "0024_for_nobody"),
        ("record", "0021_approaches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
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
                        choices=[("pulse", "Pulse"), ("full", "Full review")], max_length=10
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("term", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closes_on", models.DateField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
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
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="record.partnership",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="review_acl")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partnership", "kind", "year", "term"), name="review_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "pulse"), ("term__in", [1, 2, 3])),
                            models.Q(("kind", "full"), ("term", 0)),
                            _connector="OR",
                        ),
                        name="review_round_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_closing_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("school", "Schools"), ("health", "Health and council")],
                        max_length=10,
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
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
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_sets",
                        to="reviews.review",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("review", "user"), name="review_answered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["school", "health"])),
                        name="review_answer_side",
                    ),
                ],
            },
        ),
        run_sql_file(__file__, "0001_row_security.sql"),
    ]
