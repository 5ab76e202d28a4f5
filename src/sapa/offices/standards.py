"""The service standard of an office: loaded from a file, kept by version, found by date."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.offices import holidays
from sapa.offices.calendars import touch
from sapa.offices.marked_yaml import Reading
from sapa.offices.models import Desk, Hours, Office, Service, ServiceStandard
from sapa.offices.standard_file import (
    DeskPart,
    HoursPart,
    OfficePart,
    ServicePart,
    StandardFile,
    StandardPart,
    read,
)
from sapa.ui.dates import long_date


def standard_in_force(office: Office, on: date) -> ServiceStandard:
    """The standard the office keeps on that date: its own, else that of the nearest office above that has
    one. Refused when there is none."""
    found = _in_force(office, on)
    if found is None:
        raise Refused(
            _("No service standard is in force at %(office)s on %(date)s. An administrator must load one.")
            % {"office": office.name, "date": long_date(on)}
        )
    return found


def _in_force(office: Office, on: date) -> ServiceStandard | None:
    """Kept in this process until the office or one above it changes, as the calendar is."""
    stamps = tuple(each.calendar_stamp for each in office.lineage())
    known = _kept.get(office.pk)
    if known is not None and known[:2] == (stamps, on):
        return known[2]
    found = _find_in_force(office, on)
    if found is not None:
        _kept[office.pk] = (stamps, on, found)
    return found


_kept: dict[int, tuple[tuple[str, ...], date, ServiceStandard]] = {}


def _find_in_force(office: Office, on: date) -> ServiceStandard | None:
    lineage = [each.pk for each in office.lineage()]
    valid = models.Q(valid_until=None) | models.Q(valid_until__gte=on)
    rows = ServiceStandard.objects.filter(valid, office__in=lineage, valid_from__lte=on)
    return min(
        rows, key=lambda row: (lineage.index(row.office_id), -row.valid_from.toordinal()), default=None
    )


def history(office: Office) -> list[ServiceStandard]:
    """Every version of the office's standard, the newest first; of the nearest office above that has any when
    it has none of its own."""
    lineage = [each.pk for each in office.lineage()]
    rows = list(ServiceStandard.objects.filter(office__in=lineage))
    nearest = min((lineage.index(row.office_id) for row in rows), default=0)
    return [row for row in rows if row.office_id == lineage[nearest]]


def check(given: str | bytes, *, only: Office | None = None) -> StandardFile:
    """The file, read and compared with what is stored, nothing changed. Raises FileRefused with every
    problem, each with its line. With `only`, a file of another office is refused."""
    file = read(given)
    reading = Reading()
    with scopes_disabled():
        _check_office(reading, file.office, only)
        office = Office.objects.filter(code=file.office.code).first()
        if office is not None:
            _check_services(reading, office, file.services or ())
            if file.standard is not None:
                _check_validity(reading, office, file.standard)
    reading.finish()
    return file


def load(
    given: str | bytes,
    *,
    by: models.Model | None,
    at: datetime,
    source_name: str = "",
    only: Office | None = None,
) -> Office:
    """The office stands as the file says: itself and the offices above it, its standard by validity, its
    hours, services and desks. Sections left out of the file stay as they are, and nothing is ever removed.
    All or nothing; loading the same file again changes and records nothing."""
    with transaction.atomic(), scopes_disabled():
        file = check(given, only=only)
        office, changed = _store_office(file.office)
        changed += _store_services(office, file.services or ())
        changed += _store_desks(office, file.desks or ())
        if changed:
            data = {"changed": changed, "source": source_name[:200]}
            record("office.loaded", office, office_id=office.pk, by=by, at=at, data=data)
        for week in file.hours or ():
            _store_hours(office, week, by=by, at=at)
        if file.standard is not None:
            _store_standard(office, file.standard, by=by, at=at, source_name=source_name[:200])
    return office


def _check_office(reading: Reading, part: OfficePart, only: Office | None) -> None:
    if only is not None and part.code != only.code:
        reading.fail(
            part.node,
            _("This file is of office %(theirs)s; here only office %(ours)s can be changed.")
            % {"theirs": part.code, "ours": only.code},
        )
    line = (part, *part.above)
    stored = {
        office.code: office
        for office in Office.objects.select_related("parent").filter(code__in=[each.code for each in line])
    }
    nation = Office.objects.filter(kind=Office.Kind.NATIONAL).first()
    for each, above in zip(line, (*part.above, None), strict=True):
        office = stored.get(each.code)
        if office is None and each.kind == Office.Kind.NATIONAL and nation is not None:
            reading.fail(each.node, _("The national office is %(code)s already.") % {"code": nation.code})
        if office is None:
            continue
        if office.kind != each.kind:
            reading.fail(
                each.node,
                _("Office %(code)s is stored as %(kind)s.") % {"code": each.code, "kind": office.kind},
            )
        elif (office.parent.code if office.parent else None) != (above.code if above else None):
            reading.fail(
                each.node, _("Office %(code)s is stored below another office.") % {"code": each.code}
            )


def _check_services(reading: Reading, office: Office, parts: tuple[ServicePart, ...]) -> None:
    """A prefix may move between services of the file, but not be taken from one the file does not name."""
    keys = {part.key for part in parts}
    others = Service.objects.filter(office=office).exclude(key__in=keys)
    taken = {service.prefix: service.key for service in others}
    for part in parts:
        if part.values["prefix"] in taken:
            reading.fail(
                part.node,
                _("The prefix “%(prefix)s” belongs to “%(key)s” already. Choose another letter.")
                % {"prefix": part.values["prefix"], "key": taken[part.values["prefix"]]},
            )


def _check_validity(reading: Reading, office: Office, part: StandardPart) -> None:
    later = _later(office, part.valid_from)
    if later is not None and part.valid_until is not None and part.valid_until >= later.valid_from:
        reading.fail(
            part.node,
            _("A newer version (%(decree)s) is valid from %(date)s. This one must end before.")
            % {"decree": later.decree, "date": long_date(later.valid_from)},
        )


def _later(office: Office, on: date) -> ServiceStandard | None:
    return ServiceStandard.objects.filter(office=office, valid_from__gt=on).order_by("valid_from").first()


def _store_office(part: OfficePart) -> tuple[Office, list[str]]:
    """The office and, above it, whatever was missing. An office above that is there keeps its own data."""
    parent: Office | None = None
    for above in reversed(part.above):
        parent, _made = Office.objects.get_or_create(
            code=above.code,
            defaults={
                "kind": above.kind,
                "name": above.name,
                "zone_name": above.zone_name,
                "parent": parent,
            },
        )
    values = {"name": part.name, "zone_name": part.zone_name, **part.contact}
    office = Office.objects.select_for_update(no_key=True).filter(code=part.code).first()
    if office is None:
        return Office.objects.create(code=part.code, kind=part.kind, parent=parent, **values), ["office"]
    changed = _apply(office, values)
    if "zone_name" in changed:
        touch(office)
    return office, changed


def _store_services(office: Office, parts: tuple[ServicePart, ...]) -> list[str]:
    stored = {service.key: service for service in Service.objects.filter(office=office)}
    moving = [
        stored[part.key]
        for part in parts
        if part.key in stored and stored[part.key].prefix != part.values["prefix"]
    ]
    for place, service in enumerate(moving):
        # Two services may swap prefixes; the unique constraint is satisfied at every step.
        service.prefix = chr(0xE000 + place)
        service.save(update_fields=["prefix"])
    changed: list[str] = []
    for part in parts:
        found = stored.get(part.key)
        if found is None:
            Service.objects.create(office=office, key=part.key, **part.values)
            changed.append(f"service {part.key}")
        else:
            changed += [f"service {part.key}: {field}" for field in _apply(found, part.values)]
    return changed


def _store_desks(office: Office, parts: tuple[DeskPart, ...]) -> list[str]:
    changed: list[str] = []
    services = {service.key: service for service in Service.objects.filter(office=office)}
    for part in parts:
        desk, is_new = Desk.objects.get_or_create(office=office, name=part.name)
        wanted = {services[key].pk for key in part.services}
        if is_new or wanted != set(desk.services.values_list("pk", flat=True)):
            desk.services.set(wanted)
            changed.append(f"desk {part.name}")
    return changed


def _store_hours(office: Office, part: HoursPart, *, by: models.Model | None, at: datetime) -> None:
    stored = Hours.objects.filter(office=office, starts_on=part.starts_on).first()
    if stored is not None and (stored.name, stored.ends_on) == (part.name, part.ends_on):
        week: dict[int, list[tuple[Any, Any]]] = {}
        for row in stored.intervals.all():
            week.setdefault(row.weekday, []).append((row.opens, row.closes))
        if week == part.week:
            return
    holidays.set_hours(
        office,
        name=part.name,
        week=part.week,
        starts_on=part.starts_on,
        ends_on=part.ends_on,
        by=by,
        at=at,
    )


def _store_standard(
    office: Office, part: StandardPart, *, by: models.Model | None, at: datetime, source_name: str
) -> None:
    later = _later(office, part.valid_from)
    ends = part.valid_until
    if later is not None and ends is None:
        ends = later.valid_from - timedelta(days=1)
    values: dict[str, Any] = {
        "decree": part.decree,
        "valid_until": ends,
        "content": part.content,
        **part.promises,
    }
    standard = ServiceStandard.objects.filter(office=office, valid_from=part.valid_from).first()
    if standard is None:
        last_day = part.valid_from - timedelta(days=1)
        open_ended = models.Q(valid_until=None) | models.Q(valid_until__gt=last_day)
        ServiceStandard.objects.filter(open_ended, office=office, valid_from__lt=part.valid_from).update(
            valid_until=last_day
        )
        standard = ServiceStandard.objects.create(
            office=office, valid_from=part.valid_from, loaded_at=at, **values
        )
        changed = ["version"]
    else:
        changed = _apply(standard, values)
        if changed:
            standard.loaded_at = at
            standard.save(update_fields=["loaded_at"])
    if changed:
        touch(office)
        data = {
            "decree": part.decree,
            "valid_from": part.valid_from.isoformat(),
            "changed": changed,
            "source": source_name,
        }
        record("standard.loaded", standard, office_id=office.pk, by=by, at=at, data=data)


def _apply(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Write what differs; return the names of the changed fields."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed:
        row.save(update_fields=changed)
    return changed
