"""The online half of the demonstration: clients ask and the office answers, in every state there is.

Each story is a generator that names the instant at which it goes on; one queue plays them together in time order,
with the clocks of the office doing between the steps what they do between the steps of people.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django_scopes import scopes_disabled

from sapa.catalogue import trails
from sapa.catalogue.citations import citation_of
from sapa.catalogue.models import Entry
from sapa.consultations import holding, lifecycle, requirements
from sapa.consultations.models import Consultation, Deadline, MissingItem, Reason
from sapa.core.work import work
from sapa.demo import questions
from sapa.demo.questions import Question
from sapa.demo.story import Day
from sapa.feedback import ratings
from sapa.feedback.models import Rating
from sapa.feedback.skm import Element
from sapa.inbox import asking, canning, publishing, reading, reviewing, writing
from sapa.inbox.models import Kind, Side
from sapa.meetings import booking
from sapa.meetings import policy as meeting_policy
from sapa.meetings.choosing import week_of
from sapa.notifications.models import Delivery
from sapa.notifications.reading import see_all
from sapa.offices.calendar import DayZero, add_working_days
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office, Service
from sapa.people.models import Client, Officer
from sapa.roster.patterns import set_pattern
from sapa.roster.shifts import monday_of, plan_weeks, set_day

Story = Iterator[datetime]
# What happens by itself between two steps.
BETWEEN: Final = (
    "sapa.activity.reactions.SOURCE",
    "sapa.consultations.clocks.SOURCE",
    "sapa.consultations.alarms.SOURCE",
    "sapa.consultations.silence.SOURCE",
)
# A public server of the free software; an office names its own.
JITSI: Final = "https://meet.jit.si"
SILENT_DAYS: Final = 5
# The longest story begins so many working days ago.
LOOKS_BACK: Final = 14


@dataclass
class Inbox:
    """The office's inbox as the player of the demonstration sees it; `at` is the instant of the present step."""

    day: Day
    clients: dict[str, Client]
    mornings: list[datetime]  # openings of the past working days, the newest first
    end: datetime
    at: datetime

    @property
    def office(self) -> Office:
        return self.day.office

    def back(self, days: int, hours: float = 0.0) -> datetime:
        """So many working days ago, so many hours after opening."""
        return self.mornings[days - 1] + timedelta(hours=hours)

    def ago(self, **span: float) -> datetime:
        return self.end - timedelta(**span)

    def officer(self, name: str) -> Officer:
        return self.day.staff[name]

    def key(self) -> UUID:
        return UUID(int=self.day.random.getrandbits(128), version=4)

    def tell(self, stories: Sequence[Story]) -> None:
        """Play the stories together, each step at its instant."""
        agenda = [(next(story), place, story) for place, story in enumerate(stories)]
        heapq.heapify(agenda)
        while agenda:
            self.at, place, story = heapq.heappop(agenda)
            work(self.at, paths=BETWEEN)
            following = next(story, None)
            if following is not None:
                heapq.heappush(agenda, (following, place, story))

    def ask(self, who: str, what: Question) -> Consultation:
        """The client looks in the catalogue first, does not find it, and asks."""
        client = self.clients[who]
        trail = trails.begin(self.office, language="id", at=self.at)
        found = self.entry(what)
        trails.note_search(trail, text=what.search, results=0 if found is None else 1, at=self.at)
        if found is not None:
            trails.note_opened(trail, found, at=self.at)
        draft = asking.draft_of(client, self.office, at=self.at)
        draft.submission_key = self.key()
        asking.keep_draft(draft, {}, trail=trail.token, at=self.at)
        asked = {
            "question": what.question,
            "area": what.area,
            "year_from": what.years[0],
            "year_until": what.years[1],
            "level": what.level,
            "purpose": what.purpose,
        }
        return asking.ask(draft, subject=what.subject, asked=asked, at=self.at)

    def entry(self, what: Question) -> Entry | None:
        """The entry that the question is about, of this office or one above it."""
        lineage = self.office.lineage()
        with scopes_disabled():
            entries = Entry.objects.filter(
                office__in=lineage, title__icontains=what.source, withdrawn_at=None
            )
            return entries.select_related("office").order_by("pk").first()

    def accept(self, case: Consultation, by: str) -> None:
        self._reads(case, Side.OFFICE)
        lifecycle.accept(again(case), by=self.officer(by), at=self.at)

    def answer(self, case: Consultation, what: Question, by: str) -> None:
        self._reads(case, Side.OFFICE)
        words = self.words(what.answer, citing=what)
        writing.office_says(again(case), words, kind=Kind.ANSWER, by=self.officer(by), at=self.at)

    def says(self, case: Consultation, text: str) -> None:
        """The client writes."""
        self._reads(case, Side.CLIENT)
        case = again(case)
        assert case.client.user is not None, "an online client has an account"
        writing.client_says(case, self.words(text), user=case.client.user, at=self.at)

    def note(self, case: Consultation, text: str, by: str) -> None:
        writing.note(again(case), text=text, key=self.key(), by=self.officer(by), at=self.at)

    def close(self, case: Consultation, by: str) -> None:
        lifecycle.close(again(case), reason=Reason.DONE, by=self.officer(by), at=self.at)

    def words(self, text: str, *, citing: Question | None = None) -> writing.Words:
        entry = self.entry(citing) if citing is not None else None
        return writing.Words(
            key=self.key(), text=text, citations=[citation_of(entry)] if entry is not None else []
        )

    def ask_back(self, case: Consultation, keys: Sequence[str], text: str, by: str) -> None:
        self._reads(case, Side.OFFICE)
        case, officer = again(case), self.officer(by)
        holding.claim(case, by=officer, at=self.at)
        items = requirements.ask(case, [requirements.Wanted(key) for key in keys], by=officer, at=self.at)
        lines = "\n".join(f"- {MissingItem.Key(each.key).label}" for each in items)
        writing.office_says(
            case, self.words(f"{text}\n\n{lines}"), kind=Kind.QUESTION, by=officer, at=self.at
        )

    def _reads(self, case: Consultation, side: Side) -> None:
        conversation = again(case).conversation
        reading.mark(conversation, side, conversation.last_sequence, is_seen=True)


