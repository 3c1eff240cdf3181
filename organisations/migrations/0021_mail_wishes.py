"""What an e-mail address wants of Tandem's e-mails, and news held for a summary."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0020_inbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldNews",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organisations.delivery",
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("address", models.EmailField(max_length=254)),
                ("held_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "held news",
                "indexes": [models.Index(fields=["address", "held_at"], name="held_news_of")],
            },
        ),
        migrations.CreateModel(
            name="MailPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("mail_group", models.CharField(max_length=20)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("digest", "In my summary"),
                            ("never", "Not at all"),
                            ("weekly", "Every Monday"),
                            ("daily", "Every working day"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("address", "mail_group"), name="mail_preference_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address", django.db.models.functions.text.Lower("address"))
                        ),
                        name="mail_preference_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("choice__in", ["at_once", "digest", "never", "weekly", "daily"])
                        ),
                        name="mail_preference_choice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailTimes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, unique=True)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                ("quiet_weekends", models.BooleanField(default=False)),
                (
                    "reminder_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), null=True, size=None
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "mail times",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address", django.db.models.functions.text.Lower("address"))
                        ),
                        name="mail_times_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(
                                ("quiet_from__isnull", False),
                                ("quiet_until__isnull", False),
                                models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_times_from_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reminder_minutes__isnull", True),
                            models.Q(
                                ("reminder_minutes__len__gte", 1), ("reminder_minutes__len__lte", 5)
                            ),
                            _connector="OR",
                        ),
                        name="mail_times_few_reminders",
                    ),
                ],
            },
        ),
        run_sql_file(__file__, "0021_mail_wishes.sql"),
    ]
