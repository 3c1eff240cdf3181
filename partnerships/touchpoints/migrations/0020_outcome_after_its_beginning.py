"""What is still to come can only be cancelled: nobody says that it was held, moved or missed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0019_in_ones_own_name")]

    operations = [
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("scheduled", "cancelled")),
                    ("outcome_at__gte", models.F("starts_at")),
                    _connector="OR",
                ),
                name="touchpoint_outcome_after_its_beginning",
            ),
        ),
        migrations.AddConstraint(
            model_name="touchpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "scheduled"),
                    _negated=True,
                )
                | models.Q(("outcome_notes", "")),
                name="touchpoint_notes_of_an_outcome",
            ),
        ),
    ]
