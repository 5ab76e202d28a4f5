from django.db import migrations, models


def remember_what_was_asked(apps, schema_editor):
    """A room that was being made while this version came may stand at the provider: it is looked for."""
    rooms = apps.get_model("meetings", "Room").objects
    rooms.filter(outside_id="", attempts__gt=0, asked_at=None).update(asked_at=models.F("due_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("meetings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="room",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(remember_what_was_asked, migrations.RunPython.noop),
    ]
