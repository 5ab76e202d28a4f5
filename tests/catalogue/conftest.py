"""The demonstration catalogue, and small makers of entries."""

from collections.abc import Callable
from typing import Any

import pytest

from sapa.catalogue import demo
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.indexing import index
from sapa.offices.models import Office
from tests.conftest import Clock

MakeEntry = Callable[..., Entry]


@pytest.fixture
def demo_catalogue(office: Office, clock: Clock) -> Office:
    """The office with the demonstration's catalogue, and its province and nation with theirs."""
    demo.load(office, at=clock.at)
    return office


@pytest.fixture
def make_entry(office: Office, clock: Clock) -> MakeEntry:
    def make(title: str = "Jumlah Penduduk menurut Kecamatan", **fields: Any) -> Entry:
        given = {"office": office, "kind": Entry.Kind.STATIC_TABLE, "published_at": clock.at} | fields
        entry = Entry.objects.create(title=title, **given)
        index([entry])
        return entry

    return make


@pytest.fixture
def make_absence(office: Office) -> Callable[..., Absence]:
    def make(indicator: str = "PDRB menurut kecamatan", **fields: Any) -> Absence:
        given = {"office": office, "reason": "Tidak dihitung.", "where_instead": "PDRB kabupaten."} | fields
        absence = Absence.objects.create(indicator=indicator, **given)
        index([absence])
        return absence

    return make
