"""An SDMX service as a source; what reads it never comes into the process that answers visitors."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from sapa.catalogue.models import Entry, Source
from sapa.catalogue.sources.base import Page, SourceError
from sapa.catalogue.sources.running import sync
from sapa.catalogue.sources.sdmx import reader as reading
from sapa.catalogue.sources.sdmx.reader import SdmxReader
from sapa.catalogue.sources.sdmx.structures import codelist_items, dataflow_items
from sapa.offices.models import Office
from tests.conftest import Clock
from tests.simulators.sdmx import Service, sdmx_service

FLOW = {
    "id": "DF_IHK",
    "agency": "CONTOH",
    "version": "1.0",
    "names": {"id": "Indeks harga konsumen", "en": "CPI"},
    "descriptions": {},
}
CODES = [
    {"id": "I", "names": {"id": "Akomodasi"}, "descriptions": {}, "parent": ""},
    {"id": "56", "names": {"en": "Food"}, "descriptions": {"en": "Served."}, "parent": "I"},
]


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.SOURCES_PRIVATE = True
    with sdmx_service() as running:
        yield running


def reader() -> SdmxReader:
    return SdmxReader(sleep=lambda seconds: None)


def read(service: Service, **config: object) -> list[Page]:
    with translation.override("en"):
        return list(reader().pages({"url": service.origin} | config, since=None, cursor={}))


def test_a_data_flow_is_a_dynamic_table_of_its_agency() -> None:
    [item] = dataflow_items([FLOW], base="https://sdmx.contoh.go.id/rest")
    assert (item.kind, item.external_id) == ("dynamic_table", "CONTOH:DF_IHK(1.0)")
    assert dict(item.values) == {
        "title": "Indeks harga konsumen",
        "summary": "",
        "producer": "CONTOH",
        "url": "https://sdmx.contoh.go.id/rest/dataflow/CONTOH/DF_IHK/1.0",
        "language": "id",
    }


def test_a_code_list_is_one_term_unless_it_is_called_a_classification() -> None:
    told = [{"id": "CL_KBLI", "agency": "CONTOH", "version": "2020", "codes": CODES, "descriptions": {}}]
    told[0]["names"] = {"id": "Lapangan usaha"}
    [term] = codelist_items(told, base="")
    assert (term.kind, term.values["body"]) == ("glossary_term", "I: Akomodasi\n56: Food")
    codes = list(codelist_items(told, base="", classifications=["CL_KBLI"]))
    assert [(code.version, code.external_id, code.parent_code) for code in codes] == [
        ("CL_KBLI 2020", "I", ""),
        ("CL_KBLI 2020", "56", "I"),
    ]
    assert (codes[1].values["title"], codes[1].values["language"]) == ("56 Food", "en")


def test_flows_and_lists_are_read_once_and_what_vanished_is_withdrawn(
    service: Service, office: Office, clock: Clock
) -> None:
    source = Source.objects.create(
        office=office,
        kind="sdmx",
        name="contoh",
        config={"url": service.origin, "agency": "CONTOH", "classifications": ["CL_KBLI"]},
    )
    run = sync(source, at=clock.at, reader=reader(), clock=lambda: clock.at)
    assert (run.outcome, run.added, run.problems) == ("done", 5, [])
    assert service.asked == ["/rest/dataflow/CONTOH/all/latest", "/rest/codelist/CONTOH/all/latest"]
    assert Entry.objects.get(external_id="56").parent == Entry.objects.get(external_id="I")
    assert Entry.objects.get(kind="glossary_term").body == "A: Tahunan\nM: Bulanan"
    service.flows.pop()
    service.answers["codelist"] = None
    run = sync(source, at=clock.at, reader=reader(), clock=lambda: clock.at)
    assert (run.outcome, run.unchanged, run.withdrawn, run.failed) == ("partly", 1, 1, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><p>Masuk",
        b"<Structure",
        b"{}",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Structure>&b;</Structure>',
        b"",
    ],
)
def test_what_is_no_structure_message_is_refused(service: Service, body: bytes) -> None:
    service.answers["dataflow"] = body
    with pytest.raises(SourceError, match="no SDMX-ML structures"):
        read(service, resources=["dataflow"])


def test_without_the_extra_the_source_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "find_spec", lambda name: None)
    with translation.override("en"):
        [sentence] = reader().check({"url": "https://sdmx.contoh.go.id/rest"})
    assert 'pip install "sapa[sdmx]"' in sentence


def test_a_wrong_configuration_is_explained() -> None:
    wrong = {"url": "sdmx", "resources": ["data"], "classifications": "CL", "x": 1}
    assert len(reader().check(wrong)) == 4
    assert reader().check({"url": "https://sdmx.contoh.go.id/rest", "resources": ["codelist"]}) == []


def test_the_process_that_answers_visitors_loads_neither_sdmx_nor_pandas_nor_spreadsheets() -> None:
    script = (
        "import json, sys, django; django.setup(); import sapa.urls; import sapa.front\n"
        "from django.urls import get_resolver; len(get_resolver().reverse_dict)\n"
        "from sapa.catalogue.sources.registry import READERS, reader_of\n"
        "[reader_of(kind) for kind in READERS]\n"
        "print(json.dumps(sorted({'sdmx', 'pandas', 'openpyxl', 'lxml'} & set(sys.modules))))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(made.stdout) == []
