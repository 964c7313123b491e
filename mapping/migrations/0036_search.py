"""The index of the search: tables, functions, and triggers that let it follow the texts."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from mapping.models.search.functions import CREATE, DROP
from mapping.models.search.stems import stems
from mapping.models.search.tables import TABLES


def fill_stems(apps, schema_editor):
    """Store the stems of compounds."""
    model = apps.get_model("mapping", "SearchStem")
    model.objects.bulk_create([model(stem=stem, parts=parts) for stem, parts in stems().items()])


def triggers():
    """The index follows each table, and holds what is there already."""
    for table in TABLES:
        create, drop = table.triggers()
        yield migrations.RunSQL(sql=[*create, *table.filling()], reverse_sql=drop)


class Migration(migrations.Migration):
    dependencies = [("mapping", "0035_tags_of_texts")]

    operations = [
        migrations.CreateModel(
            name="SearchStem",
            fields=[
                ("stem", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("parts", models.CharField(max_length=100)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("texts", models.PositiveIntegerField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="searchword_like", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=40)),
                ("campaign_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="searchtext_words"),
                    models.Index(fields=["kind", "-at", "-id"], name="searchtext_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key"),
                        name="searchtext_once_per_row",
                        violation_error_message="This text is indexed already.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql=list(CREATE), reverse_sql=list(DROP)),
        migrations.RunPython(fill_stems, migrations.RunPython.noop, elidable=False),
        *triggers(),
    ]
