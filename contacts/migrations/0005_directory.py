"""The directory of a region: gateways, listed postings, and contact details apart from them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import organisations.references
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_region_grants"),
        ("organisations", "0013_joining"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Gateway",
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
                ("name", models.CharField(blank=True, max_length=200)),
                ("about", models.TextField(blank=True, max_length=1000)),
                ("how_to_reach", models.TextField(blank=True, max_length=600)),
                ("opening", models.CharField(blank=True, max_length=200)),
                ("meets", models.CharField(blank=True, max_length=200)),
                ("website", models.URLField(blank=True, max_length=300)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("described_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GatewayMeeting",
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
                ("meets_on", models.DateField()),
                ("papers_due_on", models.DateField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["meets_on"],
            },
        ),
        migrations.CreateModel(
            name="GatewayType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("level", models.CharField(max_length=20)),
                ("host", models.CharField(max_length=120)),
                ("statutory", models.BooleanField(default=False)),
                ("source_in_framework", models.CharField(max_length=20)),
                ("durability", models.CharField(max_length=20)),
                ("check_every_days", models.PositiveSmallIntegerField()),
                ("typical_meetings", models.CharField(blank=True, max_length=200)),
                ("start_here_when", models.CharField(blank=True, max_length=300)),
                ("ask_for", models.CharField(blank=True, max_length=300)),
                ("notes", models.CharField(blank=True, max_length=400)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="WorkDetails",
            fields=[
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="details",
                        serialize=False,
                        to="contacts.posting",
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=30)),
                ("bounce_reason", models.CharField(blank=True, max_length=300)),
                (
                    "acl",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "work details",
            },
        ),
        run_sql_file(__file__, "0005_details.sql"),
        migrations.RemoveField(
            model_name="posting",
            name="bounce_reason",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="email",
        ),
        migrations.RemoveField(
            model_name="posting",
            name="telephone",
        ),
        migrations.AddField(
            model_name="person",
            name="region",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.region",
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="check_due_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="posting",
            name="checked_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person", "the person"),
                    ("organisation", "their organisation"),
                    ("admin", "the regional admin"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.posting",
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="disputed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="posting",
            name="lawful_basis",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="posting",
            name="listing",
            field=models.CharField(
                choices=[
                    ("private", "Private"),
                    ("offered", "Offered to the directory"),
                    ("listed", "In the directory"),
                    ("declined", "Not taken into the directory"),
                ],
                default="private",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.place",
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.region",
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="single_seat",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="posting",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("region", "Organisations in the region"),
                    ("joined", "All organisations that have joined"),
                    ("request", "On request only"),
                ],
                default="region",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="roletype",
            name="single_seat",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="person",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("listing", "private"), _negated=True),
                fields=["region", "check_due_on"],
                name="posting_directory",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by__isnull", False), ("region__isnull", False), _connector="OR"
                ),
                name="person_recorded_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("listing", "private"), ("region__isnull", False), _connector="OR"
                ),
                name="posting_in_a_directory_has_a_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by__isnull", False), ("listing", "listed"), _connector="OR"
                ),
                name="posting_recorded_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("deputy", models.F("id")), _negated=True),
                name="posting_not_its_own_deputy",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("listing", "listed"), ("single_seat", True)),
                expressions=[
                    ("organisation", "="),
                    ("role_type", "="),
                    (django.db.models.functions.comparison.Coalesce("place", models.Value(0)), "="),
                    (
                        models.Func(
                            "started_on",
                            "ended_on",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="posting_single_seat_once",
            ),
        ),
        migrations.AddField(
            model_name="gateway",
            name="checked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gateway",
            name="host",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hosted_gateways",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="gateway",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gateways",
                to="contacts.place",
            ),
        ),
        migrations.AddField(
            model_name="gateway",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gateways",
                to="contacts.region",
            ),
        ),
        migrations.AddField(
            model_name="gatewaymeeting",
            name="gateway",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="meetings",
                to="contacts.gateway",
            ),
        ),
        migrations.AddField(
            model_name="gateway",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gateways",
                to="contacts.gatewaytype",
            ),
        ),
        migrations.AddIndex(
            model_name="workdetails",
            index=django.contrib.postgres.indexes.GinIndex(fields=["acl"], name="work_details_acl"),
        ),
        migrations.AddIndex(
            model_name="workdetails",
            index=models.Index(
                django.db.models.functions.text.Lower("email"), name="work_details_email"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewaymeeting",
            constraint=models.UniqueConstraint(
                fields=("gateway", "meets_on"), name="gateway_meets_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewaymeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("papers_due_on__isnull", True),
                    ("papers_due_on__lte", models.F("meets_on")),
                    _connector="OR",
                ),
                name="gateway_papers_before_it_meets",
            ),
        ),
        migrations.AddIndex(
            model_name="gateway",
            index=models.Index(fields=["place", "type"], name="gateway_place"),
        ),
        migrations.AddIndex(
            model_name="gateway",
            index=models.Index(fields=["region", "type"], name="gateway_region"),
        ),
        migrations.AddConstraint(
            model_name="gateway",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("place__isnull", True), ("region__isnull", False)),
                    models.Q(("place__isnull", False), ("region__isnull", True)),
                    _connector="OR",
                ),
                name="gateway_of_a_region_or_a_place",
            ),
        ),
        run_sql_file(__file__, "0005_directory.sql"),
    ]
