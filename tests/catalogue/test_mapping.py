"""A list with columns of its own: the page asks what they mean, looks through the file by that, and takes it over."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from sapa.catalogue.mapping_forms import Column, MappingForm, columns_of
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.sources.files import keeping
from sapa.offices.models import Office
from sapa.people.models import Officer

PAGE = "/1808/pengaturan/sumber/berkas/"
OWN = "No;Nama Data;OPD;Warna\nd-1;Jumlah koperasi;Dinas Koperasi;biru\nd-2;Panjang jalan;Dinas PU;ungu\n"
TOLD = {"kind": "static_table", "column-0": "external_id", "column-1": "title", "column-2": "producer"}


@pytest.fixture
def supervisor(citra: Officer, client: Browser) -> Browser:
    client.force_login(citra.user)
    return client


def chosen(contents: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("daftar.csv", contents.encode())}


def mapped(browser: Browser, contents: str, **told: str) -> Any:
    kept = browser.post(PAGE, chosen(contents)).context["kept"]
    return browser.post(PAGE, {"kept": kept, "mapped": "1", "name": "daftar.csv", **told})


def test_columns_with_names_of_the_offices_own_are_asked_for_and_then_taken_over(
    supervisor: Browser, office: Office
) -> None:
    asked = supervisor.post(PAGE, chosen(OWN))
    assert (asked.status_code, "problems" in asked.context) == (200, False)
    fields = asked.context["mapping"].fields
    assert [(field.label, field.initial) for name, field in fields.items() if name.startswith("column-")] == [
        ("No", "external_id"),
        ("Nama Data", "title"),
        ("OPD", "producer"),
        ("Warna", ""),
    ]
    kept = asked.context["kept"]
    looked = supervisor.post(PAGE, {"kept": kept, "mapped": "1", "name": "daftar.csv", **TOLD})
    assert (looked.context["would"].added, Entry.objects.count()) == (2, 0)
    done = supervisor.post(PAGE, {"kept": kept, "told": looked.context["told"]}, follow=True)
    assert "2 ditambahkan" in done.content.decode()
    rows = Entry.objects.order_by("external_id").values_list("external_id", "kind", "title", "producer")
    assert list(rows) == [
        ("d-1", "static_table", "Jumlah koperasi", "Dinas Koperasi"),
        ("d-2", "static_table", "Panjang jalan", "Dinas PU"),
    ]
    assert keeping.kept(kept, office=office) is None


def test_mistakes_in_the_lines_are_named_and_the_columns_can_be_told_anew(supervisor: Browser) -> None:
    answer = mapped(supervisor, OWN + "d-2;Luas;;\n;Tanpa nomor;;\n", **TOLD)
    said = [(problem.line, problem.column) for problem in answer.context["problems"]]
    assert (answer.status_code, said, Entry.objects.count()) == (422, [(4, 1), (5, 1)], 0)
    assert answer.context["mapping"].data["column-1"] == "title"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"kind": "static_table", "column-1": "title"}, {"__all__"}),
        ({"kind": "", "column-0": "external_id", "column-1": "title"}, {"kind"}),
        (TOLD | {"column-2": "title"}, {"column-2"}),
        (TOLD | {"column-3": "reason"}, {"column-3"}),
        (TOLD | {"column-3": "office_id"}, {"column-3"}),
        (TOLD | {"kind": "answer"}, {"kind"}),
    ],
)
def test_columns_that_do_not_make_lines_are_refused(
    supervisor: Browser, told: dict[str, str], wrong: set[str]
) -> None:
    answer = mapped(supervisor, OWN, **told)
    assert (answer.status_code, set(answer.context["mapping"].errors)) == (422, wrong)
    assert Entry.objects.count() == 0


def test_codes_of_a_version_find_their_way_up(supervisor: Browser) -> None:
    told = {"kind": "classification_code", "version": "KBLI 2025", "column-0": "external_id"}
    looked = mapped(supervisor, "Kode;Judul Baru\nA;Pertanian\nA1;Tanaman\n", **told, **{"column-1": "title"})
    supervisor.post(PAGE, {"kept": looked.context["kept"], "told": looked.context["told"]})
    assert Entry.objects.get(external_id="A1", version="KBLI 2025").parent == Entry.objects.get(
        external_id="A"
    )


def test_what_is_not_available_is_guessed_from_its_columns(supervisor: Browser) -> None:
    asked = supervisor.post(PAGE, chosen("Indikator;Alasan;Catatan\nInflasi;Bukan kota IHK\n"))
    form = asked.context["mapping"]
    told = {name: str(field.initial or "") for name, field in form.fields.items()}
    assert told["kind"] == "absence"
    kept = asked.context["kept"]
    looked = supervisor.post(PAGE, {"kept": kept, "mapped": "1", **told})
    supervisor.post(PAGE, {"kept": kept, "told": looked.context["told"]})
    assert list(Absence.objects.values_list("indicator", "reason")) == [("Inflasi", "Bukan kota IHK")]


@pytest.mark.parametrize("told", ["{", "[]", '{"columns": {"No": "office_id"}}'])
def test_a_mapping_that_was_tampered_with_changes_nothing(supervisor: Browser, told: str) -> None:
    kept = supervisor.post(PAGE, chosen(OWN)).context["kept"]
    assert supervisor.post(PAGE, {"kept": kept, "told": told}).status_code == 302
    assert Entry.objects.count() == 0


def test_a_file_that_another_office_chose_cannot_be_mapped(
    supervisor: Browser, dewi: Officer, client: Browser
) -> None:
    kept = supervisor.post(PAGE, chosen(OWN)).context["kept"]
    client.force_login(dewi.user)
    answer = client.post(f"/{dewi.office.code}/pengaturan/sumber/berkas/", {"kept": kept, "mapped": "1"})
    assert answer.status_code == 302


def test_a_column_shows_what_its_first_lines_say(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("No , ,Nama  Data\n1,x,\n2,,Padi\n")
    assert columns_of(file) == [Column("No", ("1", "2")), Column("Nama Data", ("Padi",))]
    form = MappingForm(columns_of(file))
    assert [form.fields[f"column-{place}"].help_text for place in (0, 1)] == ["1 · 2", "Padi"]
