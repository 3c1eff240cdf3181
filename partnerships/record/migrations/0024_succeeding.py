"""A member is followed by the organisation that takes over from it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0027_reorganisations"),
        ("record", "0023_handing"),
        ("contacts", "0016_reorganising"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="succeeded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="succeeded_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="member",
            name="state",
            field=models.CharField(
                choices=[
                    ("recorded", "Recorded, not yet invited"),
                    ("invited", "Invited"),
                    ("accepted", "Member"),
                    ("declined", "Declined"),
                    ("left", "Left"),
                    ("succeeded", "Succeeded by another organisation"),
                ],
                default="recorded",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "succeeded"),
                        ("succeeded_by__isnull", False),
                        ("succeeded_on__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "succeeded"), _negated=True),
                        ("succeeded_by__isnull", True),
                        ("succeeded_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="member_succession_complete",
            ),
        ),
        run_sql_file(__file__, "0024_succeeding.sql"),
    ]
