"""What a file says in terms of the catalogue: classifications by their first line, own lists, mappings."""

import io
from contextlib import closing
from pathlib import Path

import pytest
from django.utils import translation

from sapa.catalogue.models import Absence
from sapa.catalogue.sources.files.layouts import Layout, layout_of, problems_of
from sapa.catalogue.sources.files.records import Looked, Record, Records
from sapa.offices.marked_yaml import FileRefused

KBLI = """kategori,digit,kode,judul,deskripsi
A,1,A,Pertanian,"Kategori ini  mencakup
pertanian."
A,2,01,"Pertanian
 Tanaman ",
A,3,011,Tanaman semusim,
A,5,01112,Pertanian gandum,Gandum.
"""


def told(text: str | bytes, layout: Layout | None = None) -> tuple[Looked, list[Record]]:
    given = text if isinstance(text, bytes) else text.encode()
    with closing(Records(io.BytesIO(given), layout)) as records:
        return records.look(), list(records.read())


def wrong(text: str, layout: Layout | None = None) -> list[str]:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        told(text, layout)
    with translation.override("en"):
        return [str(each) for each in refused.value.problems]


def test_kbli_is_known_by_its_first_line_with_the_section_above_two_digits() -> None:
    looked, records = told(KBLI)
    assert (looked.layout.version, looked.rows) == ("KBLI 2020", 4)
    assert [(each.values["title"], each.parent_code) for each in records] == [
        ("A Pertanian", ""),
        ("01 Pertanian Tanaman", "A"),
        ("011 Tanaman semusim", "01"),
        ("01112 Pertanian gandum", "011"),
    ]
    assert records[0].values["summary"] == "Kategori ini mencakup\npertanian."
    assert {each.values["version"] for each in records} == {"KBLI 2020"}


def test_kbji_has_a_dot_before_its_last_digits() -> None:
    looked, records = told(
        "digit,kode,judul,deskripsi\n1,9,Pekerja kasar,\n4,9111,Asisten,\n6,9111.01,ART,\n"
    )
    assert looked.layout.version == "KBJI 2014"
    assert [each.parent_code for each in records] == ["", "9", "9111"]


@pytest.mark.parametrize(
    ("text", "version"),
    [("0,0,Hasil,\n0,01,Padi,\n", "KBKI 2012"), ("5,5,Jasa,\n5,53,Bangun,\n", "KBKI 2013")],
)
def test_kbki_has_no_header_and_its_sections_tell_goods_from_services(text: str, version: str) -> None:
    looked, records = told(text)
    assert looked.layout.version == version
    assert [each.parent_code for each in records] == ["", text[0]]


def test_a_code_that_comes_twice_in_a_classification_is_left_out_and_named() -> None:
    with translation.override("en"):
        looked, records = told("5,5,Jasa,\n5,53,Satu,\n5,53,Dua,\n")
    assert looked.notes == ("Line 3 is left out: “53” stands in line 2 already.",)
    assert [each.values["title"] for each in records] == ["5 Jasa", "53 Satu"]


def test_a_list_with_the_same_number_twice_is_refused_with_both_lines() -> None:
    text = "kind,title,external_id\nstatic_table,x,1\nstatic_table,y,1\n"
    assert wrong(text) == ["line 3, column 1: This stands in line 2 already."]


def test_a_hundred_mistakes_are_told_and_no_more() -> None:
    text = "kind,title,external_id\n" + "novel,x,1\n" * 500
    assert len(wrong(text)) == 100


def test_a_mapping_names_the_columns_of_a_list_that_was_made_elsewhere() -> None:
    given = {
        "kind": "publication",
        "columns": {"Judul Publikasi": "title", "No.": "external_id", "Rilis": "released_on"},
        "defaults": {"producer": "Dinas Pertanian"},
    }
    assert problems_of(given) == []
    _looked, records = told("No.;JUDUL  publikasi;Rilis;lain\n7;Lahan;2026-01-31;x\n", layout_of(given))
    [record] = records
    assert record.values == {
        "kind": "publication",
        "version": "",
        "external_id": "7",
        "title": "Lahan",
        "released_on": record.values["released_on"],
        "producer": "Dinas Pertanian",
    }
    said = wrong("No;Judul Publikasi;Rilis\n7;Lahan;2026-01-31\n", layout_of(given))
    assert said == ["line 1, column 1: The column “no.” is missing. There are: no, judul publikasi, rilis."]


def test_a_list_of_what_does_not_exist_is_known_by_its_column() -> None:
    looked, records = told("indicator,reason\nPDRB kecamatan,Tidak dihitung.\n")
    assert looked.model is Absence
    assert records[0].values["reason"] == "Tidak dihitung."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "list of settings"),
        ({"columns": {"a": "title", "b": "external_id"}}, "The kind is one of"),
        ({"kind": "novel", "columns": {"a": "title", "b": "external_id"}}, "The kind is one of"),
        ({"kind": "publication"}, "“columns” says"),
        ({"kind": "publication", "columns": {"a": "title"}}, "No column is “external_id”"),
        ({"kind": "publication", "columns": {"a": "title", "b": "colour"}}, "“colour” is not known"),
        ({"kind": "publication", "columns": {"a": "title", "b": "title"}}, "“title” stands here twice"),
        ({"kind": "publication", "columns": {"a": "title", "b": "external_id"}, "x": 1}, "“x” is not known"),
        (
            {"kind": "publication", "has_header": False, "columns": {"a": "title", "2": "external_id"}},
            "by their numbers",
        ),
        (
            {"kind": "publication", "columns": {"a": "title", "b": "external_id"}, "defaults": {"x": "y"}},
            "“defaults” gives",
        ),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_explained(given: object, said: str) -> None:
    with translation.override("en"):
        found = problems_of(given)
    assert any(said in sentence for sentence in found), found


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "version", "rows", "left_out", "tops"),
    [
        ("kbli2020", "KBLI 2020", 2712, 0, "ABCDEFGHIJKLMNOPQRSTU"),
        ("kbji2014", "KBJI 2014", 2766, 0, "0123456789"),
        ("kbki2012-goods", "KBKI 2012", 27_469, 0, "01234"),
        ("kbki2013-services", "KBKI 2013", 1847, 2, "56789"),
    ],
)
def test_the_classifications_as_offices_pass_them_on_are_read_whole(
    shared_data: Path, name: str, version: str, rows: int, left_out: int, tops: str
) -> None:
    looked, records = told((shared_data / "classifications" / f"{name}.csv").read_bytes())
    assert (looked.layout.version, looked.rows, len(looked.notes)) == (version, rows, left_out)
    codes = {each.values["external_id"] for each in records}
    assert len(codes) == len(records) == rows
    assert [each.values["external_id"] for each in records if not each.parent_code] == list(tops)
    assert {each.parent_code for each in records} - {""} <= codes
    assert not any("\n" in each.values["title"] for each in records)
