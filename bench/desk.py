"""What an officer's clicks cost: the desk with 50 waiting, a number issued, a number called.

    bin/bench [--postgres] desk [--waiting 50] [--rounds 40]

CPU of this process (application and, with SQLite, the database), through Django's WSGI handler with all
middlewares, beside an empty view through the same handler. Runs on DATABASE_URL, else on a new SQLite file.
"""

import argparse
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from bench.measure import machine, table
from sapa.core.time import now
from sapa.frontdesk import queue
from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office
from tests.cast import make_client, make_office, make_officer


def cpu_ms(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def sign(office: Office) -> Visit:
    at = now()
    number = uuid.uuid4().int % 10**8
    return Visit.objects.create(
        office=office,
        client=make_client(f"Tamu {number}", phone=f"+62812{number:08d}"),
        submission_key=uuid.uuid4(),
        service_day=service_day(office, at),
        signed_at=at,
        door="kiosk",
        codelist_version="skd-2026",
        subject="Jumlah penduduk per kecamatan",
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--waiting", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    office = make_office()
    with scope(office=office):
        budi = make_officer(office, "budi", "consultant")
        desk = office.desks.get(name="Meja 1")
        service = office.services.get(key="consultation")
        queue.sit(desk, by=budi, at=now() - timedelta(hours=1))
        page = Client(SERVER_NAME="localhost")
        page.force_login(budi.user)
        address, empty = f"/{office.code}/meja/", "/sehat/"

        def issue() -> QueueTicket:
            return queue.issue(visits.pop(), service=service, at=now(), by=budi)

        queries = []
        for count in (1, asked.waiting):
            visits = [sign(office) for _ in range(count - QueueTicket.objects.count())]
            while visits:
                issue()
            page.get(address)
            with CaptureQueriesContext(connection) as asked_of_database:
                answer = page.get(address)
            assert answer.status_code == 200
            queries.append(len(asked_of_database))

        figures: dict[str, list[float]] = {"empty": [], "desk": [], "issue": [], "call": []}
        for _ in range(asked.rounds):
            figures["empty"].append(cpu_ms(lambda: page.get(empty)))
            figures["desk"].append(cpu_ms(lambda: page.get(address)))
            visits = [sign(office)]
            figures["issue"].append(cpu_ms(issue))
            figures["call"].append(cpu_ms(lambda: queue.call_next(desk, by=budi, at=now())))
            called = QueueTicket.objects.select_related("office", "consultation", "visit", "service").get(
                desk=desk, state="called"
            )
            queue.start(called, by=budi, at=now())
            queue.finish(called, by=budi, at=now())
        floor = median(figures["empty"])
        print(f"{connection.vendor}, {machine()}, {asked.rounds} rounds, {asked.waiting} waiting\n")
        table(
            ["what", "CPU ms (median)", "worst", "x health page", "allowed ms"],
            [
                ["health page (three queries)", f"{floor:.1f}", f"{max(figures['empty']):.1f}", "1.0", ""],
                *(
                    [
                        name,
                        f"{median(figures[key]):.1f}",
                        f"{max(figures[key]):.1f}",
                        f"{median(figures[key]) / floor:.1f}",
                        limit,
                    ]
                    for name, key, limit in (
                        ("desk workspace, one page", "desk", 15),
                        ("issue a number", "issue", 6),
                        ("call the next number", "call", 6),
                    )
                ),
            ],
        )
        print(f"\nqueries of the desk page: {queries[0]} with 1 waiting, {queries[1]} with {asked.waiting}")


if __name__ == "__main__":
    main()
