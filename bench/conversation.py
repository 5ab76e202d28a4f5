"""What a conversation costs: a message, a page of thirty, a request, an answer; and how soon the other side sees it.

    bin/bench [--postgres] conversation [--rounds 40]

First the CPU of this process (application and, with SQLite, the database): Sapa's whole request through Django's
WSGI handler with all middlewares, beside bench/raw.py, a bare ASGI application that does the same writes and reads
in raw SQL and renders with Jinja2. Rounds are interleaved; medians of the rounds, and of their ratios.

Then both behind uvicorn, in processes of their own: 64 clients at once, and from the commit to the other side: until
the fetched answer is read by one listener, until the signal is read by each of a thousand. The instant of the commit
is told by the server itself (one clock for all processes of a machine).
"""

import argparse
import asyncio
import json
import os
import re
import selectors
import socket
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.template.base import Template
from django.urls import reverse
from django_scopes import scopes_disabled

from bench.measure import machine, percentile, server, table
from bench.raw import Raw
from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation
from sapa.core.sessions import SessionStore
from sapa.core.time import now
from sapa.inbox import asking, writing
from sapa.inbox.models import Conversation, Kind
from sapa.inbox.views import room as room_views
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from sapa.wsgi import application
from tests.cast import make_client, make_office, make_officer

AT_ONCE, EACH = 64, 6
LISTENERS, EVENTS = 1000, 30
CSRF = "a" * 32
SAID = "Terima kasih, Pak. Apakah ada juga angka per kecamatan untuk tahun 2023 dan 2024?"


@dataclass
class Person:
    """A client at home, signed in, with one consultation."""

    client: Client
    consultation: Consultation
    session: str
    last: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> str:
        return reverse("room_messages", args=[self.consultation.office.code, self.consultation.token])

    @property
    def page(self) -> str:
        return reverse("consultation_room", args=[self.consultation.office.code, self.consultation.token])


