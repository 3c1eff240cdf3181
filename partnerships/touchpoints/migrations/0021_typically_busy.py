"""A rule may leave dates out in typically busy times too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0020_outcome_after_its_beginning")]

    operations = [
        migrations.AlterField(
            model_name="touchpointseries",
            name="on_clash",
            field=models.CharField(
                choices=[
                    ("move", "Move it to the nearest clear day"),
                    ("skip", "Leave it out"),
                    ("busy", "Leave it out, in typically busy times too"),
                    ("keep", "Keep it all the same"),
                ],
                default="move",
                max_length=4,
            ),
        ),
    ]
