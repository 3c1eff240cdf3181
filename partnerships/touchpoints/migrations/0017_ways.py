"""Whoever proposed the time that was taken is coming."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0016_outcomes")]

    operations = [
        migrations.AlterField(
            model_name="attendee",
            name="answered_way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("page", "In Tandem"),
                    ("link", "By the link in the email"),
                    ("calendar", "From their calendar"),
                    ("proposal", "They proposed this time"),
                ],
                max_length=10,
            ),
        ),
    ]
