"""Personal grants say why, by whom and until when; the database ends them by itself."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0013_answers_in_turn"),
        ("contacts", "0003_audit_trail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "partnershipgrant",
            "reason",
            models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            "partnershipgrant",
            "given_at",
            models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            "partnershipgrant",
            "given_by",
            models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "partnershipgrant", "ends_at", models.DateTimeField(blank=True, null=True)
        ),
        run_sql_file(__file__, "0014_grants.sql"),
    ]