def session_of(user: User) -> str:
    """A signed-in session of this person: its key."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    assert store.session_key
    return store.session_key


def sign_in(user: User) -> str:
    """The same, known to the bare floor too."""
    key = session_of(user)
    with connection.cursor() as cursor:
        expires = connection.ops.adapt_datetimefield_value(now() + timedelta(days=1))
        cursor.execute(
            "INSERT INTO bench_session VALUES (%s, %s, %s)",
            [key, expires, json.dumps({"user": user.pk})],
        )
    return key


def a_client(number: int) -> Client:
    user = User(email=f"tamu{number}@contoh.example", name=f"Tamu {number}")
    user.set_unusable_password()
    user.save()
    return make_client(
        f"Tamu {number}",
        user=user,
        email=user.email,
        email_verified_at=now(),
        phone=f"+62812{number:08d}",
        education="bachelor",
        occupation="student",
        institution_category="research_education",
    )


def request_of(client: Client, office: Office) -> Consultation:
    draft = asking.draft_of(client, office, at=now())
    asked = {"question": "Berapa jumlah penduduk per kecamatan?", "purpose": "research"}
    return asking.ask(draft, subject="Jumlah penduduk per kecamatan", asked=asked, at=now())


def words(text: str = SAID) -> writing.Words:
    return writing.Words(key=uuid.uuid4(), text=text)


def in_conversation(number: int, office: Office, budi: Officer, *, messages: int) -> Person:
    """Accepted and answered, then both sides by turns; the client has spoken last."""
    client = a_client(number)
    consultation = request_of(client, office)
    lifecycle.accept(consultation, by=budi, at=now())
    assert client.user is not None
    for turn in range(messages):
        if turn % 2 == 0:
            kind = Kind.MESSAGE if turn else Kind.ANSWER
            writing.office_says(consultation, words(), kind=kind, by=budi, at=now())
        else:
            writing.client_says(consultation, words(), user=client.user, at=now())
    return Person(client, consultation, sign_in(client.user))


def environ(method: str, path: str, session: str, body: bytes = b"") -> dict[str, Any]:
    """The request of a page that is signed in, as the front hands it to Django."""
    plain, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": plain,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "id",
        "HTTP_COOKIE": f"sapa_language=id; sapa_csrf={CSRF}; sapa_session={session}",
        "HTTP_X_CSRFTOKEN": CSRF,
        "HTTP_HX_REQUEST": "true",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def django(method: str, path: str, session: str, **said: str) -> Callable[[], bytes]:
    """One request, ready to be sent; returns its body."""
    made = environ(method, path, session, urlencode(said).encode())
    if method == "GET" and "pesan" not in path:
        del made["HTTP_HX_REQUEST"]

    def go() -> bytes:
        status: list[str] = []

        def begin(code: str, _headers: Any, _problem: Any = None) -> Callable[[bytes], object]:
            status.append(code)
            return lambda _body: None

        answer: Any = application(made, begin)
        body = b"".join(answer)
        answer.close()
        assert status[0][:3] in ("200", "302"), (status, path, body[:2000])
        return body

    return go


def bare(
    raw: Raw, loop: asyncio.AbstractEventLoop, method: str, path: str, session: str, **said: str
) -> Callable[[], bytes]:
    plain, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": plain,
        "query_string": query.encode(),
        "headers": [(b"cookie", f"sapa_language=id; sapa_session={session}".encode())],
    }
    body, sent = urlencode(said).encode(), []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message.get("body", b""))

    def go() -> bytes:
        loop.run_until_complete(raw(scope, receive, send))
        return b"".join(sent)

    return go


def cpu_ms(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


@contextmanager
def timed_templates(spent: list[float]) -> Iterator[None]:
    """What making HTML takes of a page: templates and the lines of the conversation, added to `spent`."""
    depth = [0]

    def timed(make: Any) -> Any:
        def made(*args: Any, **more: Any) -> Any:
            depth[0] += 1
            began = time.process_time()
            try:
                return make(*args, **more)
            finally:
                depth[0] -= 1
                if not depth[0]:
                    spent.append((time.process_time() - began) * 1000)

        return made

    with (
        patch.object(Template, "render", timed(Template.render)),
        patch.object(room_views, "bubbles", timed(room_views.bubbles)),
    ):
        yield


def costs(office: Office, budi: Officer, people: list[Person], rounds: int) -> None:
    raw, loop = Raw(), asyncio.new_event_loop()
    officer = sign_in(budi.user)
    ani = people[0]
    figures: dict[str, list[float]] = {}

    def note(name: str, act: Callable[[], object]) -> None:
        figures.setdefault(name, []).append(cpu_ms(act))

    def newest() -> int:
        return int(Conversation.objects.get(consultation=ani.consultation).last_sequence)

    for number in range(rounds + 3):
        if number == 3:  # the first ones warm up
            figures.clear()
        address = f"{ani.messages}?sejak={newest()}"
        say = {"key": str(uuid.uuid4()), "text": SAID}
        note("say, raw", bare(raw, loop, "POST", address, ani.session, **say))
        address = f"{ani.messages}?sejak={newest()}"
        say = {"key": str(uuid.uuid4()), "text": SAID}
        note("say", django("POST", address, ani.session, **say))
        note("page, raw", bare(raw, loop, "GET", ani.page, ani.session))
        note("page", django("GET", ani.page, ani.session))
        spent: list[float] = []
        with timed_templates(spent):
            whole = cpu_ms(django("GET", ani.page, ani.session))
        figures.setdefault("share", []).append(100 * sum(spent) / whole)
        note("empty", django("GET", "/sehat/", ani.session))
        asker = people[1 + number % (len(people) - 1)]
        asking.draft_of(asker.client, office, at=now())
        form = {"subject": "Jumlah penduduk", "question": SAID, "purpose": "research"}
        note("request", django("POST", reverse("ask", args=[office.code]), asker.session, **form))
        fresh = Consultation.objects.filter(client=asker.client).latest("id")
        lifecycle.accept(fresh, by=budi, at=now())
        answer = {"key": str(uuid.uuid4()), "text": SAID, "kind": "answer"}
        address = f"{reverse('case_messages', args=[office.code, fresh.code])}?sejak=1"
        note("reply", django("POST", address, officer, **answer))

    def row(what: str, name: str, floor: str, allowed: str) -> list[str]:
        ratio = (
            f"{median(a / b for a, b in zip(figures[name], figures[floor], strict=True)):.1f}"
            if floor
            else ""
        )
        least = f"{median(figures[floor]):.2f}" if floor else ""
        quarter = sorted(figures[name])[len(figures[name]) // 4]
        return [what, f"{median(figures[name]):.2f}", f"{quarter:.2f}", least, ratio, allowed]

    print(f"CPU of one request, {connection.vendor}, {machine()}, {rounds} rounds\n")
    table(
        ["", "ms (median)", "ms (fastest quarter)", "floor, ms", "x floor", "allowed"],
        [
            row("health page", "empty", "", ""),
            row("a client's message", "say", "say, raw", "5 x"),
            row("a page of thirty messages", "page", "page, raw", "3.5 x"),
            ["its templates and lines, % of it", f"{median(figures['share']):.0f}", "", "", "", "30"],
            row("a request made", "request", "", "20 ms"),
            row("an officer's answer", "reply", "", "12 ms"),
        ],
    )
    raw.base.line.close()


# -- behind uvicorn ------------------------------------------------------------------------------------------------


def post(person: Person, number: int) -> bytes:
    body = urlencode({"key": str(uuid.uuid4()), "text": f"{SAID} {number}"})
    return wired("POST", f"{person.messages}?sejak={person.last}", person.session, body)


def wired(method: str, path: str, session: str, body: str = "") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: sapa_language=id; sapa_csrf={CSRF}; sapa_session={session}",
        f"X-CSRFToken: {CSRF}",
        "HX-Request: true",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def length_of(heard: bytes) -> int | None:
    """How long the whole answer is; None while its head is not there."""
    head, end, _ = heard.partition(b"\r\n\r\n")
    if not end:
        return None
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert found, head
    return len(head) + 4 + int(found[1])


def exchange(line: socket.socket, request: bytes) -> bytes:
    line.sendall(request)
    heard = b""
    while (wanted := length_of(heard)) is None or len(heard) < wanted:
        part = line.recv(65536)
        assert part, heard[:500]
        heard += part
    return heard


def connected(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(60)
    return line


def crowd(port: int, people: list[Person]) -> tuple[list[float], float, int]:
    """Each of them says something, waits for the answer, and again: delays, seconds of it all, errors."""
    lines = {connected(port): person for person in people}
    for line, person in lines.items():
        person.last = int(exchange_last(line, person))
    delays: list[float] = []
    errors, left = 0, dict.fromkeys(lines, EACH)
    sent: dict[socket.socket, float] = {}
    heard: dict[socket.socket, bytes] = {}

    def speak(line: socket.socket) -> None:
        heard[line], sent[line] = b"", time.perf_counter()
        line.sendall(post(lines[line], left[line]))

    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
        began = time.perf_counter()
        for line in lines:
            speak(line)
        while any(left.values()):
            ready = selector.select(60)
            assert ready, "nothing heard for a minute"
            for key, _ in ready:
                spoken = key.fileobj
                assert isinstance(spoken, socket.socket)
                line = spoken
                part = line.recv(65536)
                if not part:
                    errors, left[line] = errors + left[line], 0
                    selector.unregister(line)
                    continue
                heard[line] += part
                wanted = length_of(heard[line])
                if wanted is None or len(heard[line]) < wanted:
                    continue
                errors += not heard[line].startswith(b"HTTP/1.1 200")
                delays.append(time.perf_counter() - sent[line])
                left[line] -= 1
                if left[line]:
                    speak(line)
        whole = time.perf_counter() - began
    for line in lines:
        line.close()
    return delays, whole, errors


def exchange_last(line: socket.socket, person: Person) -> int:
    with scopes_disabled():
        return int(Conversation.objects.get(consultation=person.consultation).last_sequence)


def listen(port: int, address: str, session: str, count: int) -> list[socket.socket]:
    lines = [connected(port) for _ in range(count)]
    for line in lines:
        line.sendall(wired("GET", address, session))
    for line in lines:
        heard = b""
        while b"event: hello" not in heard:
            part = line.recv(65536)
            assert part, heard[:500]
            heard += part
    return lines


def commits(path: Path) -> list[int]:
    return [int(each) for each in path.read_text().split()]


def told(
    port: int, path: Path, speaker: Person, listeners: list[socket.socket], fetch: bytes | None
) -> list[float]:
    """Seconds from the commit until each listener has the signal, or one of them what it fetched after it."""
    delays: list[float] = []
    asker, fetcher = connected(port), connected(port)
    for number in range(EVENTS):
        asker.sendall(post(speaker, number))
        heard: list[int] = []
        with selectors.DefaultSelector() as selector:
            for line in listeners:
                selector.register(line, selectors.EVENT_READ)
            while len(heard) < len(listeners):
                ready = selector.select(20)
                assert ready, "no signal for twenty seconds"
                for key, _ in ready:
                    told_to = key.fileobj
                    assert isinstance(told_to, socket.socket)
                    line = told_to
                    if b"event: signal" in line.recv(65536):
                        if fetch is not None:
                            assert exchange(fetcher, fetch).startswith(b"HTTP/1.1 200")
                        heard.append(time.monotonic_ns())
                        selector.unregister(line)
        whole = b""
        while (wanted := length_of(whole)) is None or len(whole) < wanted:
            whole += asker.recv(65536)
        at = commits(path)[-1]
        delays += [(each - at) / 1e9 for each in heard]
        # Stragglers (the inbox is signalled too) belong to this event, not to the next one.
        time.sleep(0.05)
        for line in listeners:
            line.setblocking(False)
            with suppress(BlockingIOError):
                line.recv(65536)
            line.settimeout(60)
    asker.close()
    fetcher.close()
    return delays


def served(office: Office, budi: Officer, people: list[Person]) -> None:
    officer = sign_in(budi.user)
    rows, delays_rows = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, app in (("floor", "raw"), ("Sapa", "sapa")):
            path = Path(folder) / app
            path.touch()
            connection.close()
            where = {"SAPA_DATA": os.environ["SAPA_DATA"], "BENCH_COMMITS": str(path)}
            with server(app, **where) as (_pid, port):
                speaker = people[0]
                crowd(port, people[:4])  # warm
                waits, whole, errors = crowd(port, people[:AT_ONCE])
                fair = AT_ONCE * whole / len(waits)
                rows.append(
                    [
                        name,
                        len(waits),
                        errors,
                        f"{len(waits) / whole:.0f}",
                        f"{1000 * fair:.0f}",
                        f"{1000 * percentile(waits, 0.5):.0f}",
                        f"{percentile(waits, 0.5) / fair:.2f}",
                    ]
                )
                speaker.last = exchange_last(connected(port), speaker)
                stream = f"/{office.code}/aliran/kotak/{speaker.consultation.code}/"
                if app == "sapa":
                    code = reverse("case_messages", args=[office.code, speaker.consultation.code])
                    fetch = wired("GET", f"{code}?sejak={speaker.last}", officer)
                else:
                    fetch = wired("GET", f"{speaker.messages}?sejak={speaker.last}", speaker.session)
                for count in (1, LISTENERS):
                    lines = listen(port, stream, officer, count)
                    found = told(port, path, speaker, lines, fetch if count == 1 else None)
                    for line in lines:
                        line.close()
                    delays_rows.append((name, count, percentile(found, 0.5), percentile(found, 0.99)))
    print(f"\n{AT_ONCE} clients at once, each says {EACH} times\n")
    table(
        ["", "messages", "errors", "a second", "fair share, ms", "p50, ms", "p50 / fair share"],
        rows,
    )
    print("\nFrom the commit to the other side\n")
    table(
        ["", "listeners", "until", "p50, ms", "p99, ms"],
        [
            [
                name,
                count,
                "fetched" if count == 1 else "signalled",
                f"{1000 * middle:.1f}",
                f"{1000 * late:.1f}",
            ]
            for name, count, middle, late in delays_rows
        ],
    )
    least = {count: (middle, late) for name, count, middle, late in delays_rows if name == "floor"}
    ours = {count: (middle, late) for name, count, middle, late in delays_rows if name != "floor"}
    print(
        f"\nx floor: to one listener p50 {ours[1][0] / least[1][0]:.2f} (allowed 1.5),"
        f" to {LISTENERS} p99 {ours[LISTENERS][1] / least[LISTENERS][1]:.2f} (allowed 1.5)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", choices=["cpu", "served"], default="")
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        kind = "timestamptz" if connection.vendor == "postgresql" else "text"
        cursor.execute("DROP TABLE IF EXISTS bench_session")
        cursor.execute(
            f"CREATE TABLE bench_session (session_key varchar(40) PRIMARY KEY, expire_date {kind}, data text)"
        )
    office = make_office()
    with scopes_disabled():
        budi = make_officer(office, "budi", "consultant")
        people = [
            in_conversation(number, office, budi, messages=35 if number == 0 else 3)
            for number in range(AT_ONCE)
        ]
        if asked.only != "served":
            costs(office, budi, people, asked.rounds)
        if asked.only != "cpu":
            served(office, budi, people)


if __name__ == "__main__":
    main()
