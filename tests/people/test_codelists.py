"""The code lists: complete and purposeful, old visits keep their wording, mistakes are named by line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sapa.people.codelists import (
    FOLDER,
    BadBirthYear,
    BitSchemeError,
    Code,
    CodeListsError,
    age_class,
    choices,
    export_bit_sum,
    export_codes,
    label,
    lists_in_force,
    load,
    load_folder,
    version,
    versions,
)
from sapa.people.datafiles import DataFileError, Wording

BEFORE_2026 = date(2025, 12, 31)
NEW_YEAR = date(2026, 1, 1)
Broken = Callable[[str, str], DataFileError]
SHIPPED = (FOLDER / "skd-2026.yaml").read_text(encoding="utf-8")


def test_the_version_changes_with_the_year() -> None:
    assert lists_in_force(BEFORE_2026).version == "ntb-2024"
    assert lists_in_force(NEW_YEAR).version == "skd-2026"
    assert lists_in_force(date(2031, 1, 1)).version == "skd-2026"


def test_before_the_first_version_there_is_nothing_to_sign() -> None:
    with pytest.raises(CodeListsError, match="2023-12-31"):
        lists_in_force(date(2023, 12, 31))


def test_an_unknown_version_is_named() -> None:
    with pytest.raises(CodeListsError, match="skd-1999"):
        version("skd-1999")


def test_an_old_visit_keeps_its_old_wording() -> None:
    assert label("ntb-2024", "purpose", "research", "id") == "Penelitian"
    assert label("ntb-2024", "purpose", "thesis", "id") == "Skripsi/tesis/disertasi"
    assert label("ntb-2024", "education", "postgraduate", "en") == "Master or doctor (S2 or S3)"
    assert "thesis" not in version("skd-2026")["purpose"].keys


def test_the_same_key_may_have_another_code_in_another_year() -> None:
    assert version("ntb-2024")["institution_category"].code("ministry").code == "3"
    assert version("skd-2026")["institution_category"].code("ministry").code == "2"


def test_nothing_chosen_has_no_label_and_an_unknown_key_is_an_error() -> None:
    assert label("skd-2026", "gender", "", "id") == ""
    with pytest.raises(KeyError, match="gender has no option robot"):
        label("skd-2026", "gender", "robot", "id")


def test_choices_come_in_the_order_of_the_form_and_in_the_readers_language() -> None:
    purpose = version("skd-2026")["purpose"]
    assert choices(purpose, "id") == [
        ("school_work", "Tugas sekolah/tugas kuliah"),
        ("government", "Pemerintahan"),
        ("commercial", "Komersial"),
        ("research", "Penelitian"),
        ("other", "Lainnya"),
    ]
    assert [text for _key, text in choices(purpose, "en-gb")][:2] == [
        "School or university work",
        "Government",
    ]


def test_other_asks_for_a_text() -> None:
    lists = version("skd-2026")
    assert {name for name, each in lists.lists.items() if each.wanting_text} == {
        "occupation",
        "institution_category",
        "purpose",
        "means",
        "data_level",
        "data_period",
    }


def test_the_official_codes_of_2026() -> None:
    lists = version("skd-2026")
    assert [each.code for each in lists["age_class"].codes] == list("1234567")
    assert [each.code for each in lists["institution_category"].codes] == list("123456789")
    assert [each.code for each in lists["means"].codes] == ["1", "2", "4", "9", "16", "32"]
    assert lists["identity_kind"].code("other").code == "99"


def test_several_answers_are_allowed_where_the_form_allows_them() -> None:
    lists = version("skd-2026").lists
    assert {name for name, each in lists.items() if each.several} == {"means", "service"}


@pytest.mark.parametrize("name", ["ntb-2024", "skd-2026"])
def test_no_field_without_a_stated_purpose_and_a_legal_basis(name: str) -> None:
    for each in version(name).lists.values():
        assert min(len(each.purpose.id), len(each.purpose.en)) > 20
        assert "UU " in each.legal_basis.id or "standar pelayanan" in each.legal_basis.id
        assert "Law " in each.legal_basis.en or "service standard" in each.legal_basis.en


@pytest.mark.parametrize("name", ["ntb-2024", "skd-2026"])
def test_the_kind_of_a_disability_is_never_asked(name: str) -> None:
    assert version(name)["disability"].keys == {"yes", "no"}
    assert [each for each in version(name).lists if "disability" in each] == ["disability"]


def test_every_key_fits_the_columns_that_keep_it() -> None:
    widths = {"gender": 10, "age_class": 20, "identity_kind": 20}
    for each in versions():
        assert len(each.version) <= 20
        for name, code_list in each.lists.items():
            assert max(len(key) for key in code_list.keys) <= widths.get(name, 40)


# Age.


@pytest.mark.parametrize(
    ("birth_year", "expected"),
    [
        (2026, "under_17"),
        (2010, "under_17"),
        (2009, "age_17_25"),
        (2001, "age_17_25"),
        (2000, "age_26_34"),
        (1992, "age_26_34"),
        (1991, "age_35_44"),
        (1981, "age_45_54"),
        (1971, "age_55_65"),
        (1961, "age_55_65"),
        (1960, "over_65"),
        (1906, "over_65"),
    ],
)
def test_the_age_class_follows_from_the_birth_year(birth_year: int, expected: str) -> None:
    assert age_class(birth_year, date(2026, 11, 23)) == expected


@given(st.integers(1906, 2026), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_every_living_person_has_an_age_class_all_year(birth_year: int, on: date) -> None:
    assert age_class(birth_year, on) in lists_in_force(on)["age_class"].keys
    assert age_class(birth_year, on) == age_class(birth_year, NEW_YEAR)


@pytest.mark.parametrize("birth_year", [2027, 1905, 98, -1])
def test_an_impossible_birth_year_is_refused_with_an_example(birth_year: int) -> None:
    with pytest.raises(BadBirthYear) as refusal:
        age_class(birth_year, date(2026, 11, 23))
    with translation.override("en"):
        assert str(refusal.value) == "Type the year of birth in four digits, for example 1998."


# Export.


def test_the_form_of_2026_numbers_email_nine_and_that_is_handed_over_as_it_is() -> None:
    means = version("skd-2026")["means"]
    assert export_codes(means, ["letter_email", "in_person"], "skd") == (1, 9)
    assert export_codes(means, ["letter_email", "in_person"], "skd_bits") == (1, 8)


def test_codes_that_are_no_bits_are_never_added_up() -> None:
    # 9 + 1 would be 2 + 8: e-mail and a visit would read as PST Online and e-mail.
    with pytest.raises(BitSchemeError, match="skd numbers means"):
        export_bit_sum(version("skd-2026")["means"], ["in_person"], "skd")


def test_bit_codes_are_added_up_once_each() -> None:
    means = version("skd-2026")["means"]
    assert export_bit_sum(means, ["letter_email", "in_person", "in_person"], "skd_bits") == 9
    assert export_bit_sum(means, [], "skd_bits") == 0


def test_the_services_of_the_older_form_are_bits() -> None:
    service = version("ntb-2024")["service"]
    assert export_bit_sum(service, service.keys, "skd_bits") == 63


@given(
    st.sets(st.sampled_from(sorted(version("skd-2026")["means"].keys))),
    st.sets(st.sampled_from(sorted(version("skd-2026")["means"].keys))),
)
def test_two_selections_never_give_the_same_sum(one: set[str], other: set[str]) -> None:
    means = version("skd-2026")["means"]
    same = export_bit_sum(means, one, "skd_bits") == export_bit_sum(means, other, "skd_bits")
    assert same is (one == other)


@pytest.mark.parametrize(("keys", "scheme"), [(["robot"], "skd"), (["chat"], "unknown")])
def test_an_unknown_option_or_form_is_an_error(keys: list[str], scheme: str) -> None:
    with pytest.raises(KeyError):
        export_codes(version("skd-2026")["means"], keys, scheme)


# Files with mistakes.


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """The error of the shipped file of 2026 with one passage replaced."""

    def _broken(passage: str, replacement: str) -> DataFileError:
        assert passage in SHIPPED
        path = tmp_path / "skd-2026.yaml"
        path.write_text(SHIPPED.replace(passage, replacement, 1), encoding="utf-8")
        with pytest.raises(DataFileError) as error:
            load(path)
        return error.value

    return _broken


MALE = '{key: male, code: "1", label_id: Laki-laki, label_en: Male}'


@pytest.mark.parametrize(
    ("passage", "replacement", "reason"),
    [
        ("version: skd-2026", "version: skd-2027", "must be called like its file"),
        ("valid_from: 2026-01-01", "valid_from: soon", "expected a date as 2026-01-31"),
        ("valid_from: 2026-01-01", "valid_from: 2026-13-01", "expected a date as 2026-01-31"),
        ("valid_from: 2026-01-01", "valid_from: 2026-01-01 10:00:00", "expected a date"),
        ("source: Guest", "sauce: Guest", "'sauce' is not known here"),
        ('code: "1", label_id: Laki', "code: 1, label_id: Laki", "put codes and numbers in quotes"),
        ("key: male", "key: Male!", "a key is at most 20 small letters"),
        ("key: female", "key: male", "the key 'male' stands in this list twice"),
        ('female, code: "2"', 'female, code: "1"', "the code '1' stands in this list twice"),
        ("label_id: Perempuan, ", "", "'label_id' is missing"),
        ("label_id: Perempuan", 'label_id: " "', "the text is empty"),
        (MALE, MALE[:-1] + ", other: perhaps}", "expected true or false"),
        (MALE, MALE[:-1] + ", key: man}", "'key' stands here twice"),
        (MALE, MALE[:-1] + ", colour: blue}", "'colour' is not known here"),
        (MALE, "male", "expected names with values"),
        ("to_age: 25", "to_age: 24", "must begin one year after"),
        ("to_age: 25", "to_age: -25", "expected a whole number"),
        ("to_age: 16", "to_age: 16, from_age: 0", "the first age class has no from_age"),
        ("from_age: 66", "from_age: 66, to_age: 90", "the last age class has no to_age"),
        ("chat: 16, other: 32}", "chat: 16}", "exactly the keys of its list"),
        ("several: true", "several: often", "expected true or false"),
        ("*public_service", "*private_service", "undefined alias"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    broken: Broken, passage: str, replacement: str, reason: str
) -> None:
    error = broken(passage, replacement)
    line = SHIPPED[: SHIPPED.index(passage)].count("\n") + 1
    assert reason in str(error)
    assert str(error).startswith(f"skd-2026.yaml:{line}:")


def test_a_forgotten_list_is_named(broken: Broken) -> None:
    assert "the list 'nationality' is missing" in str(broken("  nationality:", "  citizenship:"))


def test_a_broken_bracket_is_named_with_a_line(broken: Broken) -> None:
    assert broken("lists:", "lists: [").line > 8


def test_an_empty_list_is_no_list(broken: Broken) -> None:
    begin = SHIPPED.index("    codes:\n      - {key: wni")
    end = SHIPPED.index("  visit_kind:")
    assert "at least one entry" in str(broken(SHIPPED[begin:end], "    codes: []\n\n"))


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"a: \x00", "YAML")]
)
def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=reason):
        load(path)


def test_two_versions_of_one_day_are_refused(tmp_path: Path) -> None:
    for name in ("skd-2026", "skd-again"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(SHIPPED.replace("version: skd-2026", f"version: {name}"), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"skd-again\.yaml:5:13: version skd-2026 begins on the same day"):
        load_folder(tmp_path)


def test_a_shipped_code_reads_as_it_is_written() -> None:
    assert version("skd-2026")["gender"].code("male") == Code(
        key="male", code="1", label=Wording(id="Laki-laki", en="Male")
    )
