"""People of an organisation: a reference for each membership, invitations, who may change what."""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower

import organisations.models.membership
import organisations.references
from organisations.tenancy.sql import run_sql_file

ROLES = [("viewer", "Viewer"), ("editor", "Editor"), ("manager", "Manager")]
ROLE_KNOWN = Q(role__in=["viewer", "editor", "manager"])


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_search"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        run_sql_file(__file__, "0010_new_ref.sql"),
        # Volatile default: every row that is there gets a reference of its own, although row
        # security hides those rows from the role that migrates.
        migrations.AddField(
            model_name="membership",
            name="ref",
            field=models.CharField(
                db_default=organisations.models.membership.NewRef(),
                default=organisations.references.new_ref,
                editable=False,
                max_length=12,
                unique=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(condition=ROLE_KNOWN, name="membership_role_known"),
        ),
        migrations.CreateModel(
            name="PersonInvitation",
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
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(choices=ROLES, max_length=10)),
                ("sending", models.PositiveSmallIntegerField(default=1)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
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
                        related_name="person_invitations",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "used_by",
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
                "ordering": ["sent_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                        fields=("organisation", "email"),
                        name="person_invitation_open_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(email=Lower("email")),
                        name="person_invitation_email_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=ROLE_KNOWN, name="person_invitation_role_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(expires_at__gt=F("sent_at"))
                        & Q(expires_at__lte=F("sent_at") + datetime.timedelta(days=7)),
                        name="person_invitation_expires_soon",
                    ),
                    models.CheckConstraint(
                        condition=Q(used_at__isnull=True, used_by__isnull=True)
                        | Q(used_at__isnull=False, used_by__isnull=False),
                        name="person_invitation_use_complete",
                    ),
                ],
            },
        ),
        run_sql_file(__file__, "0010_people.sql"),
    ]
