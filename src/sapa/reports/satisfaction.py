"""The SKM report: index, category, the nine elements, the sample beside its population, and what people wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from sapa.consultations.models import Door
from sapa.feedback import ratings, skm
from sapa.feedback.models import Rating
from sapa.feedback.skm import BY_ELEMENT, Element, Flag, half_up
from sapa.frontdesk.models import QueueTicket, TicketState, Visit
from sapa.offices.models import Office
from sapa.reports.period import Period
from sapa.reports.profile import Profile, profiles
from sapa.reports.table import Bar, Cell, Table
from sapa.ui.dates import number

# Four decimals, as the bounds of the means are printed (domain.md 5.1).
_FOUR = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page, the print, the files and the command show."""

    period: Period
    result: skm.Result
    adequacy: skm.Adequacy
    elements: Table
    bars: Sequence[Bar]
    weakest: Sequence[str]
    comments: Table
    doors: Table
    respondents: Sequence[Profile]

    @property
    def is_suppressed(self) -> bool:
        return Flag.SUPPRESSED in self.result.flags

    @property
    def unanswered(self) -> list[str]:
        """The names of the elements nobody answered, for which there is no index."""
        return [str(BY_ELEMENT[each].name) for each in self.result.unanswered]

    @property
    def flags(self) -> list[str]:
        """What must be said beside the index, as sentences; the sample is no matter while nothing is published."""
        shown = (
            [Flag.SUPPRESSED] if self.is_suppressed else [each for each in Flag if each in self.result.flags]
        )
        return [str(each.sentence) for each in shown]


def report(office: Office, period: Period) -> Report:
    """The index over the ratings given in the period; its population are the visits and the online consultations
    served in it.

    Ratings count in the period in which they were given, so that a report once printed does not move.
    """
    start, end = period.instants(office.zone)
    given = list(
        Rating.objects.filter(office=office, rated_at__gte=start, rated_at__lt=end)
        .select_related("visit")
        .order_by("id")
    )
    population = max(served(office, period), len(given))
    result = skm.index(ratings.answers_of(given), population=population)
    published = result.published is not None
    return Report(
        period=period,
        result=result,
        adequacy=skm.adequacy(result.count, population),
        elements=_elements(result if published else None),
        bars=[_bar(each, result.elements[each]) for each in Element] if published else [],
        weakest=[str(BY_ELEMENT[each].name) for each in result.weakest] if published else [],
        comments=_comments(given),
        doors=_doors(given),
        # By the guest book: what online clients said of themselves may have changed since they asked.
        respondents=profiles([each.visit for each in given if each.visit is not None]) if published else [],
    )


def served(office: Office, period: Period) -> int:
    """Those who could have been asked: the visits that a service of the PST was finished for, and the online
    consultations whose clients were invited at their end. A visit agreed on online is part of its consultation."""
    start, end = period.instants(office.zone)
    online = Rating.objects.filter(
        office=office, consultation__isnull=False, invited_at__gte=start, invited_at__lt=end
    )
    served_tickets = QueueTicket.objects.filter(
        visit=OuterRef("pk"), state=TicketState.FINISHED, service__is_pst=True
    ).exclude(consultation__door=Door.WEB)
    visits = Visit.objects.filter(
        Exists(served_tickets),
        office=office,
        service_day__range=(period.first, period.last),
        is_errand=False,
    )
    return visits.count() + online.count()


def mean_of(result: skm.ElementResult) -> Decimal | None:
    """NRR to four decimals."""
    return None if result.mean is None else _rounded(result.mean)


def weighted(result: skm.ElementResult) -> Decimal | None:
    """NRR times the exact weight 1/9, to four decimals."""
    return None if result.mean is None else _rounded(result.mean * skm.WEIGHT)


def _rounded(value: Fraction) -> Decimal:
    return half_up(value * 100).scaleb(-2).quantize(_FOUR)


def _elements(result: skm.Result | None) -> Table:
    body: list[list[Cell]] = []
    if result is not None:
        for each in Element:
            found = result.elements[each]
            body.append(
                [
                    str(BY_ELEMENT[each].name),
                    found.answered,
                    found.missing,
                    found.total,
                    mean_of(found),
                    weighted(found),
                    found.converted,
                ]
            )
    head = [
        _("Element"),
        _("Answers"),
        _("Left out"),
        _("Sum of scores"),
        _("Mean (NRR)"),
        _("Weighted (NRR × 1/9)"),
        _("Converted (× 25)"),
    ]
    return Table(
        "unsur", _("The nine elements"), head, body, numeric=(1, 2, 3, 4, 5, 6), empty=_("Not published")
    )


def _bar(element: Element, found: skm.ElementResult) -> Bar:
    converted = found.converted
    # The scale begins at 25: a bar from zero would make the worst answer look like a quarter of the best.
    share = (converted - 25) / Decimal("0.75") if converted is not None else Decimal(0)
    return Bar(str(BY_ELEMENT[element].name), share.quantize(Decimal("0.1")), number(converted, 2))


def _comments(given: Sequence[Rating]) -> Table:
    """Newest first, without day, service or desk: nothing that would tell who wrote."""
    body: list[list[Cell]] = [[rating.comment] for rating in reversed(given) if rating.comment]
    return Table(
        "komentar", _("What visitors wrote"), [_("Comment")], body, empty=_("No comments in this period")
    )


def _doors(given: Sequence[Rating]) -> Table:
    """Visits beside online consultations. When one of the two has too few answers to be published, neither index
    is: the other one and the whole would give it away."""
    parts = (
        (_("Visit"), [each for each in given if each.visit_id is not None]),
        (_("Online"), [each for each in given if each.visit_id is None]),
    )
    results = [(name, skm.index(ratings.answers_of(part))) for name, part in parts if part]
    may_show = all(Flag.SUPPRESSED not in result.flags for _name, result in results)
    body: list[list[Cell]] = [
        [name, result.count, result.published if may_show else None] for name, result in results
    ]
    return Table(
        "jalur",
        _("By way of service"),
        [_("Way"), _("Answers"), _("Index")],
        body,
        numeric=(1, 2),
        empty=_("No ratings in this period"),
    )
