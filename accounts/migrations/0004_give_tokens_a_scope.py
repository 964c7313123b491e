"""Tokens get a scope and end with a change of the password. Those there are could write, and keep that and their end."""

import hashlib

from django.db import migrations, models


def keep_what_tokens_could(apps, schema_editor):
    """Mark each token with its owner's password of today (see `ApiToken.password_mark`)."""
    tokens = apps.get_model("accounts", "ApiToken").objects
    for user in apps.get_model("accounts", "User").objects.filter(api_tokens__isnull=False).distinct():
        mark = hashlib.sha256(user.password.encode()).digest()
        tokens.filter(user=user).update(scope="write", password_mark=mark)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_say_what_constraints_refuse'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='scope',
            field=models.CharField(choices=[('read', 'Read only'), ('write', 'Read and write')], default='read', max_length=5, verbose_name='may'),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='password_mark',
            field=models.BinaryField(default=b'', editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(keep_what_tokens_could, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['read', 'write'])), name='api_token_scope_known', violation_error_message='Please choose one of the values that are offered.'),
        ),
    ]
