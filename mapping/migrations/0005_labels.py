"""Labels of fields, for the administration: nothing changes in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0004_statistics_of_small_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="categories",
                to="mapping.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="contribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="mapping.contribution",
                verbose_name="contribution",
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="mapping.participant",
                verbose_name="participant",
            ),
        ),
        migrations.AlterField(
            model_name="contribution",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contributions",
                to="mapping.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AlterField(
            model_name="contribution",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contributions",
                to="mapping.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="contribution",
            name="participant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="contributions",
                to="mapping.participant",
                verbose_name="participant",
            ),
        ),
        migrations.AlterField(
            model_name="district",
            name="layer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="districts",
                to="mapping.districtlayer",
                verbose_name="district layer",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="comment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moderation_events",
                to="mapping.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="contribution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moderation_events",
                to="mapping.contribution",
                verbose_name="contribution",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="from_status",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pending", "Waiting for review"),
                    ("published", "Published"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=10,
                verbose_name="from",
            ),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="to_status",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting for review"),
                    ("published", "Published"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=10,
                verbose_name="to",
            ),
        ),
        migrations.AlterField(
            model_name="participant",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participants",
                to="mapping.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="height",
            field=models.PositiveIntegerField(editable=False, verbose_name="height"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="position"),
        ),
        migrations.AlterField(
            model_name="photo",
            name="width",
            field=models.PositiveIntegerField(editable=False, verbose_name="width"),
        ),
        migrations.AlterField(
            model_name="question",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="mapping.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="contribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="mapping.contribution",
                verbose_name="contribution",
            ),
        ),
        migrations.AlterField(
            model_name="support",
            name="contribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supports",
                to="mapping.contribution",
                verbose_name="contribution",
            ),
        ),
        migrations.AlterField(
            model_name="support",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supports",
                to="mapping.participant",
                verbose_name="participant",
            ),
        ),
    ]
