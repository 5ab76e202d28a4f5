"""Conversations in every state there is, for the pages of the client's room and of the officers' inbox."""

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client as Visitor
from django_scopes import scopes_disabled

from sapa.catalogue import trails
from sapa.consultations import holding, lifecycle, requirements
from sapa.consultations.models import Consultation, MissingItem, Reason
from sapa.files.receiving import receive
from sapa.inbox import asking, canning, publishing, reviewing, setting_aside, writing
from sapa.inbox.models import Kind
from sapa.inbox.writing import Words
from sapa.offices.models import Office, Service
from sapa.people import clients
from sapa.people.models import Client, Officer, User
from tests.browser.server import PASSWORD
from tests.files.samples import picture, sent

SOURCE = {
    "title": "Kabupaten Tulang Bawang Dalam Angka 2026",
    "url": "https://contoh.example/publikasi/2026",
    "area": "Kabupaten Tulang Bawang",
    "years": "2025",
    "unit": "jiwa",
    "status": "Angka tetap",
    "value": "56.412",
}
FIGURES = (
    "Menurut proyeksi penduduk, Kecamatan Menggala berpenduduk 56.412 jiwa pada 2025.\n\n"
    "- laki-laki 28.790\n- perempuan 27.622"
)


def known_client(office: Office, name: str, at: datetime) -> tuple[Client, str]:
    """A client with a confirmed address and a whole profile, and the session that is signed in."""
    user = User.objects.create_user(f"{name}@contoh.example", PASSWORD, name=f"{name.capitalize()} Puspita")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = clients.link_account(user, email=user.email, at=at)
    Client.objects.filter(pk=client.pk).update(
        name=user.name,
        email_verified_at=at,
        gender="female",
        birth_year=2003,
        education="bachelor",
        occupation="student",
        institution_category="research_education",
    )
    client.refresh_from_db()
    browser = Visitor()
    browser.force_login(user)
    return client, browser.cookies[settings.SESSION_COOKIE_NAME].value


def asked(office: Office, client: Client, at: datetime, subject: str = "Jumlah penduduk") -> Consultation:
    """A whole request, after a search that found something else."""
    trail = trails.begin(office, language="id", at=at)
    trails.note_search(trail, text="penduduk menggala", results=2, at=at)
    draft = asking.draft_of(client, office, at=at)
    asking.keep_draft(draft, {}, trail=trail.token, at=at)
    request = {
        "question": "Berapa jumlah penduduk Kecamatan Menggala menurut jenis kelamin?",
        "purpose": "research",
        "area": "Kecamatan Menggala",
        "year_from": 2024,
        "year_until": 2025,
        "level": "district",
    }
    return asking.ask(draft, subject=f"{subject} per kecamatan 2025", asked=request, at=at)


def accepted(consultation: Consultation, by: Officer, at: datetime) -> Consultation:
    holding.claim(consultation, by=by, at=at)
    lifecycle.accept(consultation, by=by, at=at)
    return consultation


def answered(consultation: Consultation, by: Officer, at: datetime) -> Consultation:
    accepted(consultation, by, at)
    words = Words(uuid4(), FIGURES, citations=[SOURCE])
    writing.office_says(consultation, words, kind=Kind.ANSWER, by=by, at=at + timedelta(minutes=2))
    return consultation


def with_files(consultation: Consultation, by: Officer, at: datetime) -> None:
    """The client sends a picture, the officer a table; colleagues leave a note."""
    user, office = consultation.client.user, consultation.office
    assert user is not None
    shown = receive(sent("Foto lembar kerja.png", picture(size=(1200, 900))), office=office, user=user, at=at)
    words = Words(uuid4(), "Ini lembar kerja saya.", files=[shown.pk])
    writing.client_says(consultation, words, user=user, at=at)
    table = sent("Penduduk per desa.csv", b"desa;jiwa\nUgi;1234\n")
    given = receive(table, office=office, user=by.user, at=at)
    words = Words(uuid4(), "Ini tabel per desa.", files=[given.pk])
    writing.office_says(consultation, words, kind=Kind.MESSAGE, by=by, at=at + timedelta(minutes=1))
    note = "Angka desa belum diperiksa oleh seksi sosial."
    writing.note(consultation, text=note, key=uuid4(), by=by, at=at + timedelta(minutes=2))


