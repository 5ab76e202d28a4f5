"""An officer asks another to take over a shift, perhaps for one of the other's own; the other decides."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.availability import is_available
from sapa.roster.models import KeptDay, Shift, Swap
from sapa.roster.rules import can_stand_duty

State = Swap.State


def ask(shift: Shift, *, asked: Officer, in_return: Shift | None = None, by: Officer, at: datetime) -> Swap:
    """`asked` may now take the shift over, `in_return` for a shift of their own. Asked the same twice is once;
    while one officer has not answered, nobody else is asked."""
    with transaction.atomic(), scopes_disabled():
        _lock(by.office)
        shift = _of(by, shift, at=at)
        if in_return is not None:
            in_return = _of(asked, in_return, at=at)
        open_one = Swap.objects.filter(shift=shift, state=State.ASKED).select_related("asked__user").first()
        if open_one is not None:
            if (open_one.asked_id, open_one.in_return_id) == (asked.pk, in_return and in_return.pk):
                return open_one
            raise Refused(
                _("%(name)s has not answered yet. Withdraw that request before you ask somebody else.")
                % {"name": open_one.asked}
            )
        _refuse_partner(by, asked)
        _refuse_impossible(shift, in_return, asker=by, asked=asked)
        swap = Swap.objects.create(
            office_id=by.office_id,
            shift=shift,
            on=shift.on,
            in_return=in_return,
            return_on=in_return.on if in_return else None,
            asker=by,
            asked=asked,
            asked_at=at,
        )
        for on in _days(swap):
            KeptDay.objects.get_or_create(office_id=by.office_id, on=on)
        _told("swap.asked", swap, by=by, at=at)
    return swap


def accept(swap: Swap, *, by: Officer, at: datetime) -> None:
    """The shift is the asked officer's from now on, the one in return the asker's. Said once; said too late, or
    when somebody's days have changed in the meantime, nothing happens."""
    with transaction.atomic(), scopes_disabled():
        _lock(by.office)
        swap = _settled(swap, to=State.ACCEPTED, by=by, only=swap.asked_id, at=at)
        asker, shift = swap.asker, swap.shift
        if shift is None or (swap.return_on is not None and swap.in_return is None):
            raise Stale(_("This shift is not in the roster any more."), code="shift_gone")
        shift = _of(asker, shift, at=at)
        in_return = _of(by, swap.in_return, at=at) if swap.in_return else None
        _refuse_partner(asker, by)
        _refuse_impossible(shift, in_return, asker=asker, asked=by)
        # What others asked in return for these shifts is about shifts that their officers no longer have.
        withdraw_for([each for each in (shift, in_return) if each], at=at)
        Shift.objects.filter(pk=shift.pk).update(officer=by)
        if in_return:
            Shift.objects.filter(pk=in_return.pk).update(officer=asker)
        _told("swap.accepted", swap, by=by, at=at)


def decline(swap: Swap, *, by: Officer, at: datetime) -> None:
    """The asked officer does not take it; the shift stays where it is."""
    with transaction.atomic(), scopes_disabled():
        _lock(by.office)
        _told(
            "swap.declined", _settled(swap, to=State.DECLINED, by=by, only=swap.asked_id, at=at), by=by, at=at
        )


def withdraw(swap: Swap, *, by: Officer, at: datetime) -> None:
    """The asker does not ask any more."""
    with transaction.atomic(), scopes_disabled():
        _lock(by.office)
        _told(
            "swap.withdrawn",
            _settled(swap, to=State.WITHDRAWN, by=by, only=swap.asker_id, at=at),
            by=by,
            at=at,
        )


def withdraw_for(shifts: Iterable[Shift], *, at: datetime) -> None:
    """Nobody is asked about these shifts any more, nor offered them in return; in the caller's transaction."""
    keys = [each.pk for each in shifts]
    _withdraw(Q(shift__in=keys) | Q(in_return__in=keys), at=at)


def withdraw_all_of(officer: Officer, *, at: datetime) -> None:
    """Nothing that the officer asked or was asked waits any more; in the caller's transaction."""
    _withdraw(Q(asker=officer) | Q(asked=officer), at=at)


def _withdraw(which: Q, *, at: datetime) -> None:
    for swap in Swap.objects.filter(which, state=State.ASKED).order_by("pk"):
        Swap.objects.filter(pk=swap.pk).update(state=State.WITHDRAWN, settled_at=at)
        _told("swap.withdrawn", swap, by=None, at=at)


def _settled(swap: Swap, *, to: State, by: Officer, only: int, at: datetime) -> Swap:
    """The swap as stored, moved from asked to `to` by the one officer who may: a compare-and-set."""
    if by.pk != only:
        raise Refused(
            _("Only the officer who was asked can answer, and only the one who asked can withdraw.")
        )
    moved = Swap.objects.filter(pk=swap.pk, state=State.ASKED).update(state=to, settled_at=at)
    if not moved:
        raise Stale(
            _("This request has been answered or withdrawn already. The page now shows how it stands."),
            code="swap_settled",
        )
    related = ("asker__user", "asker__office", "shift", "in_return")
    return Swap.objects.select_related(*related).get(pk=swap.pk)


def _of(officer: Officer, shift: Shift, *, at: datetime) -> Shift:
    """The shift as stored, still this officer's and not in the past."""
    stored = Shift.objects.filter(pk=shift.pk).first()
    if stored is None:
        raise Stale(_("This shift is not in the roster any more."), code="shift_gone")
    if stored.officer_id != officer.pk:
        raise Refused(
            _("This shift belongs to another officer. Look at the roster again."), code="not_theirs"
        )
    if stored.on < at.astimezone(officer.office.zone).date():
        raise Refused(_("This shift has passed and cannot be swapped any more."), code="shift_passed")
    return stored


def _refuse_partner(asker: Officer, asked: Officer) -> None:
    if asked.pk == asker.pk:
        raise Refused(_("You cannot swap with yourself. Choose another officer."))
    if asked.office_id != asker.office_id or not can_stand_duty(asked):
        raise Refused(_("This officer does not stand duty in your office. Choose another one."))


def _refuse_impossible(shift: Shift, in_return: Shift | None, *, asker: Officer, asked: Officer) -> None:
    """Each must be here, and free, on the day that they get."""
    for officer, on in ((asked, shift.on), (asker, in_return.on if in_return else None)):
        if on is None:
            continue
        if not is_available(officer, on):
            raise Refused(_("%(name)s is away that day. Choose another officer.") % {"name": officer})
        if Shift.objects.filter(officer=officer, on=on).exists():
            raise Refused(
                _("%(name)s is on duty that day already. Choose another officer or another day.")
                % {"name": officer}
            )


def _days(swap: Swap) -> list[date]:
    return [on for on in (swap.on, swap.return_on) if on is not None]


def _told(name: str, swap: Swap, *, by: Officer | None, at: datetime) -> None:
    data: dict[str, Any] = {
        "asker": swap.asker_id,
        "asked": swap.asked_id,
        "on": swap.on.isoformat(),
        "return_on": swap.return_on.isoformat() if swap.return_on else None,
    }
    record(name, swap, office_id=swap.office_id, by=by.user if by else None, at=at, data=data)


def _lock(office: Office) -> None:
    """One change of an office's roster at a time."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
