from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

ORDINARY_DAYS = 5


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was answered before there was a window for the reporter is done; every complaint has its ledger."""
    complaint = apps.get_model("feedback", "Complaint")
    complaint.objects.filter(state__in=["verified", "answered"], handling="").update(handling="ordinary")
    complaint.objects.filter(state="answered").update(state="done", closed_at=F("answered_at"))
    complaint.objects.filter(state="rejected", closed_at=None).update(closed_at=F("answered_at"))
    for each in list(complaint.objects.filter(entries=None)):
        write_ledger(each)


def write_ledger(each: Any) -> None:
    def write(what: str, at: Any, **more: Any) -> None:
        each.entries.create(what=what, at=at, **more)

    write("lodged", each.received_at, kind="complaint", days=ORDINARY_DAYS)
    if each.verified_at and each.state != "rejected":
        write("verified", each.verified_at, kind="complaint", handling="ordinary", days=ORDINARY_DAYS)
    if each.state == "rejected":
        write("rejected", each.answered_at, text=each.reply)
    if each.state == "done":
        write("answered", each.answered_at, text=each.reply)
        write("closed", each.answered_at)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_deepen_complaints")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
