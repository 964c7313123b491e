import django.contrib.gis.db.models.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


# An address lives as long as one of its subscriptions, also where a campaign, a plan or a contribution takes it away.
_FORGET = """
CREATE FUNCTION engagement_forget_subscribers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM engagement_subscriber AS subscriber
    WHERE subscriber.id IN (SELECT subscriber_id FROM gone)
        AND NOT EXISTS (SELECT FROM engagement_subscription WHERE subscriber_id = subscriber.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_subscribers AFTER DELETE ON engagement_subscription
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION engagement_forget_subscribers();
"""
_KEEP = """
DROP TRIGGER forget_subscribers ON engagement_subscription;
DROP FUNCTION engagement_forget_subscribers();
"""


class Migration(migrations.Migration):
    """Addresses and what each hears of, the ledger of mails, the log of consents."""

    dependencies = [
        ('engagement', '0002_one_proposal_per_person'),
        ('mapping', '0035_tags_of_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(max_length=32, verbose_name='keyed hash of the address')),
                ('what', models.CharField(choices=[('requested', 'Subscription requested'), ('confirmed', 'Subscription confirmed'), ('ended', 'Subscription ended')], max_length=10, verbose_name='what')),
                ('subject', models.CharField(choices=[('calendar', 'The whole calendar'), ('campaign', 'A participation'), ('category', 'A topic of a participation'), ('district', 'A district'), ('circle', 'What is near a place'), ('plan', 'A plan of the city'), ('body', 'A working group'), ('contribution', 'A contribution')], max_length=12, verbose_name='subject')),
                ('wording', models.PositiveSmallIntegerField(verbose_name='version of the wording')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ('at', 'pk'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['key', 'at'], name='consentrecord_by_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(('what__in', ['requested', 'confirmed', 'ended'])), name='consentrecord_what', violation_error_message='Please choose one of the values that are offered.')],
            },
        ),
        migrations.CreateModel(
            name='Happening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('campaign', 'New participation'), ('outcome', 'Results of a participation'), ('contribution', 'New contribution'), ('reply', 'Reply by the city'), ('review', 'Review of a contribution'), ('event', 'New date'), ('moved', 'Date moved'), ('cancelled', 'Date cancelled'), ('update', 'News'), ('document', 'New document'), ('version', 'New version of a document'), ('plan', 'New plan'), ('plan_change', 'Change of a plan')], max_length=12, verbose_name='kind')),
                ('key', models.CharField(max_length=100, verbose_name='key')),
                ('happened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='happened')),
                ('contribution', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mapping.contribution', verbose_name='contribution')),
            ],
            options={
                'verbose_name': 'happening',
                'verbose_name_plural': 'happenings',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mail', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('language', models.CharField(default='de', max_length=10, verbose_name='language')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('suspended_at', models.DateTimeField(blank=True, null=True, verbose_name='suspended')),
                ('bounces', models.PositiveSmallIntegerField(default=0, verbose_name='mails that came back')),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['de', 'en'])), name='subscriber_language', violation_error_message='Please choose one of the values that are offered.')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('confirmation', 'Confirmation'), ('overview', 'Overview of subscriptions'), ('news', 'News'), ('staff', 'Digest for staff')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('refused', 'Refused'), ('unclear', 'Interrupted twice')], default='waiting', max_length=8, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='due')),
                ('taken_at', models.DateTimeField(null=True, verbose_name='taken up')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('interruptions', models.PositiveSmallIntegerField(default=0, verbose_name='interruptions')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
                ('subscriber', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='engagement.subscriber', verbose_name='subscriber')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('calendar', 'The whole calendar'), ('campaign', 'A participation'), ('category', 'A topic of a participation'), ('district', 'A district'), ('circle', 'What is near a place'), ('plan', 'A plan of the city'), ('body', 'A working group'), ('contribution', 'A contribution')], max_length=12, verbose_name='subject')),
                ('is_author', models.BooleanField(default=False, verbose_name='of its author')),
                ('place', django.contrib.gis.db.models.fields.PointField(geography=True, null=True, srid=4326, verbose_name='middle of the circle')),
                ('radius_metres', models.PositiveIntegerField(null=True, verbose_name='radius in metres')),
                ('rhythm', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day, in the morning'), ('weekly', 'Once a week, on Monday morning')], default='at_once', max_length=8, verbose_name='how often')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='engagement.body', verbose_name='body')),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mapping.campaign', verbose_name='participation')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mapping.category', verbose_name='topic')),
                ('contribution', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mapping.contribution', verbose_name='contribution')),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mapping.district', verbose_name='district')),
                ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='engagement.plan', verbose_name='plan')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='engagement.subscriber', verbose_name='subscriber')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'ordering': ('created_at', 'pk'),
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='noted')),
                ('happening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='engagement.happening', verbose_name='happening')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='engagement.letter', verbose_name='mail')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='engagement.subscription', verbose_name='subscription')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='subscription',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='engagement.subscription', verbose_name='subscription'),
        ),
        migrations.AddConstraint(
            model_name='happening',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='happening_once', violation_error_message='This was noted already.'),
        ),
        migrations.AddConstraint(
            model_name='happening',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['campaign', 'outcome', 'contribution', 'reply', 'review', 'event', 'moved', 'cancelled', 'update', 'document', 'version', 'plan', 'plan_change'])), name='happening_kind', violation_error_message='Please choose one of the values that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'calendar'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), models.Q(('body__isnull', True), ('campaign__isnull', False), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'campaign'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', False), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'category'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', False), ('kind', 'district'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'circle'), ('place__isnull', False), ('plan__isnull', True), ('radius_metres__isnull', False)), models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'plan'), ('place__isnull', True), ('plan__isnull', False), ('radius_metres__isnull', True)), models.Q(('body__isnull', False), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', True), ('district__isnull', True), ('kind', 'body'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), models.Q(('body__isnull', True), ('campaign__isnull', True), ('category__isnull', True), ('contribution__isnull', False), ('district__isnull', True), ('kind', 'contribution'), ('place__isnull', True), ('plan__isnull', True), ('radius_metres__isnull', True)), _connector='OR'), name='subscription_about_one_subject', violation_error_message='A subscription is about one subject.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('is_author', False), ('contribution__isnull', False), _connector='OR'), name='subscription_of_an_author', violation_error_message='Only a contribution has an author.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('radius_metres', None), ('radius_metres__range', (100, 5000)), _connector='OR'), name='subscription_radius', violation_error_message='Please choose a radius from the list.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ['at_once', 'daily', 'weekly'])), name='subscription_rhythm', violation_error_message='Please choose one of the values that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'circle'), _negated=True), fields=('subscriber', 'kind', 'campaign', 'category', 'district', 'plan', 'body', 'contribution', 'is_author'), name='subscription_once_per_subject', nulls_distinct=False, violation_error_message='This address hears of it already.'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('letter', None)), fields=['subscription'], name='notice_waiting'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('subscription', 'happening'), name='notice_once', violation_error_message='This subscription hears of it already.'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'sending'))), fields=['state', 'due_at'], name='letter_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['confirmation', 'overview', 'news', 'staff'])), name='letter_kind', violation_error_message='Please choose one of the values that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'refused', 'unclear'])), name='letter_state', violation_error_message='Please choose one of the values that are offered.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'staff'), ('subscriber', None), ('user__isnull', False)), models.Q(models.Q(('kind', 'staff'), _negated=True), ('subscriber__isnull', False), ('user', None)), _connector='OR'), name='letter_to_somebody', violation_error_message='A mail goes to a subscriber or to a member of staff.'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('confirmation', 'news')), _negated=True), ('subscription__isnull', False), _connector='OR'), name='letter_of_a_subscription', violation_error_message='This kind of mail belongs to a subscription.'),
        ),
        migrations.RunSQL(_FORGET, _KEEP),
    ]
