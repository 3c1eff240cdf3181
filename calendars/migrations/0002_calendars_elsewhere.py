"""Calendar files that were brought in, and which address the worker reads next."""

import django.db.models.deletion
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0001_initial"),
        ("organisations", "0017_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFile",
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
                    "purpose",
                    models.CharField(
                        choices=[("terms", "Term dates"), ("busy", "Busy periods")], max_length=5
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("found", models.JSONField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "-created_at"], name="calendarfile_organisation"
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="subscription",
            name="cautions",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="ownperiod",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="periods",
                to="calendars.calendarfile",
            ),
        ),
        run_sql_file(__file__, "0002_calendars_elsewhere.sql"),
    ]