def again(case: Consultation) -> Consultation:
    """The consultation as it stands now, wherever it is by now."""
    rows = Consultation.objects.select_related(
        "office__parent__parent",
        "client__user",
        "officer__user",
        "service",
        "standard",
        "request",
        "conversation",
    )
    with scopes_disabled():
        return rows.get(pk=case.pk)


def play(day: Day, clients: dict[str, Client], mornings: list[datetime], at: datetime) -> None:
    """The rules of the office, the duty roster, and the stories of the last weeks up to `at`."""
    inbox = Inbox(day, clients, mornings, end=at, at=mornings[-1])
    _set_up(inbox)
    inbox.tell(
        [
            _new(inbox, "wayan", questions.LABOUR, inbox.ago(minutes=12)),
            _new(inbox, "maya", questions.VILLAGES, inbox.ago(hours=13)),
            _asked_back(inbox),
            _completed(inbox),
            _due_soon(inbox),
            _late(inbox),
            _answered(inbox),
            _silent(inbox),
            _done(inbox),
            _closed_by_silence(inbox),
            _reopened(inbox),
            _forwarded(inbox),
            _with_notes(inbox),
            _follow_up(inbox),
            _for_approval(inbox),
            _seen(inbox),
            *(_answered_by_search(inbox, what, number) for number, what in enumerate(_SEARCHED)),
        ]
    )


def hold_letters_back(at: datetime) -> None:
    """What the story told its people stands in their pages; no mail about it leaves the house: it is past, and the
    addresses are invented."""
    Delivery.objects.filter(settled_at=None, dead_at=None).update(
        settled_at=at, reason="demonstration", leased_until=None
    )


_SEARCHED: Final = (questions.POPULATION, questions.AGE_GROUPS, questions.GRDP, questions.SHORT_AREA)


def _set_up(inbox: Inbox) -> None:
    """Canned answers, video meetings, the roster of this week and the next, and a province that can take over."""
    head, admin, office = inbox.officer("gita"), inbox.officer("hadi").user, inbox.office
    for title, text in questions.CANNED:
        canning.write(office, title=title, text=text, by=head, at=inbox.at)
    meeting_policy.set_policy(office, values={"jitsi_url": JITSI}, zoom_secret="", by=admin, at=inbox.at)
    monday = monday_of(inbox.end.astimezone(office.zone).date())
    since = datetime.combine(monday, time(), tzinfo=office.zone)
    duties = {(inbox.officer(name).pk, day): "whole" for name in ("budi", "sinta") for day in range(5)}
    duties |= {(inbox.officer("citra").pk, day): "morning" for day in (0, 2, 4)}
    set_pattern(office, duties=duties, valid_from=monday, by=head, at=since)
    plan_weeks(office, first=monday, weeks=2, by=head, at=since)
    following = monday + timedelta(days=8)
    set_day(
        office,
        following,
        parts={inbox.officer("budi").pk: "whole", inbox.officer("citra").pk: "whole"},
        by=head,
        at=since,
    )
    with scopes_disabled():
        for above in office.lineage()[1:2]:
            service = Service.objects.get(office=office, key=asking.SERVICE)
            service.pk, service.office = None, above
            service.save(force_insert=True)


def _new(inbox: Inbox, who: str, what: Question, when: datetime) -> Story:
    """Nobody has it yet."""
    yield when
    inbox.ask(who, what)


