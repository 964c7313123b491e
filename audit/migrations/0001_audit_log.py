import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Entries are added and never changed. What is old goes through `audit_prune` alone, which sets the mark for its own
# statement; it refuses to remove what is younger than a month, whatever it is called with.
GUARD = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('geoparticipation.audit_prunes', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_append_only';
END $$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

CREATE FUNCTION audit_prune(before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    removed bigint;
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE EXCEPTION 'Entries of the audit log are kept for at least 30 days.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_append_only';
    END IF;
    PERFORM set_config('geoparticipation.audit_prunes', 'yes', true);
    DELETE FROM audit_entry WHERE at < before;
    GET DIAGNOSTICS removed = ROW_COUNT;
    PERFORM set_config('geoparticipation.audit_prunes', '', true);
    RETURN removed;
END $$;
"""
NO_GUARD = """
DROP FUNCTION audit_prune(timestamptz);
DROP TRIGGER audit_no_truncate ON audit_entry;
DROP TRIGGER audit_append_only ON audit_entry;
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    """What staff did and looked at: a table to which rows are only added."""

    initial = True

    dependencies = [
        ('mapping', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('hour', models.DateTimeField(null=True)),
                ('action', models.CharField(max_length=40, verbose_name='what')),
                ('result', models.CharField(choices=[('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], db_default='done', default='done', max_length=10, verbose_name='result')),
                ('kind', models.CharField(db_default='', default='', max_length=80, verbose_name='kind of object')),
                ('key', models.CharField(db_default='', default='', max_length=80, verbose_name='object')),
                ('view', models.CharField(db_default='', default='', max_length=80, verbose_name='view')),
                ('way', models.CharField(choices=[('page', 'Page'), ('administration', 'Administration'), ('token', 'API token'), ('link', 'Private link'), ('server', 'On the server')], max_length=20, verbose_name='way')),
                ('through', models.CharField(db_default='', default='', max_length=80, verbose_name='name of the token or link')),
                ('details', models.JSONField(db_default={}, default=dict, verbose_name='details')),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='mapping.campaign', verbose_name='campaign')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_entries', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'entry of the audit log',
                'verbose_name_plural': 'entries of the audit log',
                'ordering': ('-pk',),
                'default_permissions': (),
                'indexes': [models.Index(fields=['at'], name='audit_entry_at'), models.Index(fields=['user', 'id'], name='audit_entry_user'), models.Index(fields=['campaign', 'id'], name='audit_entry_campaign'), models.Index(fields=['action', 'id'], name='audit_entry_action')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('hour__isnull', False)), fields=('hour', 'user', 'campaign', 'action', 'kind', 'key', 'view', 'way', 'through'), name='audit_entry_once_an_hour', nulls_distinct=False, violation_error_message='This is recorded already.'), models.CheckConstraint(condition=models.Q(('way__in', ['page', 'administration', 'token', 'link', 'server'])), name='audit_entry_way', violation_error_message='Please choose one of the values that are offered.'), models.CheckConstraint(condition=models.Q(('result__in', ['done', 'refused', 'failed'])), name='audit_entry_result', violation_error_message='Please choose one of the values that are offered.')],
            },
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
