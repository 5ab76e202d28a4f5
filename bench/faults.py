"""Web process and worker are killed (kill -9) at random moments while people write to each other: what is left?

    bin/bench [--postgres] faults [--rounds 50] [--talks 3] [--seed 1] [--minutes 60] [--json]

Real processes: `sapa serve` without the work loop, and `sapa work`. In each talk a client and an officer post
messages, one after the other, and repeat one with the same key until it is answered, as the page does. In each
round two promises and two silences are overdue, and web, worker or both are killed and started again. Afterwards
every acknowledged message must stand there once, in order, every due clock must have fired once, and nothing may
be stuck. Runs on DATABASE_URL, else on a new SQLite file.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client as Visitor
from django_scopes import scope, scopes_disabled

from bench.measure import ROOT, machine, table
from sapa import wiring
from sapa.activity.models import Event, Reaction
from sapa.consultations import lifecycle
from sapa.consultations.models import Alarm, Consultation, Deadline, State
from sapa.core.work import sources
from sapa.inbox import asking, writing
from sapa.inbox.models import Conversation, Kind, Message
from sapa.notifications.models import Notification
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from tests.cast import make_client, make_office, make_officer

CSRF = "a" * 32
SETTLES_WITHIN = 60
# Between two messages of one writer. Without it the worker, which lives for seconds, gets ever further behind.
THINKS_FOR = 0.1


@dataclass
class Outcome:
    """What was done, and what was found afterwards. Everything from `lost` on must be 0."""

    rounds: int = 0
    web_killed: int = 0
    worker_killed: int = 0
    acknowledged: int = 0
    repeated: int = 0
    clocks_due: int = 0
    clocks_fired: int = 0
    left_at_the_end: int = 0
    seconds_to_settle: int = 0
    lost: int = 0
    double: int = 0
    out_of_order: int = 0
    gaps: int = 0
    without_event: int = 0
    without_news: int = 0
    fired_twice: int = 0
    stuck: int = 0
    given_up: int = 0
    half_written: int = 0
    refused: int = 0
    server_errors: int = 0


class Processes:
    """Web and worker, each killed and started again by name."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._running: dict[str, int] = {}
        with open(settings.DATA / "faults.log", "ab") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "bench.nursery"],
                cwd=ROOT,
                env=os.environ | {"SAPA_WORK_IN_WEB": "false", "SAPA_SECRET_KEY": settings.SECRET_KEY},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self, name: str) -> None:
        self._running[name] = self._ask({"web": f"serve --port {self.port}", "worker": "work"}[name])

    def kill(self, name: str) -> None:
        """Without a word before: what it was doing ends in the middle."""
        self._ask(f"kill {self._running.pop(name)}")

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)
        self._nursery.communicate()

    def _ask(self, line: str) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(line, file=self._nursery.stdin, flush=True)
        return int(self._nursery.stdout.readline())

    def wait_for_web(self) -> None:
        late = time.monotonic() + 60
        while True:
            with suppress(OSError, http.client.HTTPException):
                page = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                page.request("GET", "/sehat/")
                page.getresponse().read()
                page.close()
                return
            if time.monotonic() > late:
                raise RuntimeError("the web process does not answer")
            time.sleep(0.05)


@dataclass
class Writer:
    """One page: it says one thing after the other, and repeats each with the same key until it is answered."""

    port: int
    path: str
    session: str
    name: str
    stop: threading.Event
    fields: dict[str, str] = field(default_factory=dict)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    repeated: int = 0
    errors: int = 0
    refusals: list[int] = field(default_factory=list)

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            key, text = str(uuid4()), f"{self.name} {number}"
            body = urlencode({"key": key, "text": text, **self.fields})
            while (status := self._post(body)) == 0 or status >= 500:
                self.repeated += 1
                self.errors += status >= 500
                time.sleep(0.1)
            if status not in (200, 302):
                self.refusals.append(status)
                return
            self.acknowledged.append((key, text))
            time.sleep(THINKS_FOR)

    def _post(self, body: str) -> int:
        page = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookies,
            "X-CSRFToken": CSRF,
        }
        try:
            page.request("POST", self.path, body, headers)
            answer = page.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            page.close()


