import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Piles and marks with ballots cannot be deleted alone, but together with their vote or campaign. No SQL."""

    dependencies = [("voting", "0001_votes")]

    operations = [
        migrations.AlterField(
            model_name="ballot",
            name="pile",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="ballots",
                to="voting.ballotpile",
                verbose_name="pile",
            ),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="set_aside",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="ballots",
                to="voting.setaside",
                verbose_name="does not count",
            ),
        ),
    ]
