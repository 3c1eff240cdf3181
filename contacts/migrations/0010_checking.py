"""Checks of postings by e-mail, what replies changed, and who asked to be left out."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import organisations.references
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_sheets"),
        ("organisations", "0015_second_step_reset"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "The person was asked"),
                            (2, "The person was asked again"),
                            (3, "Their organisation was asked"),
                            (4, "Nobody has answered"),
                        ],
                        default=1,
                    ),
                ),
                ("stepped_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting for an answer"),
                            ("right", "Still right"),
                            ("changed", "Something changed"),
                            ("left", "Left"),
                            ("bounced", "The email could not be delivered"),
                            ("overtaken", "Not needed any more"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="contacts.posting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["stepped_at"],
                        name="check_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("posting",),
                        name="check_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("outcome", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="check_closed_with_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                            ("notice", "Your details in a directory"),
                            ("check", "Are your details right?"),
                            ("check_again", "Are your details right? Second time"),
                            ("check_organisation", "Is your colleague still there?"),
                            ("confirm_address", "Confirm your new address"),
                            ("details_link", "Link to your details"),
                            ("removed_admin", "Somebody asked to be removed"),
                            ("removed_keeper", "A contact asked to be removed"),
                            ("summary", "What waits in your region"),
                        ],
                        max_length=20,
                    ),
                ),
                ("recipient", models.EmailField(blank=True, max_length=254)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("handed_on_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                (
                    "asked_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="contacts.check",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.posting",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.region",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["posting", "made_at"], name="letter_of_posting"),
                    models.Index(
                        condition=models.Q(("handed_on_at__isnull", True)),
                        fields=["id"],
                        name="letter_to_hand_on",
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("recipient"),
                        models.F("made_at"),
                        name="letter_recipient",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("objected_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PostingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("changed", "Details corrected"),
                            ("left", "Left"),
                            ("removed", "Removed at their wish"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("person", "the person"),
                            ("organisation", "their organisation"),
                            ("admin", "the regional admin"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changes", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True, max_length=1000)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
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
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "kind", "settled_at"], name="change_in_region"),
                    models.Index(fields=["posting", "at"], name="change_of_posting"),
                ]
            },
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="posting_in_a_directory_has_a_region",
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="posting_recorded_by_someone",
        ),
        migrations.AddField(
            model_name="posting",
            name="anonymised_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="posting",
            name="listing",
            field=models.CharField(
                choices=[
                    ("private", "Private"),
                    ("offered", "Offered to the directory"),
                    ("listed", "In the directory"),
                    ("declined", "Not taken into the directory"),
                    ("removed", "Removed from the directory at their wish"),
                ],
                default="private",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("listing__in", ["private", "removed"]),
                    ("region__isnull", False),
                    _connector="OR",
                ),
                name="posting_in_a_directory_has_a_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by__isnull", False),
                    ("listing__in", ["listed", "declined", "removed"]),
                    _connector="OR",
                ),
                name="posting_recorded_by_someone",
            ),
        ),
        run_sql_file(__file__, "0010_checking.sql"),
    ]
