"""What organisations are found by: one spelling of name and place, made by the database."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper

import organisations.models.organisation
from organisations.tenancy.sql import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_third_party_tables")]

    operations = [
        run_sql_file(__file__, "0003_search_text.sql"),
        migrations.AddField(
            model_name="organisation",
            name="area",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="organisation",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=organisations.models.organisation.SearchText("name", "town", "area"),
                output_field=models.TextField(),
            ),
        ),
        migrations.RemoveIndex(model_name="organisation", name="organisation_name_trgm"),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", name="gin_trgm_ops"),
                name="organisation_search_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(Upper("other_code"), name="organisation_other_code_idx"),
        ),
    ]
