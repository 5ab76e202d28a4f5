"""The floor of a conversation: a bare ASGI application with raw SQL on the same tables, and a page by Jinja2.

It does the same writes and reads as Sapa's view (session, right, lock, number, message, whose turn, event, reactions,
read marks), with the same settings for what survives a power cut. It knows no form, no refusal, no language,
no middleware, and one address for each of the two sides.
"""

import asyncio
import json
import os
import sqlite3
import time
import uuid
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from django.conf import settings
from jinja2 import DictLoader, Environment

from sapa import wiring

ZONE = ZoneInfo("Asia/Jakarta")
PAGES = {
    "page": """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{{ subject }} · {{ office }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/static/a.css">
<script src="/static/a.js" type="module"></script></head><body><header><a href="/">{{ office }}</a><nav><ul>
{% for name in ("Beranda", "Konsultasi saya", "Akun", "Keluar") %}<li><a href="/{{ name }}/">{{ name }}</a></li>
{% endfor %}</ul></nav></header><main><h1>{{ subject }}</h1><p>{{ code }}</p><section><h2>Janji</h2>
<p>{{ state }}</p><ul>{% for item in ("Wilayah", "Tahun", "Tingkat", "Keperluan") %}<li>{{ item }}</li>{% endfor %}
</ul></section><ol>{% include "lines" %}</ol><form method="post" action="pesan/"><label for="text">Pesan</label>
<textarea id="text" name="text"></textarea><input type="hidden" name="key" value="{{ key }}">
<button>Kirim</button></form></main><footer><p>{{ office }}</p></footer></body></html>""",
    "lines": """{% for m in lines %}{% if m.day != day.last %}
<li class="msg-day">{{ m.day }}</li>
{% if day.turn(m.day) %}{% endif %}
{% endif %}<li class="msg {{ m.side }} {{ m.kind }}" id="pesan-{{ m.sequence }}">
<p class="msg-by"><strong>{{ m.author }}</strong> <time class="msg-time" datetime="{{ m.iso }}">{{ m.clock }}</time></p>
<div class="msg-text">{{ m.html|safe }}</div>
<span class="msg-state" data-seq="{{ m.sequence }}">{{ "Dibaca" if m.sequence <= seen else "Terkirim" }}</span></li>
{% endfor %}""",
}


class Database:
    """One connection, opened as Sapa opens its own."""

    def __init__(self) -> None:
        wanted = settings.DATABASES["default"]
        self.is_postgres = "postgres" in wanted["ENGINE"]
        if self.is_postgres:
            import psycopg

            host = wanted["OPTIONS"].get("host") or wanted["HOST"]
            self.line: Any = psycopg.connect(
                dbname=wanted["NAME"], user=wanted["USER"], host=host, autocommit=True
            )
        else:
            self.line = sqlite3.connect(wanted["NAME"], isolation_level=None, timeout=30)
            self.line.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            )

    def ask(self, statement: str, *values: Any) -> Any:
        return self.line.execute(statement if self.is_postgres else statement.replace("%s", "?"), values)

    def begin(self) -> None:
        self.ask("BEGIN" if self.is_postgres else "BEGIN IMMEDIATE")

    def instant(self, at: datetime) -> Any:
        return at if self.is_postgres else at.replace(tzinfo=None).isoformat(" ")

    def key(self, text: str) -> Any:
        return uuid.UUID(text) if self.is_postgres else uuid.UUID(text).hex