def session_of(user: User) -> str:
    browser = Visitor()
    browser.force_login(user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def ask(office: Office, name: str, *, at: datetime) -> Consultation:
    """A new client's complete request."""
    user = User.objects.create_user(f"{name}@contoh.example", name=name)
    client = make_client(name, user=user, email=user.email, email_verified_at=at, phone="")
    cache.clear()
    return asking.ask(
        asking.draft_of(client, office, at=at),
        subject=f"Data {name}",
        asked={"question": "Berapa jumlah penduduk?", "purpose": "research"},
        at=at,
    )


def writers(office: Office, budi: Officer, port: int, talks: int, stop: threading.Event) -> list[Writer]:
    """Client and officer of each talk, at their pages."""
    found = []
    at = datetime.now(UTC)
    by_officer = session_of(budi.user)
    for number in range(talks):
        talk = ask(office, f"bicara{number}", at=at)
        lifecycle.accept(talk, by=budi, at=at)
        assert talk.client.user is not None
        room = f"/{office.code}/konsultasi/{talk.token}/pesan/"
        case = f"/{office.code}/kotak-masuk/{talk.code}/pesan/"
        found += [
            Writer(port, room, session_of(talk.client.user), f"klien {number}", stop),
            Writer(port, case, by_officer, f"petugas {number}", stop, {"kind": "message"}),
        ]
    return found


def overdue(office: Office, budi: Officer, number: int) -> list[Deadline]:
    """Two promises that were due long ago and two silences that were, each with its clock running."""
    made = []
    for place in range(2):
        promised = ask(office, f"janji{number}x{place}", at=datetime.now(UTC) - timedelta(days=40))
        lifecycle.accept(promised, by=budi, at=promised.requested_at)
        silent = ask(office, f"diam{number}x{place}", at=datetime.now(UTC) - timedelta(days=9))
        words = writing.Words(uuid4(), "Ini jawabannya.")
        writing.office_says(silent, words, kind=Kind.ANSWER, by=budi, at=silent.requested_at)
        made += [
            Deadline.objects.get(consultation=promised, kind=Deadline.Kind.ONLINE_RESPONSE),
            Deadline.objects.get(consultation=silent, kind=Deadline.Kind.SILENCE),
        ]
    return made


def left_over() -> dict[str, int]:
    """How many rows of each source are due now and not settled."""
    at = datetime.now(UTC)
    counted = {source.name: len(source.due(at, 100_000)) for source in sources(wiring.SOURCES)}
    return {name: number for name, number in counted.items() if number}


def wait_until_settled() -> None:
    """Nothing is due any more, or nothing has settled for a while: then what is left is stuck, not only waiting."""
    left, late = sum(left_over().values()), time.monotonic() + SETTLES_WITHIN
    while left and time.monotonic() < late:
        time.sleep(0.5)
        now_left = sum(left_over().values())
        if now_left < left:
            left, late = now_left, time.monotonic() + SETTLES_WITHIN


def wait_for_worker() -> None:
    """A reaction was settled since, or none waits."""
    settled, late = Reaction.objects.exclude(settled_at=None), time.monotonic() + 60
    before = settled.count()
    waiting = Reaction.objects.filter(settled_at=None, dead_at=None, due_at__lte=datetime.now(UTC))
    while settled.count() == before and waiting.exists():
        if time.monotonic() > late:
            raise RuntimeError("the worker does nothing")
        time.sleep(0.02)


def play(*, rounds: int, talks: int, seed: int, minutes: float) -> Outcome:
    """Prepare, write, kill and start again, let everything settle, and look. Ends early after so many minutes."""
    ends = time.monotonic() + minutes * 60
    chance, stop, found = random.Random(seed), threading.Event(), Outcome()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    processes = Processes()
    office = make_office()
    clocks: list[Deadline] = []
    with scope(office=office):
        budi = make_officer(office, "budi", Officer.Role.CONSULTANT)
        pages = writers(office, budi, processes.port, talks, stop)
        threads = [threading.Thread(target=each.run, daemon=True) for each in pages]
        try:
            for name in ("web", "worker"):
                processes.start(name)
            processes.wait_for_web()
            for thread in threads:
                thread.start()
            for number in range(rounds):
                if time.monotonic() > ends:
                    break
                found.rounds += 1
                clocks += overdue(office, budi, number)
                time.sleep(chance.uniform(0.05, 1.2))
                names = chance.choice([["web"], ["worker"], ["web", "worker"]])
                for name in names:
                    processes.kill(name)
                found.web_killed += "web" in names
                found.worker_killed += "worker" in names
                time.sleep(chance.uniform(0, 0.3))
                for name in names:
                    processes.start(name)
                # Mostly they are killed in the midst of their work, sometimes while they start.
                if "web" in names and chance.random() < 0.8:
                    processes.wait_for_web()
                if "worker" in names and chance.random() < 0.8:
                    wait_for_worker()
            processes.wait_for_web()
            time.sleep(0.5)
            stop.set()
            for thread in threads:
                thread.join(60)
            if any(thread.is_alive() for thread in threads):
                raise RuntimeError("a writer gets no answer")
            found.left_at_the_end, ended = sum(left_over().values()), time.monotonic()
            wait_until_settled()
            found.seconds_to_settle = round(time.monotonic() - ended)
        finally:
            stop.set()
            processes.kill_all()
    with scopes_disabled():
        look(pages, clocks, found)
    return found


def look(pages: list[Writer], clocks: list[Deadline], found: Outcome) -> None:
    """Count what is there against what was acknowledged and what was due."""
    said = [each for page in pages for each in page.acknowledged]
    kept: dict[str, list[tuple[int, int, str]]] = {}
    for key, conversation, sequence, text in Message.objects.values_list(
        "key", "conversation", "sequence", "text"
    ):
        kept.setdefault(str(key), []).append((conversation, sequence, text))
    found.acknowledged, found.repeated = len(said), sum(page.repeated for page in pages)
    found.refused = sum(len(page.refusals) for page in pages)
    found.server_errors = sum(page.errors for page in pages)
    found.lost = sum(text not in [each[2] for each in kept.get(key, [])] for key, text in said)
    texts = Counter(Message.objects.filter(side__in=["client", "office"]).values_list("text", flat=True))
    found.double = sum(texts[text] != 1 for _key, text in said) + sum(len(each) > 1 for each in kept.values())
    for page in pages:
        places = [kept[key][0][1] for key, _text in page.acknowledged if key in kept]
        found.out_of_order += sum(later <= sooner for sooner, later in itertools.pairwise(places))
    for conversation in Conversation.objects.all():
        numbers = list(conversation.messages.order_by("sequence").values_list("sequence", flat=True))
        found.gaps += numbers != list(range(1, conversation.last_sequence + 1))
    of_messages = Event.objects.filter(name__in=["message.received", "message.sent"])
    events = Counter(of_messages.values_list("subject_id", flat=True))
    told_of = Counter(
        Notification.objects.filter(event__in=of_messages).values_list("event__subject_id", flat=True)
    )
    found.without_news = sum(told_of[message] != 1 for message in events)
    first_ones = Conversation.objects.count()  # a request's first message is told by consultation.requested
    found.without_event = abs(Message.objects.exclude(side="system").count() - first_ones - len(events))
    found.without_event += sum(number != 1 for number in events.values())

    found.clocks_due = len(clocks)
    told: Counter[Any] = Counter()
    for name in ("deadline.breached", "consultation.closed"):
        told.update(
            (name, each) for each in Event.objects.filter(name=name).values_list("subject_id", flat=True)
        )
    for clock in clocks:
        clock.refresh_from_db()
        state = Consultation.objects.values_list("state", flat=True).get(pk=clock.consultation_id)
        if clock.kind == Deadline.Kind.SILENCE:
            fired, times = state == State.CLOSED, told["consultation.closed", clock.consultation_id]
        else:
            fired, times = clock.breached_at == clock.due_at, told["deadline.breached", clock.pk]
        found.clocks_fired += bool(fired and times)
        found.fired_twice += times > 1
    stuck = left_over()
    found.stuck = sum(stuck.values())
    if stuck:
        print(f"stuck: {stuck}", file=sys.stderr)
    found.given_up = Reaction.objects.filter(dead_at__isnull=False).count()
    found.half_written = broken_rows()


def broken_rows() -> int:
    """Rows that name something that is not there, or that say what cannot be true together."""
    with connection.cursor() as cursor:
        wrong = 0
        if connection.vendor == "sqlite":
            wrong += len(cursor.execute("PRAGMA foreign_key_check").fetchall())
            wrong += cursor.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    without_clock = Consultation.objects.exclude(due_at=None).exclude(
        deadlines__kind=Deadline.Kind.ONLINE_RESPONSE, deadlines__met_at=None, deadlines__stopped_at=None
    )
    closed_with_clock = Deadline.objects.filter(
        consultation__state=State.CLOSED, met_at=None, stopped_at=None
    )
    without_ledger = Deadline.objects.filter(entries=None)
    ended_with_alarm = Alarm.objects.filter(settled_at=None, deadline__stopped_at__isnull=False)
    rows = (without_clock, closed_with_clock, without_ledger, ended_with_alarm)
    return wrong + sum(each.count() for each in rows)


LABELS = {
    "rounds": "rounds",
    "web_killed": "web process killed",
    "worker_killed": "worker killed",
    "acknowledged": "messages acknowledged",
    "repeated": "repeats because no answer came",
    "clocks_due": "clocks that fell due",
    "clocks_fired": "clocks that fired",
    "left_at_the_end": "rows due when the writers stopped",
    "seconds_to_settle": "seconds until they were settled",
    "lost": "acknowledged messages lost",
    "double": "messages twice",
    "out_of_order": "messages out of order",
    "gaps": "conversations with a gap",
    "without_event": "messages without one event",
    "without_news": "messages whose reader was not told once",
    "fired_twice": "clocks that fired twice",
    "stuck": "due rows stuck",
    "given_up": "reactions given up",
    "half_written": "half-written rows",
    "refused": "writers refused",
    "server_errors": "answers that were a server error",
}


MUST_BE_ZERO = list(LABELS)[list(LABELS).index("lost") :]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--talks", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=60, help="end early, and say how many rounds it were"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = asdict(play(rounds=asked.rounds, talks=asked.talks, seed=asked.seed, minutes=asked.minutes))
    if asked.json:
        print(json.dumps(found))
    else:
        print(f"{connection.vendor}, {machine()}, seed {asked.seed}\n")
        table(["what", "number"], [[LABELS[name], value] for name, value in found.items()])
    faults = {name for name, value in found.items() if value and name in MUST_BE_ZERO}
    return 1 if faults or found["clocks_due"] != found["clocks_fired"] else 0


if __name__ == "__main__":
    sys.exit(main())
