"""What people call a business or a job leads to its code."""

import re
from collections import Counter
from pathlib import Path

import pytest

from sapa.catalogue.models import Entry
from sapa.catalogue.search import keeping, search
from sapa.catalogue.search.everyday import SUBJECTS, files, names_of
from sapa.catalogue.search.vocabulary import shipped
from sapa.offices.models import Office
from tests.catalogue.conftest import MakeEntry

LINE = re.compile(r"[0-9.]+: [^;:]+(; [^;:]+)*")
# A thing may be made, sold and repaired under the same name, hardly more.
MOST_CODES = 3


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_each_code_stands_once_in_order_with_names_that_differ(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    codes = [line.split(":")[0] for line in lines]
    assert codes == sorted(set(codes))
    twice = {
        code
        for code in codes
        if (names := names_of(file.stem.upper().replace("-", " "), code)) and len(set(names)) < len(names)
    }
    assert twice == set()


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_a_name_stands_at_few_codes(file: Path) -> None:
    names = Counter(
        name.strip()
        for line in file.read_text(encoding="utf-8").splitlines()
        for name in line.partition(":")[2].split(";")
    )
    assert {name: number for name, number in names.items() if number > MOST_CODES} == {}


def test_a_code_without_names_and_a_version_without_a_file_have_none() -> None:
    assert names_of("KBLI 2020", "00000") == ()
    assert names_of("KBLI 1997", "56104") == ()


def test_a_code_is_found_by_what_people_call_it_and_before_one_that_only_mentions_a_word(
    make_entry: MakeEntry, office: Office
) -> None:
    code = {"kind": Entry.Kind.CLASSIFICATION_CODE, "version": "KBLI 2020"}
    make_entry("56104 Penyediaan Makanan Keliling/Tempat Tidak Tetap", external_id="56104", **code)
    make_entry("47991 Perdagangan Eceran Keliling Komoditi Makanan", external_id="47991", **code)
    make_entry("99999 Reparasi Alat Rumah Tangga", external_id="99999", **code)
    found = [hit.entry.external_id for hit in search(office, "cilok keliling").entries]
    assert found[0] == "56104"
    assert "99999" not in found


def test_who_says_nothing_but_what_a_business_is_called_asks_for_its_code(
    make_entry: MakeEntry, office: Office
) -> None:
    make_entry("Jumlah depot dan galon menurut kecamatan")
    make_entry(
        "11052 Industri Air Minum Isi Ulang",
        kind=Entry.Kind.CLASSIFICATION_CODE,
        version="KBLI 2020",
        external_id="11052",
    )
    assert keeping.current().families_of("depot galon") == {"KBLI"}
    assert keeping.current().families_of("jumlah galon") == frozenset()
    assert search(office, "depot galon").entries[0].entry.external_id == "11052"


SUBJECT_LINE = re.compile(r"[^:;]+: [^;:]+(; [^;:]+)*")


def test_each_subject_stands_once_in_order_with_names_that_differ() -> None:
    lines = SUBJECTS.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not SUBJECT_LINE.fullmatch(line)] == []
    phrases = [line.split(":")[0] for line in lines]
    assert phrases == sorted(set(phrases))
    named = [(line.split(":")[0], line.partition(": ")[2].split("; ")) for line in lines]
    assert [phrase for phrase, names in named if len(set(names)) < len(names)] == []


def test_what_people_call_a_subject_leads_to_its_title_and_not_back() -> None:
    table = shipped()
    assert ("kendaraan", "bermotor") in table.subjects["truk",]
    assert ("truk",) not in table.subjects.get(("kendaraan", "bermotor"), ())


def test_a_table_is_found_by_what_people_call_their_subject(make_entry: MakeEntry, office: Office) -> None:
    vehicles = make_entry("Jumlah Kendaraan Bermotor menurut Jenis", external_id="1")
    make_entry("Jumlah Hotel menurut Jenis", external_id="2")
    assert [hit.entry for hit in search(office, "berapa banyak truk").entries] == [vehicles]


def test_what_is_called_exactly_so_comes_before_what_holds_the_words_in_several_names(
    make_entry: MakeEntry, office: Office
) -> None:
    code = {"kind": Entry.Kind.CLASSIFICATION_CODE, "version": "KBJI 2014"}
    make_entry("3142.05 Teknisi Perkebunan", external_id="3142.05", **code)
    make_entry("6112.02 Petani Karet", external_id="6112.02", **code)
    assert next(hit.entry.external_id for hit in search(office, "tukang deres").entries) == "6112.02"


def test_another_name_of_what_people_call_a_subject_leads_to_it_too(
    make_entry: MakeEntry, office: Office
) -> None:
    vehicles = make_entry("Jumlah Kendaraan Bermotor menurut Jenis", external_id="1")
    make_entry("Jumlah Hotel menurut Jenis", external_id="2")
    assert search(office, "number of motorcycles").entries[0].entry == vehicles
