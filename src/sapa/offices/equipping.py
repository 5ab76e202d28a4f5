"""What stands in the office: its services, desks, devices, and the rules of its queue."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Desk, Device, Office, Service


def set_desk(
    office: Office,
    *,
    desk: Desk | None,
    name: str,
    services: Collection[Service],
    is_active: bool,
    by: models.Model | None,
    at: datetime,
) -> Desk:
    """The desk has this name and serves these services; without `desk` it is a new one. A new desk that is
    there already just as asked is not made twice."""
    name = " ".join(name.split())
    if not name or not services:
        raise Refused(_("A desk needs a name and at least one service."))
    if any(service.office_id != office.pk for service in services):
        raise Refused(_("A desk serves only services of its own office."))
    wanted = {service.pk for service in services}
    with transaction.atomic(), scopes_disabled():
        # The desk before the office, as the queue locks them: docs/architecture.md, Locks.
        stored = Desk.objects.select_for_update(no_key=True).get(pk=desk.pk) if desk else Desk(office=office)
        _lock(office)
        same = Desk.objects.filter(office=office, name__iexact=name)
        other = (same.exclude(pk=desk.pk) if desk else same).first()
        if other is not None:
            if desk is None and _same_desk(other, wanted, is_active):
                return other
            raise Refused(_("There is a desk of that name already. Choose another name."))
        if stored.officer_id and not is_active:
            raise Refused(_("An officer is sitting at this desk. Leave the desk first, then switch it off."))
        before = _told(stored) if stored.pk else {}
        stored.name, stored.is_active = name, is_active
        stored.save(update_fields=["name", "is_active"] if stored.pk else None)
        stored.services.set(wanted)
        after = _told(stored)
        if before != after:
            data = {"before": before, "after": after}
            topics = (f"queue:{office.pk}",)
            record("desk.changed", stored, office_id=office.pk, by=by, at=at, data=data, topics=topics)
    return stored


def set_service(
    service: Service, *, values: Mapping[str, Any], by: models.Model | None, at: datetime
) -> Service:
    """The service has these values (prefix, texts, limit, typical minutes, active or not)."""
    with transaction.atomic(), scopes_disabled():
        stored = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
        others = Service.objects.filter(office=stored.office_id).exclude(pk=stored.pk)
        prefix = values.get("prefix", stored.prefix)
        owner = others.filter(prefix=prefix).first()
        if owner is not None:
            raise Refused(
                _("The prefix “%(prefix)s” belongs to “%(key)s” already. Choose another letter.")
                % {"prefix": prefix, "key": owner.name}
            )
        changed = {key: value for key, value in values.items() if getattr(stored, key) != value}
        if changed:
            for key, value in changed.items():
                setattr(stored, key, value)
            stored.save(update_fields=list(changed))
            record(
                "service.changed",
                stored,
                office_id=stored.office_id,
                by=by,
                at=at,
                data=changed,
                topics=(f"queue:{stored.office_id}",),
            )
    return stored


def add_device(
    office: Office,
    *,
    kind: str,
    name: str,
    desk: Desk | None = None,
    expires_on: date | None = None,
    by: models.Model | None,
    at: datetime,
) -> Device:
    """A device with an address of its own. A usable one of that kind and name is handed back, not doubled."""
    name = " ".join(name.split())
    if not name or kind not in Device.Kind.values:
        raise Refused(_("A device needs a kind and a name."))
    if kind == Device.Kind.TABLET and desk is None:
        raise Refused(_("Please say at which desk the tablet stands; it asks about the visit there."))
    if desk is not None and desk.office_id != office.pk:
        raise Refused(_("The desk belongs to another office."))
    with transaction.atomic(), scopes_disabled():
        _lock(office)
        known = Device.objects.filter(office=office, kind=kind, name=name, revoked_at=None).first()
        if known is not None:
            return known
        desk = desk if kind == Device.Kind.TABLET else None
        device = Device.objects.create(office=office, kind=kind, name=name, desk=desk, expires_on=expires_on)
        data = {"kind": kind, "name": name}
        record("device.added", device, office_id=office.pk, by=by, at=at, data=data)
    return device


def revoke_device(device: Device, *, by: models.Model | None, at: datetime) -> None:
    """The address of the device leads nowhere any more."""
    with transaction.atomic(), scopes_disabled():
        if not Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=at):
            raise Stale(_("This device has already been revoked."))
        data = {"kind": device.kind, "name": device.name}
        record("device.revoked", device, office_id=device.office_id, by=by, at=at, data=data)


def set_policy(
    office: Office,
    *,
    priority_every: int,
    remote_queue: bool,
    mfa_required: bool,
    by: models.Model | None,
    at: datetime,
) -> None:
    """How often priority numbers come first, whether numbers may be taken from afar, whether officers need a
    second step at sign-in."""
    if not 1 <= priority_every <= 20:
        raise Refused(_("Between 1 and 20: after how many calls at most a priority number comes first."))
    values = {
        "priority_every": priority_every,
        "remote_queue": remote_queue,
        "mfa_required": mfa_required,
    }
    with transaction.atomic():
        stored = _lock(office)
        changed = {key: value for key, value in values.items() if getattr(stored, key) != value}
        if changed:
            Office.objects.filter(pk=office.pk).update(**changed)
            record("policy.changed", office, office_id=office.pk, by=by, at=at, data=changed)


def _lock(office: Office) -> Office:
    """One change of the room at a time; weak enough not to hinder rows that only name the office."""
    return Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _same_desk(desk: Desk, wanted: set[int], is_active: bool) -> bool:
    return desk.is_active == is_active and set(desk.services.values_list("pk", flat=True)) == wanted


def _told(desk: Desk) -> dict[str, Any]:
    keys = sorted(desk.services.values_list("key", flat=True))
    return {"name": desk.name, "is_active": desk.is_active, "services": keys}
