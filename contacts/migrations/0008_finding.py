"""Finding people and gateways in the directory: what they are found by, kept by the database."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_directory"),
    ]

    operations = [
        migrations.AddField(
            model_name="posting",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="gateway",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", "gin_trgm_ops"),
                condition=models.Q(("listing", "listed")),
                name="posting_search",
            ),
        ),
        migrations.AddIndex(
            model_name="gateway",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", "gin_trgm_ops"),
                name="gateway_search",
            ),
        ),
        run_sql_file(__file__, "0008_finding.sql"),
    ]
