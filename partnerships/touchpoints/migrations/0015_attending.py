"""Who is invited besides the contacts, what is asked anew, and rows for what was scheduled."""

from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file

ANSWERS = [
    ("none", "No answer yet"),
    ("accepted", "Coming"),
    ("tentative", "Perhaps"),
    ("declined", "Not coming"),
]


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0014_series")]

    operations = [
        migrations.AddField(
            model_name="attendee",
            name="asked_revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="attendee",
            name="said_before",
            field=models.CharField(blank=True, choices=ANSWERS, db_default="", max_length=10),
        ),
        run_sql_file(__file__, "0015_attending.sql"),
    ]
