"""A feed is opened by the hash of its secret, and knows since when it has held what it holds."""

from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("diary", "0002_handing_over")]

    operations = [
        migrations.AddField(
            model_name="calendarfeed",
            name="content_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="content_at",
            field=models.DateTimeField(null=True),
        ),
        run_sql_file(__file__, "0003_open_feed.sql"),
    ]