class Raw:
    """POST <any>/pesan/ writes a message and answers with what the page lacks; GET answers with it, or the page."""

    def __init__(self) -> None:
        self.base = Database()
        self.jinja = Environment(autoescape=True, loader=DictLoader(PAGES), auto_reload=False)
        self.page, self.lines = self.jinja.get_template("page"), self.jinja.get_template("lines")
        self.listening: set[asyncio.Queue[bytes]] = set()
        noted = os.environ.get("BENCH_COMMITS")
        self.commits = os.open(noted, os.O_WRONLY | os.O_APPEND) if noted else None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (kind := (await receive())["type"]) != "lifespan.shutdown":
                await send({"type": f"{kind}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        if "/aliran/" in scope["path"]:
            await self.stream(send)
            return
        body = b""
        while scope["method"] == "POST":
            part = await receive()
            body += part["body"]
            if not part.get("more_body"):
                break
        made = self.answer(scope, body)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(made)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": made})

    def answer(self, scope: Any, body: bytes) -> bytes:
        cookies = dict(scope["headers"])[b"cookie"].decode().split("; ")
        session = next(each.partition("=")[2] for each in cookies if each.startswith("sapa_session="))
        at = datetime.now(UTC)
        user = json.loads(
            self.base.ask(
                "SELECT data FROM bench_session WHERE session_key = %s AND expire_date > %s",
                session,
                self.base.instant(at),
            ).fetchone()[0]
        )["user"]
        token = scope["path"].split("/")[3]
        number, office, subject, code, state, conversation, last, seen, name = self.base.ask(
            "SELECT c.id, c.office_id, c.subject, c.code, c.state, v.id, v.last_sequence, v.office_read, o.name"
            " FROM consultations_consultation c JOIN people_client p ON p.id = c.client_id"
            " JOIN inbox_conversation v ON v.consultation_id = c.id JOIN offices_office o ON o.id = c.office_id"
            " WHERE c.token = %s AND p.user_id = %s",
            token,
            user,
        ).fetchone()
        if scope["method"] == "POST":
            said = parse_qs(body.decode())
            last = self.write(number, office, conversation, user, said["text"][0], said["key"][0], at)
        if scope["path"].endswith("/pesan/"):
            since = int(scope["query_string"].rpartition(b"=")[2] or 0)
            lines = self.read(conversation, "> %s ORDER BY m.sequence LIMIT 1000", since)
            self.mark(conversation, last)
            return self.lines.render(lines=lines, day=Day(), seen=seen).encode()
        newest = self.base.ask(
            "SELECT id FROM activity_event WHERE office_id = %s ORDER BY id DESC LIMIT 1", office
        )
        newest.fetchone()
        lines = self.read(conversation, "<= %s ORDER BY m.sequence DESC LIMIT 30", last)[::-1]
        self.mark(conversation, last)
        values = {"subject": subject, "office": name, "code": code, "state": state, "key": uuid.uuid4()}
        return self.page.render(lines=lines, day=Day(), seen=seen, **values).encode()

    def write(
        self, number: int, office: int, conversation: int, user: int, text: str, key: str, at: datetime
    ) -> int:
        ask, when = self.base.ask, self.base.instant(at)
        self.base.begin()
        known = ask(
            "SELECT id FROM inbox_message WHERE conversation_id = %s AND key = %s",
            conversation,
            self.base.key(key),
        )
        assert known.fetchone() is None
        sequence = ask(
            "UPDATE inbox_conversation SET last_sequence = last_sequence + 1 WHERE id = %s RETURNING last_sequence",
            conversation,
        ).fetchone()[0]
        html = f'<p dir="auto">{escape(text)}</p>'
        message = ask(
            "INSERT INTO inbox_message (conversation_id, sequence, key, side, kind, text, html, notice, citations, at)"
            " VALUES (%s, %s, %s, 'client', 'message', %s, %s, '{}', '[]', %s) RETURNING id",
            conversation,
            sequence,
            self.base.key(key),
            text,
            html,
            when,
        ).fetchone()[0]
        ask("UPDATE consultations_consultation SET last_message_at = %s WHERE id = %s", when, number)
        ask("DELETE FROM inbox_messagedraft WHERE conversation_id = %s AND user_id = %s", conversation, user)
        event = ask(
            "INSERT INTO activity_event (office_id, name, subject_type, subject_id, by_id, at, data)"
            " VALUES (%s, 'message.received', 'message', %s, %s, %s, '{}') RETURNING id",
            office,
            message,
            user,
            when,
        ).fetchone()[0]
        for handler in wiring.REACTIONS["message.received"]:
            if handler in wiring.ONLY_WHERE:  # the office of the bench has no webhook
                continue
            ask(
                "INSERT INTO activity_reaction (event_id, handler, due_at, attempts, reason)"
                " VALUES (%s, %s, %s, 0, '')",
                event,
                handler,
                when,
            )
        ask("COMMIT")
        if self.commits is not None:
            os.write(self.commits, b"%d\n" % time.monotonic_ns())
        words = b'event: signal\nid: %d\ndata: {"id":%d,"name":"message.received","subject_id":%d}\n\n'
        for waiting in self.listening:
            waiting.put_nowait(words % (event, event, message))
        return int(sequence)

    def read(self, conversation: int, condition: str, *values: Any) -> list[dict[str, Any]]:
        found = self.base.ask(
            "SELECT m.sequence, m.side, m.kind, u.name, m.html, m.at FROM inbox_message m"
            " LEFT JOIN people_officer o ON o.id = m.officer_id LEFT JOIN people_user u ON u.id = o.user_id"
            f" WHERE m.conversation_id = %s AND m.sequence {condition}",
            conversation,
            *values,
        )
        lines = []
        for sequence, side, kind, author, html, at in found:
            instant = datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at
            local = instant.astimezone(ZONE)
            lines.append(
                {
                    "sequence": sequence,
                    "side": side,
                    "kind": kind,
                    "author": author or "Anda",
                    "html": html,
                    "iso": instant.isoformat(),
                    "clock": local.strftime("%H.%M"),
                    "day": local.strftime("%d %B %Y"),
                }
            )
        return lines

    def mark(self, conversation: int, upto: int) -> None:
        self.base.ask(
            "UPDATE inbox_conversation SET client_delivered = %s, client_read = %s WHERE id = %s AND client_read < %s",
            upto,
            upto,
            conversation,
            upto,
        )

    async def stream(self, send: Any) -> None:
        waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.listening.add(waiting)
        try:
            headers = [(b"content-type", b"text/event-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            hello = {"type": "http.response.body", "body": b"event: hello\ndata: {}\n\n", "more_body": True}
            await send(hello)
            while True:
                await send({"type": "http.response.body", "body": await waiting.get(), "more_body": True})
        finally:
            self.listening.discard(waiting)


class Day:
    """The day of the line before, kept by the template."""

    last = ""

    def turn(self, day: str) -> bool:
        self.last = day
        return True
