"""Eight processes take 2,000 numbers at once: no duplicate, no gap, no error; and what one number costs.

    bin/bench [--postgres] tickets [--processes 8] [--tickets 2000]

Runs on the database of DATABASE_URL, SQLite in a temporary folder by default. The floor is the raw
transaction of the same engine in the same run: raise a counter and insert one row, durable, by hand.
"""

import argparse
import multiprocessing
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from bench.measure import machine, table
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Service
from tests.cast import make_client, make_office

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A working Monday, 09.00 WIB."""


def prepare(tickets: int) -> int:
    """An empty office and one signed visit for each number to come; returns the id of the service."""
    call_command("flush", interactive=False, verbosity=0) if connection.introspection.table_names() else None
    call_command("migrate", verbosity=0)
    office = make_office()
    with scope(office=office):
        client = make_client()
        Visit.objects.bulk_create(
            Visit(
                office=office,
                client=client,
                submission_key=uuid.uuid4(),
                service_day=AT.date(),
                signed_at=AT,
                door="kiosk",
                codelist_version="skd-2026",
            )
            for _ in range(tickets)
        )
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_floor")
            cursor.execute("DROP TABLE IF EXISTS bench_counter")
            cursor.execute("CREATE TABLE bench_counter (id integer PRIMARY KEY, last integer NOT NULL)")
            cursor.execute("CREATE TABLE bench_floor (number integer NOT NULL, label varchar(20) NOT NULL)")
            cursor.execute("INSERT INTO bench_counter VALUES (1, 0)")
        service = office.services.get(key="consultation")
    connection.close()
    return int(service.pk)


def issue_many(service: int, visits: list[int], errors: "Queue[str]", ready: "Barrier") -> None:
    with scopes_disabled():
        offered = Service.objects.get(pk=service)
        signed = list(Visit.objects.filter(pk__in=visits).select_related("office", "client"))
        ready.wait()
        for visit in signed:
            try:
                queue.issue(visit, service=offered, at=AT)
            except Exception as problem:
                errors.put(f"{type(problem).__name__}: {problem}")


def floor_many(count: int, errors: "Queue[str]", ready: "Barrier") -> None:
    connection.ensure_connection()
    ready.wait()
    for _ in range(count):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE bench_counter SET last = last + 1 WHERE id = 1 RETURNING last")
                number = cursor.fetchone()[0]
                cursor.execute("INSERT INTO bench_floor VALUES (%s, %s)", [number, f"K-{number:03d}"])
        except Exception as problem:
            errors.put(f"{type(problem).__name__}: {problem}")


def together(target: Callable[..., None], shares: Sequence[tuple[Any, ...]]) -> tuple[float, list[str]]:
    """Run `target` once per share, each in a process of its own; wall seconds from the moment all are ready,
    and all errors."""
    context = multiprocessing.get_context("spawn")
    errors, ready = context.Queue(), context.Barrier(len(shares) + 1)
    workers = [context.Process(target=target, args=(*share, errors, ready)) for share in shares]
    for worker in workers:
        worker.start()
    ready.wait(timeout=120)
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    found = []
    while not errors.empty():
        found.append(errors.get())
    found += [f"process ended with {worker.exitcode}" for worker in workers if worker.exitcode]
    return took, found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--tickets", type=int, default=2000)
    asked = parser.parse_args()
    service = prepare(asked.tickets)

    with scopes_disabled():
        visits = list(Visit.objects.values_list("pk", flat=True))
    connection.close()
    raw, raw_errors = together(
        floor_many, [(len(visits[each :: asked.processes]),) for each in range(asked.processes)]
    )
    took, errors = together(
        issue_many, [(service, visits[each :: asked.processes]) for each in range(asked.processes)]
    )
    with scopes_disabled():
        numbers = sorted(QueueTicket.objects.values_list("number", flat=True))
    duplicates = len(numbers) - len(set(numbers))
    gaps = asked.tickets - len(set(numbers) & set(range(1, asked.tickets + 1)))
    rate, floor = asked.tickets / took, asked.tickets / raw
    print(f"{connection.vendor}, {machine()}\n")
    table(
        [f"{asked.processes} processes, {asked.tickets:,} numbers", "measured"],
        [
            ["duplicates / gaps / errors", f"{duplicates} / {gaps} / {len(errors) + len(raw_errors)}"],
            ["numbers a second", f"{rate:,.0f}"],
            ["raw transactions a second", f"{floor:,.0f}"],
            ["a number costs, in raw transactions", f"{floor / rate:.1f}"],
        ],
    )
    for error in [*errors, *raw_errors][:5]:
        print(error, file=sys.stderr)
    return 1 if duplicates or gaps or errors or raw_errors else 0


if __name__ == "__main__":
    sys.exit(main())