def asked_back(consultation: Consultation, by: Officer, at: datetime) -> None:
    wanted = [
        requirements.Wanted(MissingItem.Key.YEARS),
        requirements.Wanted(MissingItem.Key.LEVEL),
        requirements.Wanted(MissingItem.Key.OTHER, "Surat pengantar dari kampus"),
    ]
    consultation.request.year_from = consultation.request.year_until = None
    consultation.request.level = ""
    consultation.request.save()
    holding.claim(consultation, by=by, at=at)
    requirements.ask(consultation, wanted, by=by, at=at)
    words = Words(uuid4(), "Kami masih memerlukan tahun, tingkat rincian, dan surat pengantar.")
    writing.office_says(consultation, words, kind=Kind.QUESTION, by=by, at=at)


def forwarded(consultation: Consultation, by: Officer, at: datetime) -> None:
    """The province has it now."""
    to = consultation.office.parent
    assert to is not None
    with scopes_disabled():
        Service.objects.get_or_create(
            office=to,
            key=consultation.service.key,
            defaults={
                field.name: getattr(consultation.service, field.name)
                for field in Service._meta.concrete_fields
                if field.name not in ("id", "office", "key")
            },
        )
    holding.claim(consultation, by=by, at=at)
    holding.forward(consultation, to=to, note="Data provinsi", by=by, at=at)


def conversations(office: Office, staff: dict[str, Officer], at: datetime) -> dict[str, dict[str, str]]:
    """Tokens and codes of a consultation in each state, all of one client; another client has a draft."""
    rini, tono, gita = staff["rini"], staff["tono"], staff["gita"]
    asker, session = known_client(office, "laras", at - timedelta(days=60))
    drafter, drafting = known_client(office, "wulan", at)
    before = at - timedelta(hours=2)
    draft = asking.draft_of(drafter, office, at=at)
    typed = {"subject": "Harga cabai 2025", "question": "Berapa harga rata-rata cabai rawit?"}
    asking.keep_draft(draft, typed, at=at)
    long_ago = at - timedelta(days=45)
    made = {
        "requested": asked(office, asker, before, "Luas panen padi"),
        "back": asked(office, asker, before, "Angka kemiskinan"),
        "accepted": accepted(asked(office, asker, before, "Inflasi"), rini, before),
        "answered": answered(asked(office, asker, before), rini, before),
        "colleague": accepted(asked(office, asker, before, "Luas hutan"), tono, before),
        "pending": accepted(asked(office, asker, before, "Produksi ikan"), tono, before),
        "done": answered(asked(office, asker, before, "Jumlah sekolah"), rini, before),
        "silent": answered(
            asked(office, asker, at - timedelta(days=9), "PDRB"), rini, at - timedelta(days=9)
        ),
        "old": answered(asked(office, asker, long_ago, "Panjang jalan"), rini, long_ago),
        "gone": asked(office, asker, before, "Ekspor kopi"),
        "aside": asked(office, asker, before, "Lowongan kerja"),
        "double": asked(office, asker, before, "Penduduk"),
    }
    with_files(made["answered"], rini, at - timedelta(hours=1))
    asked_back(made["back"], rini, before)
    words = Words(uuid4(), "Produksi ikan tangkap 12.345 ton.", citations=[SOURCE])
    reviewing.submit(made["pending"], words, by=tono, at=before)
    lifecycle.close(made["done"], reason=Reason.DONE, by=rini, at=before + timedelta(minutes=9))
    lifecycle.close(made["silent"], reason=Reason.SILENCE, by=None, at=at - timedelta(days=1))
    lifecycle.close(made["old"], reason=Reason.DONE, by=rini, at=long_ago + timedelta(days=1))
    forwarded(made["gone"], rini, before)
    setting_aside.set_aside(made["aside"], reason=Reason.ELSEWHERE, by=rini, at=before)
    setting_aside.set_aside(
        made["double"], reason=Reason.DUPLICATE, double_of=made["answered"], by=rini, at=before
    )
    canning.write(office, title="Salam penutup", text="Terima kasih, {name}.", by=rini, at=at)
    said = {"subject": "Penduduk Menggala", "question": "Berapa penduduk Menggala?", "answer": "56.412 jiwa."}
    for state in ("submitted", "published", "returned"):
        public = publishing.propose(made["answered"], **said, by=rini, at=at)
        if state == "published":
            publishing.publish(public, by=gita, at=at)
        if state == "returned":
            publishing.send_back(public, remark="Sebut tahunnya.", by=gita, at=at)
    tokens = {f"room_{name}": consultation.token for name, consultation in made.items()}
    tokens |= {f"kst_{name}": consultation.code for name, consultation in made.items()}
    return {"tokens": tokens, "sessions": {"laras": session, "wulan": drafting}}
