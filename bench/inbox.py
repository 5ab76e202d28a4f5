"""An office's inbox when there is much: 100,000 consultations and 1,000,000 messages of twenty offices.

    bin/bench [--postgres] inbox [--rounds 25] [--consultations 100000]

For each view the CPU of the whole request for its fifty rows (Django's WSGI handler with all middlewares; application
and, with SQLite, database), the number of its queries, its first page beside the last one, and the index that the
database says it walks. On SQLite the filled file is kept in bench/out and made anew when a migration has changed.
"""

import argparse
import hashlib
import random
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from bench.conversation import cpu_ms, django, session_of
from bench.measure import ROOT, machine, table
from sapa.core import sql
from sapa.core.time import now
from sapa.inbox import listing
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.cast import make_client, make_office, make_officer

OFFICES, EACH, BATCH = 20, 10, 5_000
WORDS = [
    "penduduk",
    "kecamatan",
    "inflasi",
    "panen",
    "padi",
    "ekspor",
    "upah",
    "kemiskinan",
    "sekolah",
    "listrik",
    "jalan",
    "harga",
    "beras",
]


def kept_file(consultations: int) -> Path:
    """Where the filled SQLite file is kept: another name when a migration has changed."""
    said = hashlib.sha256(str(consultations).encode())
    for migration in sorted((ROOT / "src/sapa").glob("*/migrations/*.py")):
        said.update(migration.read_bytes())
    (ROOT / "bench/out").mkdir(exist_ok=True)
    return ROOT / f"bench/out/inbox-{said.hexdigest()[:12]}.sqlite3"


def fill(consultations: int) -> None:
    """Offices, officers, a thousand clients, and what they asked: a quarter of it open, half of that ours."""
    chosen = random.Random(3)  # the same inbox in every run
    offices = [make_office(f"18{number:02d}", f"BPS Kabupaten {number}") for number in range(1, OFFICES + 1)]
    # Nobody signs in with a password here: one that is hard to guess takes half a second of CPU each.
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick:
        officers = {
            office.pk: [make_officer(office, f"p{office.code}{n}", "consultant") for n in range(5)]
            for office in offices
        }
    clients = [make_client(f"Tamu {n} Lestari", phone=f"+62812{n:08d}").pk for n in range(1000)]
    services = {office.pk: office.services.get(key="consultation").pk for office in offices}
    standard = sql.rows("SELECT MIN(id) FROM offices_servicestandard", [])[0][0]
    at, rows = now(), []
    for number in range(consultations):
        office = offices[number % OFFICES].pk
        spoken = sql.stored(at - timedelta(seconds=90 * number))
        turn = chosen.choice(["office", "client"]) if number % 4 == 0 else ""
        mine = chosen.choice([None, *(each.pk for each in officers[office])])
        due = (
            sql.stored(at + timedelta(seconds=40 * number)) if turn == "office" and number % 8 == 0 else None
        )
        subject = " ".join(chosen.choices(WORDS, k=4))
        closed = None if turn else spoken
        rows.append(
            [
                office,
                chosen.choice(clients),
                services[office],
                standard,
                f"KST-{number:08d}",
                f"t{number:031d}",
                "in_service" if turn else "closed",
                subject,
                mine,
                spoken,
                closed,
                "" if turn else "done",
                spoken,
                turn,
                spoken if turn else None,
                spoken,
                due,
            ]
        )
    places = ", ".join(["%s"] * 17)
    insert = (
        "INSERT INTO consultations_consultation (office_id, client_id, service_id, standard_id, code, token, state,"
        " subject, officer_id, requested_at, closed_at, closing_reason, accepted_at, waiting_for, turn_at,"
        f" last_message_at, due_at, door, answer) VALUES ({places}, 'web', '')"
    )
    with connection.cursor() as cursor:
        for begin in range(0, consultations, BATCH):
            with transaction.atomic():
                cursor.executemany(insert, rows[begin : begin + BATCH])
        cursor.execute(
            "INSERT INTO inbox_conversation (office_id, consultation_id, last_sequence, client_delivered, client_read,"
            " office_delivered, office_read) SELECT office_id, id, %s, 0, 0, 0, 0 FROM consultations_consultation",
            [EACH],
        )
        key = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
        said = "Terima kasih. Apakah ada juga angka per kecamatan untuk dua tahun terakhir, dalam satu tabel?"
        for sequence in range(1, EACH + 1):
            cursor.execute(
                "INSERT INTO inbox_message (conversation_id, sequence, key, side, kind, officer_id, text, html, notice,"
                f" citations, at) SELECT v.id, %s, {key}, CASE WHEN c.officer_id IS NULL OR %s THEN 'client'"
                " ELSE 'office' END, 'message', CASE WHEN %s THEN NULL ELSE c.officer_id END, %s, %s, '{}', '[]',"
                " c.last_message_at FROM inbox_conversation v JOIN consultations_consultation c"
                " ON c.id = v.consultation_id",
                [sequence, sequence % 2 == 1, sequence % 2 == 1, said, f"<p>{said}</p>"],
            )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # autovacuum does it elsewhere


