"""Series, who is to come and what they answer, other times proposed, papers."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import organisations.references
import partnerships.touchpoints.models.series
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0015_one_sheet_at_a_time"),
        ("organisations", "0019_one_export_at_a_time"),
        ("record", "0021_approaches"),
        ("touchpoints", "0013_closer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attendee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("follows_contact", models.BooleanField(default=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("none", "No answer yet"),
                            ("accepted", "Coming"),
                            ("tentative", "Perhaps"),
                            ("declined", "Not coming"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("page", "In Tandem"),
                            ("link", "By the link in the email"),
                            ("calendar", "From their calendar"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_revision", models.PositiveIntegerField(blank=True, null=True)),
                ("stamp", models.DateTimeField(blank=True, null=True)),
                ("came", models.BooleanField(null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "answered_by",
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
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.posting",
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendees",
                        to="touchpoints.touchpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__name", "id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="attendee_acl")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("touchpoint", "posting"), name="attendee_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", "none"),
                                ("answered_at__isnull", True),
                                ("answered_revision__isnull", True),
                                ("answered_way", ""),
                            ),
                            models.Q(
                                models.Q(("answer", "none"), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_revision__isnull", False),
                                models.Q(("answered_way", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attendee_answer_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("url", models.URLField(max_length=500)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "added_by",
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
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.partnership",
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="touchpoints.touchpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="paper_acl")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("touchpoint", "url"),
                        name="paper_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__startswith", "https://")),
                        name="paper_address_is_https",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("words", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken by a change"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer_words", models.CharField(blank=True, max_length=500)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "answered_by",
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
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="touchpoints.touchpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="proposal_acl")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("touchpoint", "organisation"),
                        name="proposal_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posting__isnull", True), ("proposed_by__isnull", False)),
                            models.Q(("posting__isnull", False), ("proposed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="proposal_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_answer_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                        name="proposal_length_sensible",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TouchpointSeries",
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
                            ("update", "Short update"),
                            ("planning", "Shared planning meeting"),
                            ("forum", "Existing multi-agency forum"),
                            ("review", "Review"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("half_term", "every half term"),
                            ("term", "every term"),
                            ("month", "every month"),
                            ("fortnight", "every two weeks"),
                            ("week", "every week"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rrule", models.CharField(blank=True, max_length=200, verbose_name="repeat rule")),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField(default=30)),
                (
                    "venue",
                    models.CharField(blank=True, max_length=300, verbose_name="place or link"),
                ),
                (
                    "agenda",
                    models.TextField(blank=True, max_length=2000, verbose_name="standing agenda"),
                ),
                (
                    "on_clash",
                    models.CharField(
                        choices=[
                            ("move", "Move it to the nearest clear day"),
                            ("skip", "Leave it out"),
                            ("keep", "Keep it all the same"),
                        ],
                        default="move",
                        max_length=4,
                    ),
                ),
                (
                    "reminder_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        default=partnerships.touchpoints.models.series.the_day_before,
                        size=None,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="touchpoint_series",
                        to="record.partnership",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "touchpoint series",
                "ordering": ["first_on", "id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="series_acl"),
                    models.Index(
                        fields=["partnership", "first_on", "id"], name="series_partnership"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("every", ""), _negated=True), ("rrule", "")),
                            models.Q(("every", ""), models.Q(("rrule", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="series_one_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="series_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekday__isnull", True), ("weekday__lte", 6), _connector="OR"
                        ),
                        name="series_weekday",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                        name="series_length_sensible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reminder_minutes__len__lte", 4)),
                        name="series_reminders_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="series_end_complete",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="touchpoint",
            name="touchpoint_outcome_complete",
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="detached",
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="ideal_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="outcome_posting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.posting",
            ),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="reminder_minutes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                default=partnerships.touchpoints.models.series.the_day_before,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="touchpoints.touchpoint",
            ),
        ),
        migrations.AlterField(
            model_name="touchpoint",
            name="state",
            field=models.CharField(
                choices=[
                    ("scheduled", "Scheduled"),
                    ("held", "Held"),
                    ("moved", "Moved to another day"),
                    ("missed", "Missed"),
                    ("cancelled", "Cancelled"),
                ],
                default="scheduled",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="touchpoints",
                to="touchpoints.touchpointseries",
            ),
        ),
        migrations.AddIndex(
            model_name="touchpoint",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series", "starts_at"],
                name="touchpoint_series",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome_at__isnull", True),
                        ("outcome_by__isnull", True),
                        ("outcome_organisation__isnull", True),
                        ("outcome_posting__isnull", True),
                        ("state", "scheduled"),
                    ),
                    models.Q(
                        models.Q(("state", "scheduled"), _negated=True),
                        ("outcome_at__isnull", False),
                        ("outcome_organisation__isnull", False),
                        models.Q(
                            models.Q(
                                ("outcome_by__isnull", False), ("outcome_posting__isnull", True)
                            ),
                            models.Q(
                                ("outcome_by__isnull", True), ("outcome_posting__isnull", False)
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="touchpoint_outcome_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("detached", False), ("ideal_on__isnull", True), ("series__isnull", True)
                    ),
                    models.Q(("ideal_on__isnull", False), ("series__isnull", False)),
                    _connector="OR",
                ),
                name="touchpoint_in_series_or_single",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("reminder_minutes__len__lte", 4)),
                name="touchpoint_reminders_few",
            ),
        ),
        run_sql_file(__file__, "0014_series.sql"),
    ]
