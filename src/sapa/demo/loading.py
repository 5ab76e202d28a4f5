"""Loading the demonstration: the office from its shipped standard, past working days, today up
to this minute, and the inbox of the last weeks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from sapa import wiring
from sapa.catalogue import demo as catalogue
from sapa.core.errors import Refused
from sapa.core.work import work
from sapa.demo import cast, online, story
from sapa.demo.matters import MATTERS
from sapa.demo.story import Day
from sapa.feedback import complaints, suggestion_box
from sapa.feedback.models import Complaint
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket, TicketState, Visit
from sapa.offices import holidays, standards
from sapa.offices.calendar import is_open, open_intervals
from sapa.offices.calendars import calendar_of
from sapa.offices.management.commands.office import SHIPPED
from sapa.offices.models import Device, Holiday, Office
from sapa.people.models import Officer

CODE = "1808"
HOURS_NAME = "Jam demonstrasi"
# The last half hour is told by hand, so that whoever opens the demonstration finds every state there is.
FINALE = timedelta(minutes=26)
LONGEST_MORNING = timedelta(hours=5, minutes=30)
VISITORS_A_DAY = (3, 6)
VISITORS_TODAY = 19
# What would send mail about what is long past, to addresses that nobody has.
LETTERS = ("sapa.notifications.digests.SOURCE", "sapa.notifications.deliveries.SOURCE")


def load(*, at: datetime, days: int, seed: int, today: int = VISITORS_TODAY) -> Office:
    """A demonstration office with `days` past working days and today as it stands at `at`, after about `today`
    visitors who have gone.

    Refused on a database that already holds an office: invented visits must never stand beside real ones.
    """
    with scopes_disabled():
        if Office.objects.exists():
            raise Refused(_("This database already holds an office. The demonstration needs an empty one."))
    with transaction.atomic():
        office = _set_up(at - timedelta(days=2 * days + 20))
        with scope(office=office):
            staff = cast.hire(office)
            cast.equip(office)
            catalogue.load(office, at=at)
            _play(office, staff, Random(seed), at=at, days=days, visitors=today)  # noqa: S311  # a story, not a secret
    return office


def keep_open(office: Office, at: datetime) -> bool:
    """The demonstration can be played now, whatever the hour: on a day off, at night and on a Sunday the office
    opens for the rest of this one day, under a name that says why, and the province with it. True when something
    had to be changed."""
    changed = [_keep_one_open(each, at) for each in office.lineage()[:2]]
    return True in changed


def _keep_one_open(office: Office, at: datetime) -> bool:
    if is_open(calendar_of(office), at):
        return False
    today = at.astimezone(office.zone).date()
    with transaction.atomic(), scopes_disabled():
        for holiday in Holiday.objects.filter(office__in=office.lineage(), on=today):
            holidays.withdraw(holiday, by=None, at=at)
        opens = time(8) if at.astimezone(office.zone).time() >= time(8) else time(0)
        week = {day: [(opens, time(23, 59))] for day in range(7)}
        holidays.set_hours(office, name=HOURS_NAME, week=week, starts_on=today, ends_on=today, by=None, at=at)
    office.refresh_from_db()
    return True


def _set_up(at: datetime) -> Office:
    file = SHIPPED / f"{CODE}.yaml"
    office = standards.load(file.read_bytes(), by=None, at=at, source_name=file.name)
    holidays.seed_national(at)
    lineage = [each.pk for each in office.lineage()]
    Office.objects.filter(pk__in=lineage).update(is_demo=True, mfa_required=False)
    made = Office.objects.select_related("parent__parent").get(pk=office.pk)
    _open_the_province(made, at)
    return made


def _open_the_province(office: Office, at: datetime) -> None:
    """The office above has hours as its own: what is passed on to it is promised in them."""
    with scopes_disabled():
        for hours in office.hours.filter(starts_on=None):
            week: dict[int, list[tuple[time, time]]] = {}
            for each in hours.intervals.order_by("weekday", "opens"):
                week.setdefault(each.weekday, []).append((each.opens, each.closes))
            holidays.set_hours(office.lineage()[1], name=hours.name, week=week, by=None, at=at)
    office.refresh_from_db()


def _play(
    office: Office, staff: dict[str, Officer], random: Random, *, at: datetime, days: int, visitors: int
) -> None:
    day = Day(
        office=office,
        random=random,
        entries=cast.visitors(random, at.year),
        staff=staff,
        board=Device.objects.get(kind=Device.Kind.BOARD),
        services={each.key: each for each in office.services.all()},
        desks={each.name: each for each in office.desks.all()},
    )
    today = at.astimezone(office.zone).date()
    for opens, closes in reversed(list(_past_days(office, today, days))):
        _past(day, opens, closes)
    keep_open(office, at)
    _today(day, at, visitors)
    _complain(day, at)
    _ask_online(day, at)
    work(at, paths=[each for each in wiring.SOURCES if each not in LETTERS])
    online.hold_letters_back(at)


def _ask_online(day: Day, at: datetime) -> None:
    """The last weeks of the inbox; the clients had their accounts before."""
    today = at.astimezone(day.office.zone).date()
    mornings = [opens for opens, _closes in _past_days(day.office, today, online.LOOKS_BACK)]
    online.play(day, cast.enrol(day.office, mornings[-1]), mornings, at)


def _past_days(office: Office, today: date, wanted: int) -> Iterator[tuple[datetime, datetime]]:
    """The last working days before today, the newest first: opening and closing."""
    calendar, on = calendar_of(office), today
    while wanted:
        on -= timedelta(days=1)
        intervals = open_intervals(calendar, on)
        if intervals:
            wanted -= 1
            yield intervals[0][0], intervals[-1][1]


def _past(day: Day, opens: datetime, closes: datetime) -> None:
    places = {"Meja 1": "budi", "Meja 2": "sinta", "Meja depan": "citra"}
    story.open_desks(day, opens, places)
    story.plan_arrivals(day, opens, closes - timedelta(minutes=50), day.random.randint(*VISITORS_A_DAY))
    day.play(closes)
    story.close_desks(day, closes - timedelta(seconds=5))
    story.rate(day, closes + timedelta(minutes=1), within=timedelta(hours=2))
    work(closes + timedelta(minutes=1))
    work(datetime.combine(closes.date() + timedelta(days=1), time(0, 1), tzinfo=closes.tzinfo))


def _today(day: Day, at: datetime, visitors: int) -> None:
    """The morning so far, then the last minutes by hand: shortly after midnight everything moves closer together."""
    midnight = datetime.combine(at.astimezone(day.office.zone).date(), time(), tzinfo=day.office.zone)
    since_opening = open_intervals(calendar_of(day.office), midnight.date())[0][0]
    finale = min(FINALE, (at - midnight) * 0.9)
    begin = max(since_opening, at - LONGEST_MORNING)
    if begin > at - finale:
        begin = at - finale - (at - midnight) * 0.05
    story.open_desks(day, begin, {"Meja 1": "budi", "Meja 2": "sinta", "Meja depan": "citra"})
    room = at - finale - begin
    visitors = min(visitors, int(room / timedelta(minutes=8)))
    story.plan_arrivals(day, begin, begin + room * 0.8, visitors)
    day.play(at - finale)
    story.rate(day, at - finale, within=finale)
    _finale(day, at, finale / FINALE)


def _finale(day: Day, at: datetime, scale: float) -> None:
    """One being served, one just finished, one on hold, four waiting with the promise of the first one running."""

    def ago(minutes: float) -> datetime:
        return at - timedelta(minutes=minutes) * scale

    consultations = [each for each in MATTERS if each.service == "consultation"]
    other = {each.service: each for each in MATTERS if each.service != "consultation"}
    door = Visit.Door
    _clear(day, ago(25.5))
    story.open_desks(day, ago(25), {"Meja 1": "budi", "Meja 2": "sinta"})
    day.idle.clear()
    story.arrive(day, ago(24), matter=consultations[6], priority=False, door=door.KIOSK)
    story.arrive(day, ago(23), matter=consultations[0], priority=True, door=door.FRONT_OFFICE)
    stays = story.call_next(day, "Meja 1", ago(22)).ticket
    leaves = story.call_next(day, "Meja 2", ago(21.5)).ticket
    story.start(day, "Meja 1", _again(stays), ago(21))
    story.start(day, "Meja 2", _again(leaves), ago(20.5))
    late = story.arrive(day, ago(19), matter=consultations[12], priority=False, door=door.PHONE)
    story.arrive(day, ago(14), matter=other["dtsen"], priority=False, door=door.KIOSK)
    story.arrive(day, ago(12), matter=other["recommendation"], priority=False, door=door.FRONT_OFFICE)
    queue.hold(_again(late), by=None, at=ago(9))
    story.arrive(day, ago(7), matter=consultations[2], priority=False, door=door.KIOSK)
    story.arrive(day, ago(4), matter=consultations[10], priority=True, door=door.PHONE)
    story.finish(day, "Meja 2", _again(leaves), ago(1.5))
    story.arrive(day, ago(1), matter=None, priority=False, door=door.KIOSK)


def _again(ticket: QueueTicket) -> QueueTicket:
    """The ticket as it stands now."""
    return QueueTicket.objects.select_related("visit", "service", "consultation", "desk", "office").get(
        pk=ticket.pk
    )


def _clear(day: Day, at: datetime) -> None:
    """The morning is over: who still waits has given up, who is at a desk is finished, citra leaves hers."""
    story.close_desks(day, at)
    for ticket in QueueTicket.objects.filter(state=TicketState.WAITING).select_related(
        "visit", "consultation"
    ):
        queue.withdraw(ticket, by=None, at=at)


def _complain(day: Day, at: datetime) -> None:
    """One of each kind in the register, and a slip of the suggestion box."""
    head, citra = day.staff["gita"], day.staff["citra"]

    def lodge(text: str, ago: timedelta, **more: Any) -> Complaint:
        given: dict[str, Any] = {"name": "", "contact": "", "is_anonymous": True, "visit": None} | more
        return complaints.lodge(day.office, text=text, submission_key=_key(day), at=at - ago, **given)

    answered = lodge(
        "Saya menunggu lebih dari dua puluh menit padahal papan menunjukkan meja kosong.",
        timedelta(days=9),
        name="Rahma Kusuma",
        contact="rahma.kusuma@contoh.example",
        is_anonymous=False,
    )
    complaints.verify(answered, by=head, at=at - timedelta(days=8))
    complaints.answer(
        answered,
        reply="Mohon maaf. Petugas saat itu sedang menerima tamu dinas dan meja lupa ditutup di sistem. Sejak pekan ini"
        " meja ditutup bila petugas pergi, sehingga janji 10 menit dihitung dengan benar.",
        by=head,
        at=at - timedelta(days=7),
    )
    dispute = lodge(
        "Jumlah penduduk kecamatan kami di publikasi dan di tabel situs berbeda, dan kami diminta memakai keduanya.",
        timedelta(days=4),
        name="Wahyu Setiawan",
        contact="wahyu.setiawan@contoh.example",
        is_anonymous=False,
        is_confidential=True,
    )
    complaints.verify(dispute, handling=Complaint.Handling.DESK_CHECK, by=citra, at=at - timedelta(days=3))
    complaints.begin(dispute, by=citra, at=at - timedelta(days=2))
    desk = lodge(
        "Petugas di Meja 2 menjawab sambil menelepon dan menyuruh saya datang lagi besok.", timedelta(days=2)
    )
    complaints.verify(desk, by=head, at=at - timedelta(days=1))
    complaints.name_subject(
        desk, officer=day.staff["sinta"], desk=day.desks["Meja 2"], by=head, at=at - timedelta(days=1)
    )
    abroad = lodge("Nama saya salah di KTP, mohon diperbaiki.", timedelta(days=3))
    complaints.disclaim(
        abroad,
        reply="Data KTP adalah kewenangan Dinas Kependudukan dan Pencatatan Sipil, bukan BPS. Silakan ke sana atau"
        " melalui SP4N-LAPOR!.",
        by=citra,
        at=at - timedelta(days=2),
    )
    lodge(
        "Apakah ruang layanan buka pada jam istirahat?", timedelta(hours=5), kind=Complaint.Kind.INFORMATION
    )
    lodge("Mohon disediakan meja untuk membaca publikasi.", timedelta(hours=4), kind=Complaint.Kind.PROPOSAL)
    lodge("Kursi di ruang tunggu kurang bila hari ramai. Mohon ditambah.", timedelta(hours=3))
    suggestion_box.enter(
        day.office,
        text="Pendingin ruang tunggu bocor, lantainya licin.",
        name="",
        contact="",
        opened_on=(at - timedelta(days=1)).astimezone(day.office.zone).date(),
        first_witness="Fajar Nugroho",
        second_witness="Sinta Maharani",
        submission_key=_key(day),
        by=day.staff["fajar"],
        at=at - timedelta(hours=2),
    )


def _key(day: Day) -> UUID:
    return UUID(int=day.random.getrandbits(128), version=4)
