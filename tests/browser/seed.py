"""Fills the database of the browser tests through the real verbs and prints, as JSON, where everything is.

Run by tests/browser/server.py in a process of its own, with the settings of the server that follows.
"""

import json
import sys
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402  # models need django.setup()
from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client as Visitor  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from sapa.catalogue import correspondences, demo, failures, figures, loading, publishing  # noqa: E402
from sapa.catalogue.models import Entry as Code  # noqa: E402
from sapa.catalogue.models import Source, SourceRun  # noqa: E402
from sapa.consultations import answering  # noqa: E402
from sapa.consultations.answering import Cited  # noqa: E402
from sapa.consultations.models import Consultation  # noqa: E402
from sapa.core.time import now  # noqa: E402
from sapa.core.work import work  # noqa: E402
from sapa.feedback import complaints, ratings, suggestion_box  # noqa: E402
from sapa.feedback.models import Complaint, Rating  # noqa: E402
from sapa.feedback.skm import Element  # noqa: E402
from sapa.frontdesk import arrivals, calls, queue  # noqa: E402
from sapa.frontdesk.entries import Entry  # noqa: E402
from sapa.frontdesk.models import QueueTicket, Visit  # noqa: E402
from sapa.inbox.models import Conversation  # noqa: E402
from sapa.meetings import booking, rooms  # noqa: E402
from sapa.meetings import policy as meeting_policy  # noqa: E402
from sapa.meetings.choosing import week_of  # noqa: E402
from sapa.meetings.models import Room  # noqa: E402
from sapa.notifications import unsubscribing  # noqa: E402
from sapa.notifications.models import Delivery, Notification  # noqa: E402
from sapa.offices import holidays, standards  # noqa: E402
from sapa.offices.management.commands.office import SHIPPED  # noqa: E402
from sapa.offices.models import Device, Holiday, Office  # noqa: E402
from sapa.people.models import Client, Officer, User  # noqa: E402
from sapa.roster import leaves, swaps  # noqa: E402
from sapa.roster.patterns import set_pattern  # noqa: E402
from sapa.roster.shifts import plan_weeks, set_day  # noqa: E402
from tests.browser.seed_figures import population  # noqa: E402
from tests.browser.seed_online import online  # noqa: E402
from tests.browser.seed_rooms import conversations  # noqa: E402
from tests.browser.server import PASSWORD  # noqa: E402
from tests.cast import make_office  # noqa: E402
from tests.frontdesk.visitors import ANI  # noqa: E402

Role = Officer.Role
# Each file of tests has an office of its own, so that they run in any order and beside each other.
OFFICES: dict[str, tuple[str, str, dict[str, Role]]] = {
    "visit": (
        "1801",
        "BPS Kabupaten Lampung Barat",
        {"fajar": Role.FRONT_DESK, "budi": Role.CONSULTANT, "citra": Role.SUPERVISOR},
    ),
    "live": ("1802", "BPS Kabupaten Tanggamus", {"sinta": Role.CONSULTANT}),
    "kiosk": ("1803", "BPS Kabupaten Lampung Selatan", {}),
    "keyboard": ("1804", "BPS Kabupaten Lampung Timur", {"dian": Role.CONSULTANT, "yani": Role.CONSULTANT}),
    "offline": (
        "1805",
        "BPS Kabupaten Lampung Tengah",
        {"rudi": Role.CONSULTANT, "lina": Role.FRONT_DESK},
    ),
    "online": (
        "1806",
        "BPS Kabupaten Way Kanan",
        {"nana": Role.CONSULTANT, "oki": Role.SUPERVISOR},
    ),
    "pages": (
        "1808",
        "BPS Kabupaten Tulang Bawang",
        {
            "rini": Role.CONSULTANT,
            "tono": Role.CONSULTANT,
            "wawan": Role.CONSULTANT,
            "maya": Role.FRONT_DESK,
            "gita": Role.HEAD,
            "hadi": Role.ADMIN,
        },
    ),
}


def offices(at: datetime) -> dict[str, Office]:
    """Tulang Bawang from its shipped standard, and neighbours that promise the same."""
    file = SHIPPED / "1808.yaml"
    shipped = standards.load(file.read_bytes(), by=None, at=at, source_name=file.name)
    holidays.seed_national(at)
    shipped = Office.objects.select_related("parent__parent").get(pk=shipped.pk)
    Office.objects.update(mfa_required=False)
    with scope(office=shipped):
        content = shipped.standards.get().content
    found = {"pages": shipped}
    for key, (code, name, _officers) in OFFICES.items():
        if code != shipped.code:
            found[key] = make_office(code, name, shipped.parent)
    with scopes_disabled():
        for office in found.values():
            office.standards.update(content=content)
            office.refresh_from_db()
    return found


