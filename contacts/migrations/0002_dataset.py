"""Which open data has been loaded, and when: known to everyone signed in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("organisations", "0003_search")]

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
                ("rows", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL("GRANT SELECT ON contacts_dataset TO tandem_web"),
    ]
