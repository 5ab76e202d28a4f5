"""The file that tells of an office and its standard, read into plain values or refused line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from sapa.offices.marked_yaml import Reading, compose
from sapa.offices.models import Office, ServiceStandard

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHANNELS: Final = ("visit", "online")
# consultations/requirements.py knows what to check for each of these.
REQUIREMENTS: Final = ("identity_card", "email", "guest_book", "request", "account")
# What an office may promise for complaints, each with the most days that make sense (domain.md 6.1).
COMPLAINT_DAYS: Final = {
    "verification": 60,
    "information": 60,
    "ordinary": 60,
    "desk_check": 120,
    "field_check": 240,
    "reporter_days": 90,
}
ZONES: Final = {zone.label: str(zone.value) for zone in Office.Zone}
_CODE: Final = "[0-9]{4}"
_ABOVE: Final = {"national": (), "province": ("national",), "regency": ("province", "national")}

Week = dict[int, list[tuple[time, time]]]


@dataclass(frozen=True, slots=True)
class OfficePart:
    """Who the office is. `above` names the offices over it, the nearest first."""

    node: yaml.Node
    code: str
    kind: str
    name: str
    zone_name: str
    contact: dict[str, str]
    above: tuple["OfficePart", ...] = ()


@dataclass(frozen=True, slots=True)
class StandardPart:
    """What the office promises, from which day."""

    node: yaml.Node
    decree: str
    valid_from: date
    valid_until: date | None
    promises: dict[str, Any]
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HoursPart:
    """One week of opening intervals; without dates the regular one."""

    node: yaml.Node
    name: str
    week: Week
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ServicePart:
    """One service with its prefix, keyed by `key`."""

    node: yaml.Node
    key: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeskPart:
    """One desk and the keys of what is served there."""

    node: yaml.Node
    name: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardFile:
    """The whole file. A section that was left out is None."""

    office: OfficePart
    standard: StandardPart | None
    hours: tuple[HoursPart, ...] | None
    services: tuple[ServicePart, ...] | None
    desks: tuple[DeskPart, ...] | None


def read(given: str | bytes) -> StandardFile:
    """The file as values. Raises FileRefused with every problem, each with its line and column."""
    reading = Reading()
    root = reading.mapping(compose(given), ("format", "office"), ("standard", "hours", "services", "desks"))
    if "format" in root:
        reading.whole(root["format"], low=1, high=1)
    office = _office(reading, root["office"]) if "office" in root else None
    services = _services(reading, root["services"]) if "services" in root else None
    file = StandardFile(
        office=office or OfficePart(yaml.ScalarNode("", ""), "", "", "", "", {}),
        standard=_standard(reading, root["standard"]) if "standard" in root else None,
        hours=_hours(reading, root["hours"]) if "hours" in root else None,
        services=services,
        desks=_desks(reading, root["desks"], services) if "desks" in root else None,
    )
    reading.finish()
    return file


def _office(reading: Reading, node: yaml.Node) -> OfficePart:
    contact = ("address", "phone", "email", "website")
    entries = reading.mapping(node, ("code", "kind", "name", "zone"), (*contact, "above"))
    part = _office_part(reading, node, entries)
    told = {"address": "", "phone": "", "email": "", "website": ""}
    if "address" in entries:
        told["address"] = reading.text(entries["address"], at_most=300)
    if "phone" in entries:
        told["phone"] = reading.text(
            entries["phone"], at_most=40, pattern=r"[+0-9 ()\-]{5,40}", form="0726-7575406"
        )
    if "email" in entries:
        told["email"] = reading.email(entries["email"])
    if "website" in entries:
        told["website"] = reading.address(entries["website"])
    items = reading.items(entries["above"], at_most=2) if "above" in entries else []
    above = [
        _office_part(reading, item, reading.mapping(item, ("code", "kind", "name", "zone"))) for item in items
    ]
    if part.kind and tuple(each.kind for each in above) != _ABOVE[part.kind]:
        reading.fail(
            entries.get("above", node),
            _("Above an office of kind %(kind)s must stand, the nearest first: %(above)s.")
            % {"kind": part.kind, "above": ", ".join(_ABOVE[part.kind]) or _("nothing")},
        )
    return OfficePart(node, part.code, part.kind, part.name, part.zone_name, told, tuple(above))


def _office_part(reading: Reading, node: yaml.Node, entries: dict[str, yaml.Node]) -> OfficePart:
    code = reading.text(entries["code"], pattern=_CODE, form="1808", at_most=4) if "code" in entries else ""
    kind = reading.choice(entries["kind"], tuple(_ABOVE)) if "kind" in entries else ""
    name = reading.text(entries["name"], at_most=120) if "name" in entries else ""
    zone = reading.choice(entries["zone"], tuple(ZONES)) if "zone" in entries else "WIB"
    return OfficePart(node, code, kind, name, ZONES[zone], {})


def _standard(reading: Reading, node: yaml.Node) -> StandardPart:
    numbers = {"onsite_minutes": 480, "online_working_days": 60, "silence_days": 90}
    entries = reading.mapping(
        node,
        (
            *("decree", "valid_from", "title", *numbers),
            *("requirements", "steps", "times", "cost", "products", "complaints", "maklumat"),
        ),
        ("valid_until", "day_zero", "provider", "unit", "hours_note"),
    )
    promises: dict[str, Any] = {
        key: reading.whole(entries[key], low=1, high=most) for key, most in numbers.items() if key in entries
    }
    if "day_zero" in entries:
        promises["day_zero"] = reading.choice(entries["day_zero"], ServiceStandard.DayZero.values)
    valid_from = reading.day(entries["valid_from"]) if "valid_from" in entries else date(2000, 1, 1)
    valid_until = reading.day(entries["valid_until"]) if "valid_until" in entries else None
    if valid_until is not None and valid_until < valid_from:
        reading.fail(entries["valid_until"], _("The standard ends before it begins."))
    return StandardPart(
        node,
        decree=reading.text(entries["decree"], at_most=120) if "decree" in entries else "",
        valid_from=valid_from,
        valid_until=valid_until,
        promises=promises,
        content=_content(reading, entries),
    )


def _content(reading: Reading, entries: dict[str, yaml.Node]) -> dict[str, Any]:
    content: dict[str, Any] = {
        key: reading.bilingual(entries[key])
        for key in ("title", "provider", "cost", "hours_note")
        if key in entries
    }
    if "unit" in entries:
        content["unit"] = reading.text(entries["unit"], at_most=300)
    for key, required in (
        ("requirements", ("number", "key", "channel", "text")),
        ("steps", ("number", "channel", "text")),
        ("times", ("channel", "text")),
    ):
        if key in entries:
            items = reading.items(entries[key], at_least=1, at_most=40)
            content[key] = [_line(reading, item, required) for item in items]
            _refuse_doubles(reading, items, content[key])
    if "products" in entries:
        content["products"] = [
            reading.bilingual(item) for item in reading.items(entries["products"], at_least=1)
        ]
    if "complaints" in entries:
        content["complaints"] = _complaints(reading, entries["complaints"])
    if "maklumat" in entries:
        part = reading.mapping(entries["maklumat"], ("text",), ("is_proposal",))
        content["maklumat"] = {
            "text": reading.bilingual(part["text"], at_most=2000) if "text" in part else {},
            "is_proposal": reading.truth(part["is_proposal"]) if "is_proposal" in part else False,
        }
    return content


def _line(reading: Reading, node: yaml.Node, required: Sequence[str]) -> dict[str, Any]:
    part = reading.mapping(node, required)
    line: dict[str, Any] = {}
    if "number" in part:
        line["number"] = reading.whole(part["number"], low=1, high=99)
    if "key" in part:
        line["key"] = reading.choice(part["key"], REQUIREMENTS)
    if "channel" in part:
        line["channel"] = reading.choice(part["channel"], CHANNELS)
    if "text" in part:
        line["text"] = reading.bilingual(part["text"])
    return line


def _refuse_doubles(reading: Reading, nodes: list[yaml.Node], lines: list[dict[str, Any]]) -> None:
    seen: set[int] = set()
    for node, line in zip(nodes, lines, strict=True):
        number = line.get("number")
        if number is not None and number in seen:
            reading.fail(node, _("The number %(number)s stands twice.") % {"number": str(number)})
        elif number is not None:
            seen.add(number)


def _complaints(reading: Reading, node: yaml.Node) -> dict[str, Any]:
    part = reading.mapping(node, ("text", "channels"), ("days", "hand_over"))
    channels = []
    for item in reading.items(part["channels"], at_least=1) if "channels" in part else []:
        entry = reading.mapping(item, ("label",), ("url",))
        channels.append(
            {
                "label": reading.bilingual(entry["label"]) if "label" in entry else {},
                "url": reading.address(entry["url"]) if "url" in entry else "",
            }
        )
    told: dict[str, Any] = {
        "text": reading.bilingual(part["text"]) if "text" in part else {},
        "channels": channels,
    }
    if "days" in part:
        told["days"] = _complaint_days(reading, part["days"])
    if "hand_over" in part:
        entry = reading.mapping(part["hand_over"], (), ("lapor", "whistleblowing"))
        told["hand_over"] = {key: reading.address(item) for key, item in entry.items()}
    return told


def _complaint_days(reading: Reading, node: yaml.Node) -> dict[str, Any]:
    """What differs from the sourced terms (feedback/terms.py); the rest may be left out."""
    entries = reading.mapping(node, (), (*COMPLAINT_DAYS, "reporter_counts_working_days"))
    days: dict[str, Any] = {
        key: reading.whole(entries[key], low=1, high=most)
        for key, most in COMPLAINT_DAYS.items()
        if key in entries
    }
    if "reporter_counts_working_days" in entries:
        days["reporter_counts_working_days"] = reading.truth(entries["reporter_counts_working_days"])
    return days


def _hours(reading: Reading, node: yaml.Node) -> tuple[HoursPart, ...]:
    part = reading.mapping(node, ("regular",), ("dated",))
    weeks: list[HoursPart] = []
    if "regular" in part:
        entries = reading.mapping(part["regular"], ("name", "week"))
        weeks.append(_week(reading, part["regular"], entries))
    for item in reading.items(part["dated"]) if "dated" in part else []:
        entries = reading.mapping(item, ("name", "starts_on", "ends_on", "week"))
        week = _week(reading, item, entries)
        for other in weeks:
            if _overlap(week, other):
                reading.fail(item, _("These dates overlap with “%(name)s”.") % {"name": other.name})
        weeks.append(week)
    return tuple(weeks)


def _overlap(one: HoursPart, other: HoursPart) -> bool:
    if not (one.starts_on and one.ends_on and other.starts_on and other.ends_on):
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _week(reading: Reading, node: yaml.Node, entries: dict[str, yaml.Node]) -> HoursPart:
    week: Week = {}
    days = reading.mapping(entries["week"], (), WEEKDAYS) if "week" in entries else {}
    for name, day in days.items():
        items = reading.items(day, at_most=6)
        intervals = [reading.interval(item) for item in items]
        for place, item in enumerate(items):
            opens, closes = intervals[place]
            if any(opens < until and begins < closes for begins, until in intervals[:place]):
                reading.fail(item, _("These hours overlap with others of the same day."))
        if intervals:
            week[WEEKDAYS.index(name)] = sorted(intervals)
    starts_on = reading.day(entries["starts_on"]) if "starts_on" in entries else None
    ends_on = reading.day(entries["ends_on"]) if "ends_on" in entries else None
    if starts_on and ends_on and ends_on < starts_on:
        reading.fail(entries["ends_on"], _("The last day must not come before the first day."))
    name = reading.text(entries["name"], at_most=60) if "name" in entries else ""
    return HoursPart(node, name, week, starts_on, ends_on)


def _services(reading: Reading, node: yaml.Node) -> tuple[ServicePart, ...]:
    services: list[ServicePart] = []
    for position, item in enumerate(reading.items(node, at_least=1, at_most=20)):
        entries = reading.mapping(
            item,
            ("key", "prefix", "name"),
            ("hint", "is_pst", "is_active", "typical_minutes", "daily_limit"),
        )
        service = _service(reading, item, entries, position)
        for other in services:
            if other.key == service.key:
                reading.fail(item, _("The service “%(key)s” stands here twice.") % {"key": service.key})
            elif other.values["prefix"] == service.values["prefix"]:
                reading.fail(
                    item,
                    _("The prefix “%(prefix)s” belongs to “%(key)s” already. Choose another letter.")
                    % {"prefix": service.values["prefix"], "key": other.key},
                )
        services.append(service)
    return tuple(services)


def _service(reading: Reading, node: yaml.Node, entries: dict[str, yaml.Node], position: int) -> ServicePart:
    key = (
        reading.text(entries["key"], at_most=30, pattern="[a-z][a-z0-9_-]*", form="consultation")
        if "key" in entries
        else ""
    )
    prefix = (
        reading.text(entries["prefix"], at_most=2, pattern="[A-Z]{1,2}", form="K")
        if "prefix" in entries
        else ""
    )
    name = reading.bilingual(entries["name"], at_most=80) if "name" in entries else {}
    hint = reading.bilingual(entries["hint"], at_most=160) if "hint" in entries else {}
    values: dict[str, Any] = {
        "prefix": prefix,
        "name_id": name.get("id", ""),
        "name_en": name.get("en", ""),
        "hint_id": hint.get("id", ""),
        "hint_en": hint.get("en", ""),
        "is_pst": reading.truth(entries["is_pst"]) if "is_pst" in entries else True,
        "is_active": reading.truth(entries["is_active"]) if "is_active" in entries else True,
        "position": position,
    }
    if "typical_minutes" in entries:
        values["typical_minutes"] = reading.whole(entries["typical_minutes"], low=1, high=480)
    if "daily_limit" in entries:
        values["daily_limit"] = reading.whole(entries["daily_limit"], low=1, high=2000)
    return ServicePart(node, key, values)


def _desks(
    reading: Reading, node: yaml.Node, services: tuple[ServicePart, ...] | None
) -> tuple[DeskPart, ...]:
    known = tuple(service.key for service in services or ())
    desks: list[DeskPart] = []
    for item in reading.items(node, at_least=1, at_most=50):
        entries = reading.mapping(item, ("name", "services"))
        name = reading.text(entries["name"], at_most=40) if "name" in entries else ""
        if name and any(desk.name == name for desk in desks):
            reading.fail(item, _("The desk “%(name)s” stands here twice.") % {"name": name})
        keys = reading.items(entries["services"], at_least=1, at_most=20) if "services" in entries else []
        if services is None:
            reading.fail(item, _("Desks need the section “services” in the same file."))
            break
        served = tuple(reading.choice(key, known) for key in keys) if known else ()
        desks.append(DeskPart(item, name, served))
    return tuple(desks)