def _asked_back(inbox: Inbox) -> Story:
    """Too little to go on: the office has asked, the client has not said yet."""
    yield inbox.back(2, 3)
    case = inbox.ask("ani", questions.BRIEF)
    yield inbox.back(1, 1)
    inbox.ask_back(
        case,
        ["area", "years"],
        "Data UMKM ada bermacam-macam. Agar jawabannya tepat, mohon lengkapi:",
        "sinta",
    )


def _completed(inbox: Inbox) -> Story:
    """Asked back, completed by the client, accepted: it runs."""
    yield inbox.back(3, 2)
    case = inbox.ask("wayan", questions.SHORT_AREA)
    yield inbox.back(2, 1)
    inbox.ask_back(case, ["area"], "Kecamatan mana yang Anda maksud?", "sinta")
    yield inbox.back(2, 4)
    asking.complete(again(case), {"area": "Kecamatan Menggala Timur"}, at=inbox.at)
    yield inbox.back(1, 2)
    inbox.accept(case, "sinta")


def _due_soon(inbox: Inbox) -> Story:
    """Accepted as long ago as is possible without being late."""
    yield inbox.back(_oldest_in_time(inbox) + 1, 5)
    case = inbox.ask("ani", questions.GRDP)
    yield inbox.back(_oldest_in_time(inbox), 1)
    inbox.accept(case, "budi")


def _late(inbox: Inbox) -> Story:
    """The promise was broken: the clock has run out and nobody has answered."""
    yield inbox.back(_oldest_in_time(inbox) + 3, 1)
    case = inbox.ask("dewi", questions.TOURISM)
    yield inbox.back(_oldest_in_time(inbox) + 2, 2)
    inbox.accept(case, "sinta")


def _answered(inbox: Inbox) -> Story:
    """Answered with a source: it is the client's turn."""
    yield inbox.back(3, 1)
    case = inbox.ask("ani", questions.POPULATION)
    yield inbox.back(2, 2)
    inbox.accept(case, "budi")
    yield inbox.back(1, 3)
    inbox.answer(case, questions.POPULATION, "budi")


def _silent(inbox: Inbox) -> Story:
    """The office spoke last, five days ago or so: the client was warned on the third day."""
    spoke = _about(inbox, SILENT_DAYS)
    yield spoke - timedelta(days=2)
    case = inbox.ask("wayan", questions.RICE)
    yield spoke - timedelta(hours=2)
    inbox.accept(case, "sinta")
    yield spoke
    inbox.answer(case, questions.RICE, "sinta")


def _done(inbox: Inbox) -> Story:
    """Answered, thanked, closed, rated; and published for everybody without the person."""
    yield inbox.back(9, 1)
    case = inbox.ask("ani", questions.AGE_GROUPS)
    yield inbox.back(8, 1)
    inbox.accept(case, "budi")
    yield inbox.back(7, 2)
    inbox.answer(case, questions.AGE_GROUPS, "budi")
    yield inbox.back(7, 4)
    inbox.says(case, "Terima kasih banyak, ini yang kami cari.")
    yield inbox.back(7, 5)
    inbox.close(case, "budi")
    public = publishing.propose(
        again(case),
        subject=questions.AGE_GROUPS.subject,
        question=questions.AGE_GROUPS.question,
        answer=questions.AGE_GROUPS.answer,
        by=inbox.officer("budi"),
        at=inbox.at,
    )
    yield inbox.back(6, 1)
    rating = Rating.objects.get(consultation=case.pk)
    answers: dict[Element, int | None] = dict.fromkeys(Element, 4)
    answers[Element.TIME] = 3
    ratings.rate(rating, answers=answers, comment="Jawabannya jelas.", at=inbox.at, door="link")
    publishing.publish(public, by=inbox.officer("citra"), at=inbox.at)


def _closed_by_silence(inbox: Inbox) -> Story:
    """Answered, and then nothing for seven days."""
    spoke = next(each for each in inbox.mornings if each < inbox.ago(days=8)) + timedelta(hours=3)
    yield spoke - timedelta(days=3)
    case = inbox.ask("dewi", questions.PRICES)
    yield spoke - timedelta(hours=2)
    inbox.accept(case, "sinta")
    yield spoke
    inbox.answer(case, questions.PRICES, "sinta")
    for _alarm in range(2):
        yield inbox.at + timedelta(days=3)
    # The closing itself is what happens between the steps.
    yield Deadline.objects.get(consultation=case.pk, kind=Deadline.Kind.SILENCE).due_at


def _reopened(inbox: Inbox) -> Story:
    """Closed, and the client has one more question: it is open again with its history."""
    yield inbox.back(7, 1)
    case = inbox.ask("rizal", questions.SCHOOLING)
    yield inbox.back(6, 1)
    inbox.accept(case, "budi")
    yield inbox.back(5, 2)
    inbox.answer(case, questions.SCHOOLING, "budi")
    yield inbox.back(4, 3)
    inbox.close(case, "budi")
    yield inbox.ago(minutes=47)
    inbox.says(case, "Maaf, satu lagi: apakah kedua angka itu juga ada menurut jenis kelamin?")