def keep_open(office: Office, at: datetime) -> None:
    """Open at every hour of every day. Close to midnight the office lives two zones further east, where it is
    past midnight already, so that no test runs over the end of a service day."""
    if not time(1) <= at.astimezone(office.zone).time() <= time(23, 30):
        Office.objects.filter(pk=office.pk).update(zone_name=Office.Zone.WIT)
        office.refresh_from_db()
    today = at.astimezone(office.zone).date()
    near = (today - timedelta(days=1), today + timedelta(days=1))
    for holiday in Holiday.objects.filter(office__in=office.lineage(), on__range=near):
        holidays.withdraw(holiday, by=None, at=at)
    holidays.set_hours(
        office,
        name="Jam uji",
        week={day: [(time(0), time(23, 59))] for day in range(7)},
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1),
        by=None,
        at=at,
    )


def hire(office: Office, roles: dict[str, Role]) -> dict[str, Officer]:
    staff = {}
    for name, role in roles.items():
        user = User.objects.create_user(f"{name}@bps.example", PASSWORD, name=name.capitalize())
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        staff[name] = Officer.objects.create(user=user, office=office, role=role)
    return staff


def session_of(officer: Officer) -> str:
    """The session of an officer who has signed in already."""
    browser = Visitor()
    browser.force_login(officer.user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def equip(office: Office) -> dict[str, str]:
    """The tokens of one device of each kind; a tablet stands at each desk."""
    kinds = {"kiosk": Device.Kind.KIOSK, "board": Device.Kind.BOARD, "poster": Device.Kind.POSTER}
    tokens = {
        key: office.devices.create(kind=kind, name=key.capitalize()).token for key, kind in kinds.items()
    }
    tokens["empty_board"] = office.devices.create(kind=Device.Kind.BOARD, name="Papan kedua").token
    for number, desk in enumerate(office.desks.order_by("name"), 1):
        made = office.devices.create(kind=Device.Kind.TABLET, name=f"Tablet {desk.name}", desk=desk)
        tokens[f"tablet{number}"] = made.token
    return tokens


def arrive(office: Office, at: datetime, name: str = "Ani Lestari", **changes: Any) -> QueueTicket:
    """Somebody signs the guest book and takes a number."""
    short = name.split()[0].lower()
    own = {"name": name, "email": f"{short}@contoh.example", "phone": ""}
    if changes.get("service_key") == "errand":
        given: dict[str, Any] = {"name": name, "errand_text": "Mengantar surat"} | changes
    else:
        given = {"service_key": "consultation"} | ANI | own | changes
    return arrivals.arrive(
        office, entry=Entry(**given), door=Visit.Door.KIOSK, by=None, at=at, submission_key=uuid4()
    )


def again(ticket: QueueTicket) -> QueueTicket:
    return QueueTicket.objects.select_related("visit", "service", "consultation", "desk", "office").get(
        pk=ticket.pk
    )


def serve(ticket: QueueTicket, by: Officer, at: datetime, *, finish: bool) -> None:
    """Called, served and answered with a source; finished if wanted."""
    assert by.desk is not None
    if ticket.state == "waiting":
        queue.call(ticket, desk=by.desk, by=by, at=at, reason="untuk uji")
    ticket = again(ticket)
    queue.start(ticket, by=by, at=at + timedelta(minutes=1))
    if ticket.consultation is not None:
        answering.write(
            ticket.consultation,
            subject="Jumlah penduduk per kecamatan 2025",
            answer="Menurut proyeksi penduduk, Kecamatan Menggala 56.412 jiwa pada 2025.",
            citations=[
                Cited(title="Kabupaten Tulang Bawang Dalam Angka 2026", url="https://contoh.example/2026")
            ],
            by=by,
            at=at + timedelta(minutes=2),
        )
        need = {"detail": "Penduduk per kecamatan", "area": "Menggala", "year_from": 2024, "year_until": 2025}
        answering.note_need(ticket.consultation, need=need, by=by, at=at + timedelta(minutes=2))
    if finish:
        queue.finish(again(ticket), by=by, at=at + timedelta(minutes=3))


def fill(office: Office, staff: dict[str, Officer], at: datetime) -> dict[str, str]:
    """Every state there is: tickets, ratings, complaints. Rini serves, Tono has called, Wawan sits at no desk."""
    found: dict[str, str] = {}
    seats = {"rini": "Meja 1", "tono": "Meja 2"}
    for name, desk in seats.items():
        queue.sit(office.desks.get(name=desk), by=staff[name], at=at - timedelta(minutes=40))
    rini, tono = (
        Officer.objects.select_related("desk", "office", "user").get(pk=staff[each].pk) for each in seats
    )
    assert rini.desk is not None
    assert tono.desk is not None

    def before(minutes: float) -> datetime:
        return at - timedelta(minutes=minutes)

    rated, unrated, forgotten = (
        arrive(office, before(39), name) for name in ("Rahma Kusuma", "Sari Utami", "Nur Handayani")
    )
    for ticket, minutes in ((rated, 38), (unrated, 34), (forgotten, 30)):
        serve(ticket, rini, before(minutes), finish=True)
    absent = arrive(office, before(29), "Joko Wibowo")
    queue.call(absent, desk=tono.desk, by=tono, at=before(29), reason="untuk uji")
    queue.no_show(again(absent), by=tono, at=before(25))
    withdrawn = arrive(office, before(24), "Tika Hakim")
    queue.withdraw(withdrawn, by=None, at=before(23))
    served, called = arrive(office, before(22), "Ayu Pratama"), arrive(office, before(21), "Bayu Saputra")
    held, waiting = arrive(office, before(20), "Dewi Wijaya"), arrive(office, before(5), "Endang Susanti")
    priority = arrive(office, before(9), "Slamet Hidayat", wants_priority=True)
    arrive(office, before(4), "Galih Nugraha", service_key="errand")
    queue.hold(held, by=None, at=before(12))
    serve(served, rini, before(11), finish=False)
    call = queue.call(called, desk=tono.desk, by=tono, at=before(0.2), reason="sudah lama menunggu")
    calls.announce(call, by=office.devices.get(name="Board"), at=before(0.1))
    work(at)
    for key, ticket in {
        "finished": unrated,
        "no_show": absent,
        "withdrawn": withdrawn,
        "serving": served,
        "called": called,
        "held": held,
        "priority": priority,
        "waiting": waiting,
    }.items():
        found[f"ticket_{key}"] = ticket.token
    for key, ticket in {"rated": rated, "unrated": unrated, "expired": forgotten}.items():
        found[f"rating_{key}"] = Rating.objects.get(visit=ticket.visit).token
    Rating.objects.filter(visit=forgotten.visit).update(
        invited_at=at - timedelta(days=40), expires_at=at - timedelta(days=10)
    )
    answers = dict.fromkeys(Element, 3)
    ratings.rate(Rating.objects.get(visit=rated.visit), answers=answers, comment="Ramah.", at=at, door="link")
    found |= {
        "desk_id": str(rini.desk.pk),
        "service_id": str(unrated.service_id),
        "visitor_id": str(unrated.visit.client_id),
        "poster_id": str(office.devices.get(name="Poster").pk),
    }
    for state in ("new", "verified", "answered", "rejected", "forwarded", "not_ours", "proposal"):
        lodged = complaints.lodge(
            office,
            text="Papan antrean di ruang tunggu terlalu pelan suaranya.",
            name="" if state == "new" else "Rahma Kusuma",
            contact="" if state == "new" else "rahma@contoh.example",
            is_anonymous=state == "new",
            visit=None,
            submission_key=uuid4(),
            at=before(30),
            kind=Complaint.Kind.PROPOSAL if state == "proposal" else Complaint.Kind.COMPLAINT,
            is_confidential=state == "verified",
        )
        if state != "new":
            complaints.verify(lodged, by=staff["gita"], at=before(20))
        if state == "answered":
            complaints.answer(
                lodged, reply="Terima kasih. Suaranya sudah dikeraskan.", by=staff["gita"], at=before(10)
            )
        if state == "rejected":
            complaints.reject(lodged, reply="Ini bukan wewenang kantor ini.", by=staff["gita"], at=before(10))
        if state == "forwarded":
            complaints.forward(lodged, note="Diteruskan ke BPS Provinsi.", by=staff["gita"], at=before(10))
        if state == "not_ours":
            complaints.disclaim(lodged, reply="Ini urusan Dukcapil.", by=staff["gita"], at=before(10))
        found |= {f"complaint_{state}": lodged.code, f"record_{state}": str(lodged.pk)}
    slip = suggestion_box.enter(
        office,
        text="Mohon kursi di ruang tunggu ditambah.",
        name="",
        contact="",
        opened_on=at.astimezone(office.zone).date(),
        first_witness="Siti Aminah",
        second_witness="Joko Wibowo",
        submission_key=uuid4(),
        by=staff["gita"],
        at=at,
    )
    found["record_slip"] = str(slip.pk)
    found |= catalogue(office, staff["gita"], at)
    return found


def rota(office: Office, staff: dict[str, Officer], at: datetime) -> None:
    """A planned month, a colleague on sick leave, and one who asks Rini for a swap."""
    today, gita, rini, wawan = at.astimezone(office.zone).date(), staff["gita"], staff["rini"], staff["wawan"]
    duties = {(staff[name].pk, day): "whole" for day in range(5) for name in ("rini", "tono")}
    duties |= {(wawan.pk, day): "afternoon" for day in (0, 2)}
    set_pattern(office, duties=duties, valid_from=today, by=gita, at=at)
    plan_weeks(office, first=today, weeks=4, by=gita, at=at)
    tomorrow, after = today + timedelta(days=1), today + timedelta(days=2)
    set_day(office, tomorrow, parts={wawan.pk: "morning"}, by=gita, at=at)
    set_day(office, after, parts={rini.pk: "whole"}, by=gita, at=at)
    theirs, mine = wawan.shifts.get(on=tomorrow), rini.shifts.get(on=after)
    swaps.ask(theirs, asked=rini, in_return=mine, by=wawan, at=at)
    values: dict[str, Any] = {
        "from_on": today,
        "until_on": tomorrow,
        "kind": "sick",
        "note": "Surat dokter menyusul",
    }
    leaves.note(staff["maya"], **values, by=gita, at=at)


def news(office: Office, reader: Officer, at: datetime) -> str:
    """Rini was told of two things, one of them seen, and could not be mailed; the link that ends such mails."""
    made = [
        Notification.objects.create(
            user=reader.user,
            office=office,
            what=what,
            path="/akun/?kabar",  # no page that another test opens has this very path
            params={"code": "KST-7KQ4-M2XW-9TRB", "due": at.isoformat()},
            created_at=at,
            seen_at=seen_at,
        )
        for what, seen_at in (("assigned", at), ("clock_one_day_left", None))
    ]
    Delivery.objects.create(
        notification=made[0], way="mail", due_at=at, dead_at=at, attempts=1, reason="refused: 550 recipient"
    )
    return unsubscribing.address_of(reader.user, made[0]).rstrip("/").rpartition("/")[2]


def catalogue(office: Office, by: Officer, at: datetime) -> dict[str, str]:
    """The demonstration's catalogue: a table, an answer, a code, and an entry that was withdrawn."""
    demo.load(office, at=at)
    shown = {
        "table": office.entries.get(
            title__startswith="PDRB Kabupaten Tulang Bawang menurut Lapangan Usaha Atas"
        ),
        "answer": office.entries.get(title__startswith="Saya termasuk desil"),
        "withdrawn": office.entries.get(title__startswith="Infografis Penduduk Lanjut Usia"),
    }
    shown["code"] = _code(office, at)
    publishing.withdraw(shown["withdrawn"], by=by, at=at)
    shown["figures"] = office.entries.get(title__startswith="Jumlah Penduduk menurut Kecamatan di Kabupaten")
    figures.keep(shown["figures"], population(), at=at)
    found = {f"entry_{name}": str(entry.pk) for name, entry in shown.items()}
    failures.settle(office, "jadwal sepak bola", by=by, at=at)
    return found | {"source": _source(office, at)}


def _source(office: Office, at: datetime) -> str:
    """A source that was read twice: once with failures, and now somebody is reading."""
    config = {"domain": "1808", "models": ["var", "publication"], "languages": ["ind", "eng"]}
    due_at = at + timedelta(days=1)
    source = Source.objects.create(
        office=office, kind="webapi", name="bps-1808", config=config, due_at=due_at
    )
    counts = {"added": 1204, "changed": 3, "unchanged": 40, "failed": 2}
    told = ["Isian “title” tidak ada (var).", "Daftar menyebut 17 baris, yang datang 12 (var ind)."]
    begun = at - timedelta(days=1)
    ended = {"ended_at": begun + timedelta(minutes=7), "problems": told}
    SourceRun.objects.create(source=source, began_at=begun, outcome="partly", **counts, **ended)
    SourceRun.objects.create(source=source, began_at=at, cursor={"shown": ["var ind 2/51", 0, 4]})
    return str(source.pk)


def _code(office: Office, at: datetime) -> Code:
    """A code with a step above, one below, another meaning in the next version, and a suggestion to look at."""
    loading.load_file(
        office,
        "kategori,digit,kode,judul,deskripsi\nI,1,I,Akomodasi dan Makan Minum,\nI,2,56,Makan Minum,\n"
        'I,5,56101,Restoran,"Makan di tempat.\n\nJuga kafe."\n',
        at=at,
    )
    loading.load_file(
        office,
        "kind,version,external_id,title\n"
        "classification_code,KBLI 2025,56101,56101 Makanan di bangunan permanen\n"
        "classification_code,KBLI 2025,56,56 Penyediaan makan minum\n",
        at=at,
    )
    correspondences.suggest(office, here="KBLI 2020", there="KBLI 2025")
    return office.entries.get(version="KBLI 2020", external_id="56101")


def appointments(office: Office, staff: dict[str, Officer], at: datetime) -> dict[str, dict[str, str]]:
    """Three online consultations with Rini: one invited to choose a time, one with a meeting, one with neither.

    Returns the tokens for addresses and the sessions of the three clients.
    """
    rini = staff["rini"]
    found: dict[str, dict[str, str]] = {"tokens": {}, "sessions": {}}
    hadi = staff["hadi"].user
    meeting_policy.set_policy(
        office, values={"jitsi_url": "https://temu.contoh.go.id"}, zoom_secret="", by=hadi, at=at
    )
    reach = meeting_policy.reach_for_client(meeting_policy.policy_of(office), 30)
    for place, name in enumerate(("offered", "booked", "neither")):
        account = User.objects.create_user(f"{name}@contoh.example", PASSWORD, name=f"Nadia {name}")
        client = Client.objects.create(name="Nadia Putri", email=account.email, user=account, created_at=at)
        consultation = Consultation.objects.create(
            office=office,
            client=client,
            service=office.services.get(key="consultation"),
            standard=office.standards.get(),
            code=f"KST-7KQ4-M2XW-9TR{place + 2}",
            door="web",
            state="in_service",
            subject="Garis kemiskinan Kabupaten Tulang Bawang, 2021 sampai 2025",
            requested_at=at,
            accepted_at=at,
            waiting_for="office",
            turn_at=at,
            officer=rini,
        )
        Conversation.objects.create(office=office, consultation=consultation)
        found["tokens"] |= {f"meeting_{name}": consultation.token, f"case_{name}": consultation.code}
        browser = Visitor()
        browser.force_login(account)
        found["sessions"][f"client_{name}"] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        if name == "offered":
            booking.offer(consultation, officer=rini, kind="", minutes=30, by=rini, at=at)
        if name == "booked":
            free = week_of(office, rini, reach=reach, number=1, at=at).days[0].times[0]
            booking.book(
                consultation,
                kind="video",
                provider="jitsi",
                officer=rini,
                starts_at=free,
                minutes=30,
                by=rini,
                at=at,
                key=uuid4(),
            )
    for room in Room.objects.all():
        rooms.settle(room.pk, at)
    return found


def main() -> None:
    """Collect the static files, fill the migrated database, and print where everything is."""
    PBKDF2PasswordHasher.iterations = 1  # signing in is tried, not the strength of the hash
    call_command("collectstatic", interactive=False, verbosity=0)
    at = now()
    scenes: dict[str, dict[str, Any]] = {}
    with transaction.atomic():
        for key, office in offices(at).items():
            with scope(office=office):
                keep_open(office, at)
                staff = hire(office, OFFICES[key][2])
                scenes[key] = {
                    "code": office.code,
                    "name": office.name,
                    "tokens": equip(office),
                    "sessions": {name: session_of(officer) for name, officer in staff.items()},
                }
                if key == "online":
                    for kind, values in online(office, staff, at).items():
                        scenes[key][kind] |= values
                if key == "pages":
                    scenes[key]["tokens"] |= fill(office, staff, at)
                    rota(office, staff, at)
                    for made in (appointments(office, staff, at), conversations(office, staff, at)):
                        for kind, values in made.items():
                            scenes[key][kind] |= values
                    scenes[key]["tokens"]["stop_link"] = news(office, staff["rini"], at)
    json.dump(scenes, sys.stdout)


if __name__ == "__main__":
    main()
