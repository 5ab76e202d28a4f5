"""Small makers of the people and places that tests speak of."""

from datetime import UTC, date, datetime, time

from allauth.account.models import EmailAddress
from django_scopes import scopes_disabled

from sapa.offices.models import Desk, Hours, Office, OpeningInterval, Service, ServiceStandard
from sapa.people.models import Client, Officer, User

BEGINNING = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)


def make_office(
    code: str = "1808",
    name: str = "BPS Kabupaten Tulang Bawang",
    parent: Office | None = None,
    *,
    zone_name: str = Office.Zone.WIB,
) -> Office:
    """An office of the tree with a week of hours, a standard, three services and two desks."""
    with scopes_disabled():
        if parent is None:
            nation, _ = Office.objects.get_or_create(
                code="0000", defaults={"kind": "national", "name": "BPS", "mfa_required": False}
            )
            parent, _ = Office.objects.get_or_create(
                code="1800",
                defaults={
                    "kind": "province",
                    "name": "BPS Provinsi Lampung",
                    "parent": nation,
                    "mfa_required": False,
                },
            )
        office = Office.objects.create(
            code=code, kind="regency", name=name, parent=parent, zone_name=zone_name, mfa_required=False
        )
        week = Hours.objects.create(office=office, name="Jam layanan")
        OpeningInterval.objects.bulk_create(
            OpeningInterval(hours=week, weekday=day, opens=time(8), closes=time(15, 30)) for day in range(5)
        )
        ServiceStandard.objects.create(
            office=office,
            decree="030 Tahun 2019",
            valid_from=date(2019, 1, 1),
            onsite_minutes=10,
            online_working_days=3,
            silence_days=7,
            content={},
            loaded_at=BEGINNING,
        )
        services = Service.objects.bulk_create(
            Service(
                office=office,
                key=key,
                prefix=prefix,
                name_id=name_id,
                name_en=name_en,
                is_pst=pst,
                position=at,
            )
            for at, (key, prefix, name_id, name_en, pst) in enumerate(
                [
                    ("consultation", "K", "Konsultasi statistik", "Statistical consultation", True),
                    ("library", "P", "Perpustakaan", "Library", True),
                    ("errand", "T", "Keperluan lain", "Other errands", False),
                ]
            )
        )
        desks = Desk.objects.bulk_create(Desk(office=office, name=f"Meja {number}") for number in (1, 2))
        serves = Desk.services.through
        serves._default_manager.bulk_create(
            serves(desk=desk, service=service) for desk in desks for service in services
        )
    return office


def make_officer(office: Office, name: str, role: str) -> Officer:
    user = User.objects.create_user(f"{name}@bps.example", "sandi-yang-panjang-1", name=name.capitalize())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with scopes_disabled():
        return Officer.objects.create(user=user, office=office, role=role)


def make_client(name: str = "Ani Lestari", **fields: object) -> Client:
    values: dict[str, object] = {
        "name": name,
        "email": f"{name.split()[0].lower()}@contoh.example",
        "phone": "+6281234567890",
        "gender": "female",
        "birth_year": 2003,
        "created_at": BEGINNING,
    }
    return Client.objects.create(**(values | fields))
