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
            ],
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
            ],
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
            ],
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
        migrations.AddField(
            model_name="check",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="check",
            name="posting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="contacts.posting",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="asked_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="contacts.check",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="posting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.posting",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="region",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.region",
            ),
        ),
        migrations.AddField(
            model_name="postingchange",
            name="posting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="contacts.posting",
            ),
        ),
        migrations.AddField(
            model_name="postingchange",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.region"
            ),
        ),
        migrations.AddField(
            model_name="postingchange",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["stepped_at"],
                name="check_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("posting",),
                name="check_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("outcome", "")),
                    models.Q(
                        ("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="check_closed_with_an_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["posting", "made_at"], name="letter_of_posting"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("handed_on_at__isnull", True)),
                fields=["id"],
                name="letter_to_hand_on",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                django.db.models.functions.text.Lower("recipient"),
                models.F("made_at"),
                name="letter_recipient",
            ),
        ),
        migrations.AddIndex(
            model_name="postingchange",
            index=models.Index(fields=["region", "kind", "settled_at"], name="change_in_region"),
        ),
        migrations.AddIndex(
            model_name="postingchange",
            index=models.Index(fields=["posting", "at"], name="change_of_posting"),
        ),
        run_sql_file(__file__, "0010_checking.sql"),
    ]
