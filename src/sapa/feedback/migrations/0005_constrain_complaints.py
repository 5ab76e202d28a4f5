from django.db import migrations, models


class Migration(migrations.Migration):
    """After 0004, so that PostgreSQL changes no table in the transaction that changed its rows."""

    dependencies = [("feedback", "0004_carry_complaints_over")]

    operations = [
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['reply_until'], name='complaint_waiting'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['waiting', 'done', 'rejected', 'not_ours']), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('reply', ''), _negated=True)), _connector='OR'), name='complaint_answered_with_a_reply'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['done', 'rejected', 'not_ours'])), models.Q(models.Q(('state__in', ['done', 'rejected', 'not_ours']), _negated=True), ('closed_at', None)), _connector='OR'), name='complaint_closed_when_it_ended'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('reply_until__isnull', False), _connector='OR'), name='complaint_waits_until'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('handling', ''), _negated=True), ('kind', 'complaint')), models.Q(('handling', ''), models.Q(models.Q(('kind', 'complaint'), _negated=True), ('state__in', ['new', 'rejected', 'not_ours']), _connector='OR')), _connector='OR'), name='complaint_class_once_verified'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('door', 'box'), ('opened_on__isnull', False), models.Q(('first_witness', ''), _negated=True), models.Q(('second_witness', ''), _negated=True), models.Q(('first_witness', models.F('second_witness')), _negated=True)), models.Q(models.Q(('door', 'box'), _negated=True), ('first_witness', ''), ('opened_on', None), ('second_witness', '')), _connector='OR'), name='complaint_slip_with_two_witnesses'),
        ),
    ]