def _forwarded(inbox: Inbox) -> Story:
    """A question for the province: it has gone there with its conversation."""
    yield inbox.back(4, 2)
    case = inbox.ask("rizal", questions.PROVINCE)
    yield inbox.back(3, 1)
    inbox.accept(case, "sinta")
    yield inbox.back(2, 2)
    case, by = again(case), inbox.officer("sinta")
    above = inbox.office.lineage()[1]
    with scopes_disabled():
        holding.forward(
            case, to=above, note="Ditanyakan untuk seluruh kabupaten di Lampung.", by=by, at=inbox.at
        )
        said = {"from": inbox.office.name, "to": above.name}
        writing.announce(case, what="forwarded", data=said, at=inbox.at, by=by)


def _with_notes(inbox: Inbox) -> Story:
    """Colleagues speak about it among themselves; the client sees nothing of that."""
    yield inbox.back(2, 4)
    case = inbox.ask("maya", questions.POVERTY)
    yield inbox.back(1, 1)
    inbox.accept(case, "budi")
    inbox.note(case, "Permintaan per kecamatan sering datang. Apakah kita punya penjelasan tertulis?", "budi")
    yield inbox.back(1, 2)
    inbox.note(case, "Ada, di metadata Susenas. Sebutkan juga Podes sebagai jalan lain.", "citra")


def _follow_up(inbox: Inbox) -> Story:
    """Answered, and the rest is to be explained by video; the silence waits for it."""
    yield inbox.back(5, 1)
    case = inbox.ask("ani", questions.MICRODATA)
    yield inbox.back(4, 1)
    inbox.accept(case, "budi")
    yield inbox.back(3, 3)
    inbox.answer(case, questions.MICRODATA, "budi")
    yield inbox.back(2, 1)
    inbox.says(case, "Boleh dijelaskan lewat video? Saya belum paham langkah di Silastik.")
    yield inbox.back(1, 2)
    officer = inbox.officer("budi")
    reach = meeting_policy.reach_for_officer(30)
    # From the present on, so that the appointment is still to come.
    free = week_of(inbox.office, officer, reach=reach, number=0, at=inbox.end).days[-1].times[0]
    booking.book(
        again(case),
        kind="video",
        provider="jitsi",
        officer=officer,
        starts_at=free,
        minutes=30,
        by=officer,
        at=inbox.at,
        key=inbox.key(),
    )


def _for_approval(inbox: Inbox) -> Story:
    """The answer waits for a second pair of eyes."""
    yield inbox.back(2, 1)
    case = inbox.ask("wayan", questions.UNEMPLOYMENT)
    yield inbox.back(1, 1)
    inbox.accept(case, "sinta")
    yield inbox.back(1, 4)
    words = inbox.words(questions.UNEMPLOYMENT.answer, citing=questions.UNEMPLOYMENT)
    reviewing.submit(again(case), words, by=inbox.officer("sinta"), at=inbox.at)


def _answered_by_search(inbox: Inbox, what: Question, number: int) -> Story:
    """Somebody found it in the catalogue and needed nobody."""
    yield inbox.back(number + 1, 6)
    trail = trails.begin(inbox.office, language="id", at=inbox.at)
    trails.note_search(trail, text=what.search, results=1, at=inbox.at)
    trails.answered(trail, inbox.entry(what), at=inbox.at)


def _seen(inbox: Inbox) -> Story:
    """Everybody looked at their page yesterday; the bell counts what came since."""
    yield inbox.ago(days=1)
    officers = [each.user for each in inbox.day.staff.values()]
    for user in [*officers, *(each.user for each in inbox.clients.values())]:
        if user is not None:
            see_all(user, at=inbox.at)


def _oldest_in_time(inbox: Inbox) -> int:
    """How many working days ago a request may have been accepted and still be in time at the end."""
    calendar, standard = calendar_of(inbox.office), inbox.office.standards.get()
    zero = DayZero(standard.day_zero)
    in_time = [
        days
        for days in range(1, 8)
        if add_working_days(calendar, inbox.back(days, 1), standard.online_working_days, day_zero=zero).at
        > inbox.end
    ]
    return max(in_time, default=1)


def _about(inbox: Inbox, days: int) -> datetime:
    """An instant of office hours about so many days ago; that long ago exactly, around long holidays."""
    wanted = inbox.ago(days=days)
    near = [each + timedelta(hours=4) for each in inbox.mornings]
    near = [each for each in near if abs(each - wanted) < timedelta(days=1, hours=12)]
    return min(near, key=lambda each: abs(each - wanted), default=wanted)
