"""Search trails: how people looked before they asked, without who they are. What the deflection rate is made of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth
from django_scopes import scopes_disabled

from sapa.catalogue.models import Absence, Entry, SearchTrail, TrailStep
from sapa.catalogue.personal import masked
from sapa.core import sql
from sapa.core.ids import token as new_token
from sapa.core.limits import spend
from sapa.core.work import Source
from sapa.offices.models import Office

Outcome = SearchTrail.Outcome
Kind = TrailStep.Kind
# Typing on is one search: a pause longer than this begins another.
TYPING: Final = timedelta(seconds=10)
# Whoever comes back later begins anew; the address of a search may have been passed on.
GOES_ON: Final = timedelta(hours=12)
KEPT: Final = timedelta(days=90)
MOST_STEPS: Final = 60
LONGEST: Final = 200
MOST_COUNTED: Final = 32_767
TOKEN_LENGTH: Final = len(new_token())
# A school class behind one address searches; a machine is stopped. Of what is typed about every tenth begins anew.
SEARCHES_IN_TEN_MINUTES: Final[int] = settings.SEARCHES_IN_TEN_MINUTES
BEGUN_IN_TEN_MINUTES: Final = SEARCHES_IN_TEN_MINUTES // 10
TEN_MINUTES: Final = 600

# Written with every search (docs/decisions/0007).
_BEGIN: Final = (
    "INSERT INTO catalogue_searchtrail (office_id, token, language, began_at, outcome, due_at)"
    " VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (token) DO NOTHING RETURNING id"
)
_TYPED_ON: Final = "UPDATE catalogue_trailstep SET text = %s, results = %s, at = %s WHERE id = %s"
_DISMISSED: Final = "SELECT entry_id, absence_id FROM catalogue_trailstep WHERE trail_id = %s AND kind = %s"

_COUNTS: Final = {
    "trails": Count("id"),
    "answered": Count("id", filter=Q(outcome=Outcome.ANSWERED)),
    "asked": Count("id", filter=Q(outcome=Outcome.ASKED)),
    "left": Count("id", filter=Q(outcome=Outcome.LEFT)),
    "under_way": Count("id", filter=Q(outcome="")),
}


@dataclass(frozen=True)
class Deflection:
    """How the searches of a period ended. `rate`: of those who found or asked, the share that needed no officer;
    None when there was nobody."""

    trails: int
    answered: int
    asked: int
    left: int
    under_way: int

    @property
    def rate(self) -> float | None:
        decided = self.answered + self.asked
        return self.answered / decided if decided else None

    @property
    def percent(self) -> float | None:
        """The rate in per cent."""
        return None if self.rate is None else self.rate * 100


def spend_search(address: str) -> None:
    """One search from this network address; refused when a machine seems to be at work."""
    spend("search", address, times=SEARCHES_IN_TEN_MINUTES, seconds=TEN_MINUTES)


def find(office: Office, token: str, *, at: datetime) -> SearchTrail | None:
    """The trail with this token, if it is of this office and still goes on."""
    if len(token) != TOKEN_LENGTH:
        return None
    return sql.first(
        SearchTrail,
        "office_id = %s AND token = %s AND outcome = '' AND began_at > %s",
        [office.pk, token, sql.stored(at - GOES_ON)],
    )


def begin(office: Office, *, language: str, at: datetime, token: str = "", address: str = "") -> SearchTrail:
    """A trail of somebody who searches. A page hands out `token` before the first search, so that letters typed
    quickly belong to one trail; an unfit, foreign or finished one is replaced. `address` is counted, never kept."""
    return find(office, token, at=at) or begin_anew(
        office, language=language, at=at, token=token, address=address
    )


def begin_anew(
    office: Office, *, language: str, at: datetime, token: str = "", address: str = ""
) -> SearchTrail:
    """The same where `find` has just found none."""
    if address:
        spend("search-trail", address, times=BEGUN_IN_TEN_MINUTES, seconds=TEN_MINUTES)
    trail = SearchTrail(office=office, language=language[:2], began_at=at, due_at=at + GOES_ON)
    if len(token) != TOKEN_LENGTH:
        return sql.insert(trail)
    # The token may be taken: its letters came a moment earlier, or it is of another office, or over.
    row = sql.rows(_BEGIN, [office.pk, token, trail.language, sql.stored(at), sql.stored(at + GOES_ON)])
    if not row:
        return find(office, token, at=at) or sql.insert(trail)
    trail.pk, trail.token = row[0][0], token
    trail._state.adding, trail._state.db = False, connection.alias
    return trail


def note_search(trail: SearchTrail, *, text: str, results: int, at: datetime) -> None:
    """The search stands on the trail, once: typing on, or taking letters back, corrects the step before. Addresses
    and numbers of people are masked before anything is written."""
    raw = text.strip()
    typed, results = masked(raw)[:LONGEST], min(results, MOST_COUNTED)
    with transaction.atomic(savepoint=False):
        last = sql.first(TrailStep, "trail_id = %s ORDER BY id DESC", [trail.pk])
        # A number that was typed so far does not begin with its mask: both forms may go on from the step before.
        if (
            last is not None
            and last.kind == Kind.SEARCHED
            and any(_is_typed_on(last, each, at) for each in (typed, raw[:LONGEST]))
        ):
            sql.run(_TYPED_ON, [typed, results, sql.stored(at), last.pk])
            return
        if last is None or trail.steps.count() < MOST_STEPS:
            sql.insert(TrailStep(trail=trail, kind=Kind.SEARCHED, at=at, text=typed, results=results))


def note_opened(trail: SearchTrail, entry: Entry, *, at: datetime) -> None:
    """The entry was looked at; a second time is no second step."""
    if not trail.steps.filter(kind=Kind.OPENED, entry=entry).exists():
        _note(trail, Kind.OPENED, at=at, entry=entry)


def note_dismissed(trail: SearchTrail, thing: Entry | Absence, *, at: datetime) -> None:
    """ "Not this one": the search of this trail does not show it again."""
    which: dict[str, Entry | Absence] = {"absence" if isinstance(thing, Absence) else "entry": thing}
    if not trail.steps.filter(kind=Kind.DISMISSED, **which).exists():
        _note(trail, Kind.DISMISSED, at=at, **which)


def dismissed(trail: SearchTrail) -> tuple[set[int], set[int]]:
    """Ids of the entries and of the absences that were put aside."""
    rows = sql.rows(_DISMISSED, [trail.pk, Kind.DISMISSED])
    return {entry for entry, _absence in rows if entry}, {absence for _entry, absence in rows if absence}


def answered(trail: SearchTrail, thing: Entry | Absence | None, *, at: datetime) -> None:
    """The search ended here because it answered; what it was answered by stands on the trail. Twice is once."""
    with transaction.atomic():
        if not _settle(trail, Outcome.ANSWERED, at=at):
            return
        if thing is not None:
            which = {"absence" if isinstance(thing, Absence) else "entry": thing}
            TrailStep.objects.create(trail=trail, kind=Kind.ANSWERED, at=at, **which)


def asked(trail: SearchTrail, *, at: datetime) -> None:
    """The search did not answer: the trail went with a request. Also after a day's pause. Twice is once."""
    _settle(trail, Outcome.ASKED, at=at)


