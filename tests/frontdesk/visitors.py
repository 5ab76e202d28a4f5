"""Believable visitors for the tests of the guest book."""

from typing import Any

from sapa.frontdesk.entries import Entry

ANI: dict[str, Any] = {
    "name": "Ani Lestari",
    "phone": "+6281234567890",
    "email": "ani.lestari@contoh.example",
    "gender": "female",
    "birth_year": 2003,
    "education": "bachelor",
    "occupation": "student",
    "institution_category": "research_education",
    "institution_name": "Universitas Lampung",
    "purpose": "school_work",
    "subject": "Jumlah penduduk per kecamatan 2025",
}


def entry(**changes: Any) -> Entry:
    """What Ani writes into the guest book for a consultation."""
    return Entry(**({"service_key": "consultation"} | ANI | changes))


def posted(**changes: str) -> dict[str, str]:
    """The same as the fields of a form."""
    return {name: str(value) for name, value in ANI.items()} | {"phone": "0812-3456-7890"} | changes
