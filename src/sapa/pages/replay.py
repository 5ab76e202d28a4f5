"""The last service day under other rules of the queue, as the settings show it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sapa.frontdesk import replay
from sapa.frontdesk.order import Waits
from sapa.offices.models import Office
from sapa.ui.dates import duration


@dataclass(frozen=True, slots=True)
class Comparison:
    """A day and a table of what each rule would have made of it."""

    day: replay.Day
    head: list[str]
    rows: list[list[str]]
    numeric: tuple[int, ...] = (1, 2, 3, 4)

    @property
    def is_all_the_same(self) -> bool:
        return len({tuple(figures) for _rule, *figures in self.rows}) == 1


def comparison(office: Office, *, proposed: int | None, before: date) -> Comparison | None:
    """None while no service day of the office is over."""
    day = replay.last_day(office, before=before)
    if day is None:
        return None
    head = [
        _("Rule"),
        _("Others: half waited at most"),
        _("Others: longest"),
        _("Priority: half waited at most"),
        _("Priority: longest"),
    ]
    played = replay.play(day, current=office.priority_every, proposed=proposed)
    rows = [
        [
            _rule(each),
            *(
                duration(figure(waits))
                for waits in (each.waits.regular, each.waits.priority)
                for figure in (Waits.middle, Waits.longest)
            ),
        ]
        for each in played
    ]
    return Comparison(day, head, rows)


def _rule(played: replay.Played) -> str:
    every = played.priority_every
    words = (
        _("1: priority always first")
        if every == 1
        else ngettext(
            "%(every)s: after at most %(n)s other", "%(every)s: after at most %(n)s others", every - 1
        )
        % {"every": every, "n": every - 1}
    )
    if played.is_current:
        return _("%(rule)s (the rule now)") % {"rule": words}
    return _("%(rule)s (your proposal)") % {"rule": words} if played.is_proposed else words