def last_page(office: Office, officer: Officer, view: listing.View) -> str:
    """Where the last page of the view begins, found without walking there."""
    back = listing.View("", "", view.where, view.by, not view.descending)
    with scope(office=office):
        found = listing.page(office, officer, back, limit=listing.PAGE)
    assert found.next is not None
    return found.next


def plan(office: Office, officer: Officer, view: listing.View, after: str) -> str:
    """How the database walks a page of the view: the index of the consultations, and whether it sorts."""
    with scope(office=office), CaptureQueriesContext(connection) as asked:
        listing.page(office, officer, view, after=after)
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + asked[0]["sql"])
        lines = [" ".join(map(str, row)) for row in cursor.fetchall()]
    walked = [
        word
        for line in lines
        for word in line.split()
        if word.startswith("inbox_") and word != "inbox_message"
    ]
    indexes = sorted(
        {word for word in walked if not word.startswith(("inbox_message", "inbox_conversation"))}
    )
    sorts = any("TEMP B-TREE" in line or "Sort Key" in line for line in lines)
    return (", ".join(indexes) or "none") + (", and sorts" if sorts else "")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--consultations", type=int, default=100_000)
    wanted = parser.parse_args()
    is_new = True
    if connection.vendor == "sqlite":
        kept = kept_file(wanted.consultations)
        is_new = not kept.with_suffix(".whole").exists()
        if is_new:
            for old in kept.parent.glob("inbox-*"):
                old.unlink()
        connection.settings_dict["NAME"] = str(kept)
    if is_new:
        call_command("migrate", verbosity=0)
        call_command("flush", interactive=False, verbosity=0)
        with scopes_disabled():
            fill(wanted.consultations)
    call_command("collectstatic", interactive=False, verbosity=0)
    if is_new and connection.vendor == "sqlite":
        kept.with_suffix(".whole").touch()
    with scopes_disabled():
        office = Office.objects.get(code="1801")
        officer = Officer.objects.select_related("user").filter(office=office).order_by("pk")[0]
    session, address = session_of(officer.user), reverse("inbox_rows", args=[office.code])
    views = [
        (view, f"{address}?tampilan={name}", last_page(office, officer, view))
        for name, view in listing.VIEWS.items()
    ]
    figures: dict[str, dict[str, list[float]]] = {}
    queries: dict[str, set[int]] = {}
    for number in range(wanted.rounds + 2):
        for view, first, place in views:
            kinds = {"first": first, "last": f"{first}&sesudah={place}"}
            if view.name == "semua":
                kinds["find"] = f"{address}?cari=panen+padi"
            for kind, asked in kinds.items():
                spent = cpu_ms(django("GET", asked, session))
                if number >= 2:
                    figures.setdefault(view.name, {}).setdefault(kind, []).append(spent)
        empty = cpu_ms(django("GET", "/sehat/", session))
        if number >= 2:
            figures.setdefault("sehat", {}).setdefault("first", []).append(empty)
    for view, first, place in views:
        for asked in (first, f"{first}&sesudah={place}"):
            django("GET", asked, session)()
            with CaptureQueriesContext(connection) as caught:
                django("GET", asked, session)()
            queries.setdefault(view.name, set()).add(len(caught))
    consultations = sql.rows("SELECT COUNT(*) FROM consultations_consultation", [])[0][0]
    messages = sql.rows("SELECT COUNT(*) FROM inbox_message", [])[0][0]
    print(f"{consultations:,} consultations, {messages:,} messages, {connection.vendor}, {machine()}\n")

    def cell(name: str, kind: str) -> str:
        return f"{median(figures[name][kind]):.1f}" if kind in figures[name] else ""

    def row(view: listing.View, place: str) -> list[Any]:
        counts = ", ".join(map(str, sorted(queries[view.name])))
        walks = {plan(office, officer, view, after) for after in ("", place)}
        quarter = sorted(figures[view.name]["first"])[wanted.rounds // 4]
        return [
            view.name,
            cell(view.name, "first"),
            f"{quarter:.1f}",
            cell(view.name, "last"),
            counts,
            " / ".join(sorted(walks)),
        ]

    table(
        ["view", "first page, CPU ms", "fastest quarter", "last page, CPU ms", "queries", "walks"],
        [row(view, place) for view, _first, place in views],
    )
    print(
        f"\nallowed 15 ms; health page {cell('sehat', 'first')} ms; finding a word in all of the office"
        f" {cell('semua', 'find')} ms; numbers on the tabs included"
    )


if __name__ == "__main__":
    main()