def deflection(office: Office, *, since: datetime, until: datetime) -> Deflection:
    """How the searches that began from `since` until before `until` ended."""
    begun = SearchTrail.objects.filter(office=office, began_at__gte=since, began_at__lt=until)
    return Deflection(**begun.aggregate(**_COUNTS))


def deflection_by_month(office: Office, *, since: datetime, until: datetime) -> dict[date, Deflection]:
    """The same for each month of the office's calendar in which a search began, by its first day. One query."""
    begun = SearchTrail.objects.filter(office=office, began_at__gte=since, began_at__lt=until)
    months = begun.annotate(month=TruncMonth("began_at", tzinfo=office.zone)).values("month")
    counted = months.annotate(**_COUNTS).order_by("month").values_list("month", *_COUNTS)
    return {month.date(): Deflection(*counts) for month, *counts in counted}


def _is_typed_on(last: TrailStep, typed: str, at: datetime) -> bool:
    if at - last.at > TYPING:
        return last.text == typed  # a reload, the way back
    return typed.startswith(last.text) or last.text.startswith(typed)


def _note(trail: SearchTrail, kind: TrailStep.Kind, **what: object) -> None:
    if trail.steps.count() < MOST_STEPS:
        TrailStep.objects.create(trail=trail, kind=kind, **what)


def _settle(trail: SearchTrail, outcome: SearchTrail.Outcome, *, at: datetime) -> bool:
    """Who had left and came back to ask or to say thanks has not left; every other end stays."""
    changed = SearchTrail.objects.filter(pk=trail.pk, outcome__in=["", Outcome.LEFT]).update(
        outcome=outcome, settled_at=at
    )
    if changed:
        trail.outcome, trail.settled_at = outcome, at
    return bool(changed)


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = SearchTrail.objects.filter(due_at__lte=at).order_by("due_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    """Half a day after its beginning an open trail was left; after KEPT nothing that was typed exists any more."""
    with scopes_disabled(), transaction.atomic():
        trail = SearchTrail.objects.get(pk=row)
        SearchTrail.objects.filter(pk=row, outcome="").update(outcome=Outcome.LEFT, settled_at=at)
        erased_at = trail.began_at + KEPT
        if erased_at <= at:
            trail.steps.exclude(text="").update(text="")
        SearchTrail.objects.filter(pk=row).update(due_at=None if erased_at <= at else erased_at)


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it and the health page shows its age."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = SearchTrail.objects.filter(due_at__isnull=False)
        oldest: datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


SOURCE = Source(name="search trails", due=_due, run=_run, fail=_fail, oldest=_oldest)
