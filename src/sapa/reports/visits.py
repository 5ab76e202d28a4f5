"""Who came and when: visits, people, services, doors. Errands that are not of the PST stand apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office, Service
from sapa.reports.period import Kind, Period, of_kind
from sapa.reports.profile import Profile, heads, profiles
from sapa.reports.table import Bar, Cell, Table
from sapa.ui.dates import number, short_date

# More bars than this do not fit on a page: then months are drawn.
MOST_BARS = 31


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page, the print and the files show."""

    period: Period
    visits: int
    people: int
    groups: int
    errands: int
    days: Table
    services: Table
    doors: Table
    demographics: Sequence[Profile]
    bars: Sequence[Bar]
    busiest: tuple[date, int] | None


def report(office: Office, period: Period) -> Report:
    """The visits of the period; three queries however many there were."""
    found = list(
        Visit.objects.filter(office=office, service_day__range=(period.first, period.last))
        .defer("token", "subject", "errand_text", "purpose_text", "occupation_text")
        .order_by("service_day", "id")
    )
    of_pst = [visit for visit in found if not visit.is_errand]
    people_by_day: Counter[date] = Counter()
    for visit in of_pst:
        people_by_day[visit.service_day] += heads(visit)
    return Report(
        period=period,
        visits=len(of_pst),
        people=sum(people_by_day.values()),
        groups=sum(visit.is_group for visit in of_pst),
        errands=len(found) - len(of_pst),
        days=_days(found),
        services=_services(office, period),
        doors=_doors(of_pst),
        demographics=profiles(of_pst),
        bars=_bars(people_by_day),
        busiest=max(people_by_day.items(), key=lambda item: (item[1], item[0]), default=None),
    )


def _days(found: Sequence[Visit]) -> Table:
    visits: Counter[date] = Counter()
    people: Counter[date] = Counter()
    errands: Counter[date] = Counter()
    for visit in found:
        if visit.is_errand:
            errands[visit.service_day] += 1
        else:
            visits[visit.service_day] += 1
            people[visit.service_day] += heads(visit)
    body: list[list[Cell]] = [
        [day, visits[day], people[day], errands[day]] for day in sorted({*visits, *errands})
    ]
    head = [_("Day"), _("Visits"), _("People"), _("Other errands")]
    return Table("hari", _("By day"), head, body, numeric=(1, 2, 3), empty=_("No visits in this period"))


def _services(office: Office, period: Period) -> Table:
    services = {each.pk: each for each in Service.objects.filter(office=office)}
    counted = dict(
        QueueTicket.objects.filter(office=office, service_day__range=(period.first, period.last))
        .order_by()
        .values("service")
        .annotate(many=Count("id"))
        .values_list("service", "many")
    )
    body: list[list[Cell]] = [
        [each.name, _("Integrated statistics service") if each.is_pst else _("Other errand"), counted[pk]]
        for pk, each in services.items()
        if counted.get(pk)
    ]
    head = [_("Service"), _("Kind"), _("Queue numbers")]
    return Table("layanan", _("By service"), head, body, numeric=(2,), empty=_("No numbers in this period"))


def _doors(of_pst: Sequence[Visit]) -> Table:
    counted = Counter(visit.door for visit in of_pst)
    body: list[list[Cell]] = [[str(door.label), counted[door]] for door in Visit.Door if counted[door]]
    head = [_("Guest book"), _("Visits")]
    return Table(
        "pintu", _("By door of the guest book"), head, body, numeric=(1,), empty=_("No visits in this period")
    )


def _bars(people: Counter[date]) -> list[Bar]:
    counted: dict[str, int] = {}
    by_month = len(people) > MOST_BARS
    for day in sorted(people):
        label = of_kind(Kind.MONTH, day).label if by_month else short_date(day)
        counted[label] = counted.get(label, 0) + people[day]
    most = max(counted.values(), default=1)
    return [
        Bar(label, (Decimal(many * 100) / most).quantize(Decimal("0.1")), number(many))
        for label, many in counted.items()
    ]
