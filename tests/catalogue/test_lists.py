"""A list from a file on the office's page: looked through, seen, confirmed; or refused with every mistake."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from openpyxl import load_workbook

from sapa.activity.models import Event
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.sources.files import keeping
from sapa.catalogue.views import lists
from sapa.offices.models import Office
from sapa.people.models import Officer

PAGE = "/1808/pengaturan/sumber/berkas/"
GOOD = b"kind;title;external_id\nstatic_table;Luas panen;t1\nstatic_table;Luas tanam;t2\n"


def chosen(contents: bytes, name: str = "daftar.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, contents)}


def _kept() -> set[str]:
    return {file.name for file in (settings.FILES / "lists").glob("*")}


@pytest.fixture
def supervisor(citra: Officer, client: Browser) -> Browser:
    client.force_login(citra.user)
    return client


def test_a_file_shows_what_it_would_change_and_changes_it_once_confirmed(
    supervisor: Browser, office: Office, citra: Officer
) -> None:
    looked = supervisor.post(PAGE, chosen(GOOD))
    assert (looked.status_code, looked.context["would"].added, Entry.objects.count()) == (200, 2, 0)
    kept = looked.context["kept"]
    done = supervisor.post(PAGE, {"kept": kept}, follow=True)
    assert "2 ditambahkan, 0 diubah" in done.content.decode()
    assert sorted(Entry.objects.values_list("title", flat=True)) == ["Luas panen", "Luas tanam"]
    assert Event.objects.get(name="catalogue.loaded").by == citra.user
    assert keeping.kept(kept, office=office) is None
    again = supervisor.post(PAGE, {"kept": kept}, follow=True)
    assert "pilih lagi" in again.content.decode()
    same = supervisor.post(PAGE, chosen(GOOD))
    assert 'name="kept"' not in same.content.decode()


def test_codes_that_a_version_does_not_have_any_more_are_withdrawn_when_that_was_ticked(
    supervisor: Browser, office: Office
) -> None:
    head = b"kategori,digit,kode,judul,deskripsi\nA,1,A,Pertanian,\n"
    old = supervisor.post(PAGE, chosen(head + b"A,2,01,Tanaman,\n")).context["kept"]
    supervisor.post(PAGE, {"kept": old})
    looked = supervisor.post(PAGE, chosen(head))
    assert (looked.context["would"].withdrawn, 'name="kept"' in looked.content.decode()) == (0, False)
    looked = supervisor.post(PAGE, chosen(head) | {"replaces": "on"})
    assert (looked.context["would"].withdrawn, looked.context["would"].unchanged) == (1, 1)
    assert Entry.objects.filter(withdrawn_at=None).count() == 2
    done = supervisor.post(PAGE, {"kept": looked.context["kept"], "replaces": "on"}, follow=True)
    assert "1 ditarik" in done.content.decode()
    assert [each.external_id for each in Entry.objects.filter(withdrawn_at=None)] == ["A"]


def test_a_file_with_mistakes_is_not_kept_and_every_mistake_is_named(supervisor: Browser) -> None:
    before = _kept()
    bad = supervisor.post(PAGE, chosen(b"kind,title,external_id\nnovel,,1\n"))
    text = bad.content.decode()
    assert (bad.status_code, Entry.objects.count()) == (422, 0)
    assert ("baris 2, kolom 1" in text, "baris 2, kolom 2" in text) == (True, True)
    page = supervisor.post(PAGE, chosen(b"<html><p>Masuk", "kbli2020.csv"))
    assert (page.status_code, "halaman web" in page.content.decode()) == (422, True)
    assert supervisor.post(PAGE, {}).status_code == 422
    assert _kept() == before


def test_a_file_that_is_too_large_is_left_to_the_command(
    supervisor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILE_LIMIT", 10)
    assert supervisor.post(PAGE, chosen(GOOD)).status_code == 422


def test_a_file_of_a_million_lines_is_left_to_the_command_and_nothing_is_kept(
    supervisor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 2)
    before = _kept()
    assert supervisor.post(PAGE, chosen(GOOD)).status_code == 200
    answer = supervisor.post(PAGE, chosen(GOOD + b"static_table;Produksi;t3\nstatic_table;;\n"))
    assert [(each.line, "lebih dari 2 baris" in each.sentence) for each in answer.context["problems"]] == [
        (4, True)
    ]
    assert (answer.status_code, Entry.objects.count(), len(_kept() - before)) == (422, 0, 1)


def test_what_one_office_chose_another_cannot_confirm(
    office: Office, dewi: Officer, citra: Officer, client: Browser
) -> None:
    client.force_login(citra.user)
    kept = client.post(PAGE, chosen(GOOD)).context["kept"]
    client.force_login(dewi.user)
    assert client.post(PAGE, {"kept": kept}).status_code == 404
    client.post(f"/{dewi.office.code}/pengaturan/sumber/berkas/", {"kept": kept})
    client.force_login(citra.user)
    client.post(PAGE, {"kept": f"../lists/{kept}"})
    assert Entry.objects.count() == 0


def test_the_list_of_what_is_not_available_is_downloaded_mended_and_handed_in_again(
    supervisor: Browser, office: Office
) -> None:
    Absence.objects.create(office=office, indicator="PDRB", level="district", reason="Tidak dihitung.")
    Absence.objects.create(office=office, indicator="=1+1", frequency="yearly", reason="Salah ketik.")
    answer = supervisor.get("/1808/pengaturan/sumber/ketiadaan.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="ketiadaan-1808.xlsx"'
    same = supervisor.post(PAGE, chosen(answer.content, "ketiadaan.xlsx"))
    assert (same.context["would"].unchanged, same.context["would"].added) == (2, 0)
    book = load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Indikator", "Tingkat", "Frekuensi"]
    sheet.delete_rows(2)
    sheet.append(["Inflasi", "Kabupaten", "Bulanan", "", "Bukan kota IHK.", "BPS Provinsi", "Maret 2027"])
    mended = BytesIO()
    book.save(mended)
    looked = supervisor.post(PAGE, chosen(mended.getvalue(), "ketiadaan.xlsx") | {"replaces": "on"})
    assert (looked.context["would"].added, looked.context["would"].lost) == (1, ("=1+1",))
    assert "<li>=1+1</li>" in looked.content.decode()
    supervisor.post(PAGE, {"kept": looked.context["kept"], "replaces": "on"})
    shown = Absence.objects.filter(withdrawn_at=None).order_by("indicator")
    assert list(shown.values_list("indicator", "level", "next_release")) == [
        ("Inflasi", "regency", "Maret 2027"),
        ("PDRB", "district", ""),
    ]
    text = supervisor.get("/1808/cari/", {"q": "inflasi kabupaten"}).content.decode()
    assert "Maret 2027" in text
