"""Who plays in the demonstration: officers and clients with sign-ins, visitors with invented names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django_scopes import scopes_disabled

from sapa.frontdesk.entries import Entry
from sapa.offices.models import Desk, Device, Office
from sapa.people import clients, profile
from sapa.people.models import Client, Officer, User

# Known to everybody who starts a demonstration; `sapa demo load` refuses an installation with real data.
PASSWORD: Final = "tulang-bawang-demo"  # noqa: S105  # a demonstration's, printed at every start
STAFF: Final = (
    ("fajar", "Fajar Nugroho", Officer.Role.FRONT_DESK),
    ("budi", "Budi Santoso", Officer.Role.CONSULTANT),
    ("sinta", "Sinta Maharani", Officer.Role.CONSULTANT),
    ("citra", "Citra Anggraini", Officer.Role.SUPERVISOR),
    ("gita", "Gita Permatasari", Officer.Role.HEAD),
    ("hadi", "Hadi Kurniawan", Officer.Role.ADMIN),
)
# Who takes over what the regency passes on; two, so that one may answer and the other release it.
PROVINCE: Final = (
    ("yuli", "Yuliana Safitri", Officer.Role.CONSULTANT),
    ("bima", "Bima Prasetyo", Officer.Role.SUPERVISOR),
)
# Clients who ask online; the first two can sign in with the password, the others only by a code by e-mail.
CLIENTS: Final = (
    ("ani", "Ani Lestari", "female", 2003, "high_school", "student", "research_education", "Universitas Lampung"),
    ("wayan", "Wayan Pratama", "male", 1988, "bachelor", "self_employed", "private", "UD Tiga Saudara"),
    ("dewi", "Dewi Kusuma", "female", 1991, "bachelor", "private_employee", "private", "CV Rawa Jaya"),
    ("maya", "Maya Utami", "female", 1985, "bachelor", "civil_servant", "local_government",
     "Bappeda Kabupaten Tulang Bawang"),
    ("rizal", "Rizal Hakim", "male", 2002, "high_school", "student", "research_education", "Universitas Lampung"),
)  # fmt: skip
WITH_PASSWORD: Final = ("ani", "wayan")
WOMEN: Final = (
    "Ani", "Ayu", "Dewi", "Dian", "Eka", "Endang", "Fitri", "Indah", "Kartika", "Lestari", "Maya",
    "Nadia", "Nur", "Putri", "Rahma", "Rani", "Ratna", "Rina", "Sari", "Siti", "Sri", "Tika", "Wulan",
    "Yanti", "Yuni",
)  # fmt: skip
MEN: Final = (
    "Adi", "Agus", "Ahmad", "Andi", "Arif", "Bagus", "Bayu", "Dedi", "Doni", "Edi", "Eko", "Galih",
    "Hendra", "Imam", "Irfan", "Joko", "Made", "Rizki", "Rudi", "Slamet", "Surya", "Tono", "Wahyu",
    "Wayan", "Yusuf",
)  # fmt: skip
FAMILIES: Final = (
    "Lestari", "Pratama", "Saputra", "Wijaya", "Hidayat", "Rahmawati", "Susanti", "Kusuma", "Setiawan",
    "Utami", "Purnomo", "Wibowo", "Ramadhani", "Handayani", "Nugraha", "Firmansyah", "Wulandari",
    "Hakim", "Puspita", "Maulana",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Walk:
    """A way of life: what a visitor of this kind writes into the guest book."""

    weight: int
    ages: tuple[int, int]
    education: str
    occupation: str
    category: str
    institutions: tuple[str, ...]
    purpose: str


WALKS: Final = (
    Walk(8, (18, 24), "high_school", "student", "research_education",
         ("Universitas Lampung", "UIN Raden Intan Lampung", "Institut Teknologi Sumatera"), "school_work"),
    Walk(2, (15, 17), "high_school", "student", "research_education",
         ("SMA Negeri 1 Menggala", "SMK Negeri 1 Banjar Agung"), "school_work"),
    Walk(4, (26, 50), "bachelor", "civil_servant", "local_government",
         ("Bappeda Kabupaten Tulang Bawang", "Dinas Pertanian Kabupaten Tulang Bawang", "Kecamatan Menggala"),
         "government"),
    Walk(2, (28, 55), "master", "researcher", "research_education",
         ("Universitas Lampung", "Politeknik Negeri Lampung"), "research"),
    Walk(2, (24, 45), "bachelor", "private_employee", "private",
         ("CV Rawa Jaya", "PT Way Tuba Mandiri"), "commercial"),
    Walk(2, (25, 60), "high_school", "self_employed", "private", ("UD Tiga Saudara", "Usaha perorangan"), "commercial"),
    Walk(1, (62, 74), "high_school", "self_employed", "private", ("Usaha perorangan",), "commercial"),
)  # fmt: skip


def hire(office: Office) -> dict[str, Officer]:
    """The officers of the demonstration, by short name, able to sign in without a second step; and those of the
    office above it, who are not among the returned."""
    staff, hashed = {}, make_password(PASSWORD)
    with scopes_disabled():
        for short, name, role in STAFF:
            user = _account(f"{short}@demo.sapa.example", name, hashed)
            staff[short] = Officer.objects.create(user=user, office=office, role=role)
        for short, name, role in PROVINCE:
            user = _account(f"{short}@provinsi.demo.sapa.example", name, hashed)
            Officer.objects.create(user=user, office=office.lineage()[1], role=role)
    return staff


def enrol(office: Office, at: datetime) -> dict[str, Client]:
    """The clients of the demonstration, by short name: a confirmed address, a complete profile, an account."""
    enrolled, hashed = {}, make_password(PASSWORD)
    for number, (short, name, gender, born, education, occupation, category, place) in enumerate(CLIENTS, 1):
        email = client_email(short)
        user = _account(email, name, hashed if short in WITH_PASSWORD else "")
        client = clients.link_account(user, email=email, at=at)
        values = {
            "phone": f"+62813{6000_0000 + number:08d}",
            "gender": gender,
            "birth_year": born,
            "education": education,
            "occupation": occupation,
            "institution_category": category,
            "institution_name": place,
        }
        profile.correct(client, values=values, by=user, at=at, office=office)
        client.refresh_from_db()
        enrolled[short] = client
    return enrolled


def _account(email: str, name: str, hashed: str) -> User:
    """An account with a confirmed address. The one password is hashed once: that is slow on purpose."""
    user = User.objects.create_user(email, name=name)
    if hashed:
        user.password = hashed
        user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def client_email(short: str) -> str:
    """The address with which a client of the demonstration signs in."""
    return f"{short}@client.demo.sapa.example"


def equip(office: Office) -> None:
    """A kiosk, a board, a poster and a rating tablet for each desk but the front one."""
    for kind, name in ((Device.Kind.KIOSK, "Kios ruang PST"), (Device.Kind.BOARD, "Papan ruang tunggu"),
                       (Device.Kind.POSTER, "Poster pintu masuk")):  # fmt: skip
        office.devices.create(kind=kind, name=name)
    for desk in Desk.objects.filter(name__in=["Meja 1", "Meja 2"]):
        office.devices.create(kind=Device.Kind.TABLET, name=f"Tablet {desk.name}", desk=desk)


def visitors(random: Random, year: int) -> Iterator[Entry]:
    """Visitors without end, none twice: what each writes about themselves; the matter is theirs to bring."""
    number = 0
    while True:
        number += 1
        woman = random.random() < 0.54
        first = random.choice(WOMEN if woman else MEN)
        name = f"{first} {random.choice(FAMILIES)}"
        walk = random.choices(WALKS, weights=[each.weight for each in WALKS])[0]
        age = random.randint(*walk.ages)
        without_email = age > 60
        yield Entry(
            service_key="",
            name=name,
            phone=f"+62812{7000_0000 + number:08d}",
            email="" if without_email else f"{name.lower().replace(' ', '.')}{number}@contoh.example",
            email_waiver="none_owned" if without_email else "",
            gender="female" if woman else "male",
            birth_year=year - age,
            education=walk.education,
            occupation=walk.occupation,
            institution_category=walk.category,
            institution_name=random.choice(walk.institutions),
            purpose=walk.purpose,
            wants_priority=age > 60 or random.random() < 0.04,
            men=random.choice((1, 2)) if walk.ages[1] < 18 else 0,
            women=2 if walk.ages[1] < 18 else 0,
            agreed=frozenset({"skd_contact"}) if random.random() < 0.6 else frozenset(),
        )
