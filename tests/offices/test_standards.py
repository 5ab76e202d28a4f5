"""The standard as a file: all of it or nothing, errors by line, versions by validity."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.offices import standards
from sapa.offices.marked_yaml import FileRefused
from sapa.offices.models import Desk, Hours, Office, OpeningInterval, Service, ServiceStandard

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHIPPED = Path(standards.__file__).parent / "data" / "standards" / "1808.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"), scopes_disabled():
        yield


def _problems(text: str | bytes) -> list[str]:
    with pytest.raises(FileRefused) as refusal:
        standards.load(text, by=None, at=AT)
    assert not Event.objects.exists()
    return [str(problem) for problem in refusal.value.problems]


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.django_db
def test_the_shipped_file_makes_the_whole_office() -> None:
    office = standards.load(TEXT, by=None, at=AT)
    assert [each.code for each in office.lineage()] == ["1808", "1800", "0000"]
    assert (office.phone, office.website, office.zone_name) == (
        "07267575406",
        "https://tulangbawangkab.bps.go.id/",
        "Asia/Jakarta",
    )
    standard = standards.standard_in_force(office, date(2026, 11, 23))
    assert (
        standard.decree,
        standard.onsite_minutes,
        standard.online_working_days,
        standard.silence_days,
    ) == (
        "030 Tahun 2019",
        10,
        3,
        7,
    )
    assert [(line["number"], line["channel"]) for line in standard.content["requirements"]] == [
        *((number, "visit") for number in range(1, 5)),
        *((number, "online") for number in range(5, 8)),
    ]
    assert [line["number"] for line in standard.content["steps"]] == list(range(1, 16))
    prefixes = Service.objects.filter(office=office).values_list("key", "prefix", "is_pst")
    assert list(prefixes) == [
        ("consultation", "K", True),
        ("library", "P", True),
        ("sales", "J", True),
        ("recommendation", "R", True),
        ("dtsen", "D", True),
        ("errand", "T", False),
    ]


@pytest.mark.django_db
def test_loading_the_same_file_again_changes_and_records_nothing() -> None:
    standards.load(TEXT, by=None, at=AT)
    before = Event.objects.count()
    standards.load(TEXT, by=None, at=AT)
    assert Event.objects.count() == before
    assert [ServiceStandard.objects.count(), Hours.objects.count(), OpeningInterval.objects.count()] == [
        1,
        2,
        10,
    ]


@pytest.mark.django_db
def test_a_changed_promise_of_the_same_validity_is_updated_and_recorded() -> None:
    office = standards.load(TEXT, by=None, at=AT)
    standards.load(
        TEXT.replace("onsite_minutes: 10", "onsite_minutes: 15"), by=None, at=AT, source_name="b.yaml"
    )
    assert standards.standard_in_force(office, date(2026, 1, 1)).onsite_minutes == 15
    told = Event.objects.filter(name="standard.loaded").last()
    assert told is not None
    assert told.data == {
        "decree": "030 Tahun 2019",
        "valid_from": "2019-01-01",
        "changed": ["onsite_minutes"],
        "source": "b.yaml",
    }


@pytest.mark.django_db
def test_a_new_decree_is_a_new_version_and_the_old_one_is_kept_and_closed() -> None:
    office = standards.load(TEXT, by=None, at=AT)
    newer = TEXT.replace("decree: 030 Tahun 2019", "decree: 031 Tahun 2026").replace(
        "valid_from: 2019-01-01", "valid_from: 2026-12-01"
    )
    standards.load(newer, by=None, at=AT)
    assert [(row.decree, row.valid_until) for row in standards.history(office)] == [
        ("031 Tahun 2026", None),
        ("030 Tahun 2019", date(2026, 11, 30)),
    ]
    assert standards.standard_in_force(office, date(2026, 11, 30)).decree == "030 Tahun 2019"
    assert standards.standard_in_force(office, date(2026, 12, 1)).decree == "031 Tahun 2026"


@pytest.mark.django_db
def test_an_older_version_loaded_late_ends_where_the_known_one_begins() -> None:
    office = standards.load(TEXT, by=None, at=AT)
    older = TEXT.replace("valid_from: 2019-01-01", "valid_from: 2015-01-01").replace(
        "decree: 030 Tahun 2019", "decree: 001 Tahun 2015"
    )
    standards.load(older, by=None, at=AT)
    assert standards.standard_in_force(office, date(2018, 12, 31)).decree == "001 Tahun 2015"
    assert standards.standard_in_force(office, date(2019, 1, 1)).decree == "030 Tahun 2019"


def test_an_office_without_a_standard_keeps_that_of_the_office_above(office: Office) -> None:
    ServiceStandard.objects.filter(office=office).update(office=office.parent)
    assert standards.standard_in_force(office, date(2026, 1, 1)).office == office.parent
    assert [row.office for row in standards.history(office)] == [office.parent]


def test_an_office_without_any_standard_is_told_what_to_do(office: Office) -> None:
    ServiceStandard.objects.all().delete()
    with pytest.raises(Refused) as refusal:
        standards.standard_in_force(office, date(2026, 1, 1))
    assert str(refusal.value) == (
        "No service standard is in force at BPS Kabupaten Tulang Bawang on Thursday, 1 January 2026."
        " An administrator must load one."
    )


@pytest.mark.django_db
def test_every_error_is_told_at_once_with_its_line() -> None:
    wrong = (
        TEXT.replace("onsite_minutes: 10", "onsite_minutes: ten")
        .replace("valid_from: 2019-01-01", "valid_from: 2019-13-01")
        .replace("  silence_days:", "  silence_day:")
        .replace('friday: ["08:00-15:30"]', 'friday: ["08:00-12:00", "11:30-15:30"]', 1)
        .replace("prefix: P", "prefix: K")
    )
    assert _problems(wrong) == [
        f"line {_line(TEXT, 'decree: 030')}, column 3: “silence_days” is missing.",
        f"line {_line(wrong, 'valid_from: 2019')}, column 15:"
        " “2019-13-01” is not a date. Write it like 2026-11-25.",
        f"line {_line(wrong, 'onsite_minutes')}, column 19:"
        " A whole number between 1 and 480 is expected here.",
        f"line {_line(wrong, 'silence_day:')}, column 3:"
        " “silence_day” is not known here. Did you mean “silence_days”?",
        f"line {_line(wrong, '11:30-15:30')}, column 31: These hours overlap with others of the same day.",
        f"line {_line(wrong, 'key: library')}, column 5:"
        " The prefix “K” belongs to “consultation” already. Choose another letter.",
    ]
    assert not Office.objects.exists()


@pytest.mark.django_db
def test_errors_are_told_in_the_readers_language() -> None:
    with translation.override("id"), pytest.raises(FileRefused) as refusal:
        standards.load("format: 1\nofice: 3\n", by=None, at=AT)
    assert [problem.line for problem in refusal.value.problems] == [1, 2]
    assert str(refusal.value).splitlines()[1] == (
        "baris 2, kolom 1: “ofice” tidak dikenal di sini. Maksud Anda “office”?"
    )


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", "The file is empty."),
    "only a comment": ("# nothing\n", "The file is empty."),
    "a list": ("- a\n", "line 1, column 1: Entries are expected here: format, office."),
    "a single word": ("hello", "line 1, column 1: Entries are expected here: format, office."),
    "an alias": (
        "a: &a [x]\nb: *a\n",
        "line 1, column 4: Anchors (&) and aliases (*) are not allowed. Write it out.",
    ),
    "a Python object": (
        "format: !!python/object/apply:os.system ['true']\n",
        "line 1, column 9: Tags (!) are not allowed. Write the plain value.",
    ),
    "two documents": (
        "format: 1\n---\nformat: 1\n",
        "line 2, column 1: Only one document per file; remove the “---”.",
    ),
    "deep nesting": ("[" * 50_000, "line 1, column 13: The entries are nested too deeply."),
    "Latin-1": (
        "format: 1\nname: caf\xe9\n".encode("latin-1"),
        "line 2, column 10: The file is not UTF-8 text. Save it as UTF-8.",
    ),
    "control characters": (
        "format: \x07\n",
        "The file contains characters that do not belong in a text.",
    ),
    "ten megabytes": (
        b"x" * 10_000_000,
        "The file is larger than 200 kB. A standard is a short text.",
    ),
    "an open quote": (
        'format: 1\noffice: "oh\n',
        "line 3, column 1: This is not valid YAML here (found unexpected end of stream)."
        " Check indentation, colons and quotes.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(kind: str) -> None:
    given, sentence = HOSTILE[kind]
    assert _problems(given) == [sentence]


@pytest.mark.django_db
def test_an_anchor_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert _problems(bomb) == ["line 1, column 4: Anchors (&) and aliases (*) are not allowed. Write it out."]


@pytest.mark.django_db
def test_doubled_entries_and_strange_hours_are_refused() -> None:
    assert _problems(TEXT.replace("  phone:", "  name: X\n  phone:")) == [
        f"line {_line(TEXT, '  phone:')}, column 3: “name” stands here twice. Keep one."
    ]
    backwards = TEXT.replace('monday: ["08:00-15:30"]', 'monday: ["15:30-08:00"]', 1)
    assert _problems(backwards) == [
        f"line {_line(backwards, '15:30-08:00')}, column 16: The hours “15:30-08:00” end before they begin."
    ]


def test_a_file_of_another_office_is_refused_when_only_one_may_be_changed(
    office: Office, other_office: Office
) -> None:
    with pytest.raises(FileRefused) as refusal:
        standards.load(TEXT, by=None, at=AT, only=other_office)
    assert [problem.sentence for problem in refusal.value.problems] == [
        "This file is of office 1808; here only office 1812 can be changed."
    ]


def test_an_office_cannot_be_moved_below_another_by_a_file(office: Office) -> None:
    moved = TEXT.replace('code: "1800"', 'code: "1900"')
    with pytest.raises(FileRefused) as refusal:
        standards.load(moved, by=None, at=AT)
    assert [problem.sentence for problem in refusal.value.problems] == [
        "Office 1808 is stored below another office."
    ]


def test_a_prefix_of_a_service_that_the_file_does_not_name_is_taken(office: Office) -> None:
    Service.objects.create(office=office, key="corner", prefix="J", name_id="Pojok", name_en="Corner")
    with pytest.raises(FileRefused) as refusal:
        standards.load(TEXT, by=None, at=AT)
    assert [problem.line for problem in refusal.value.problems] == [_line(TEXT, "key: sales")]
    assert not Service.objects.filter(key="sales").exists()


@pytest.mark.django_db
def test_two_services_may_swap_their_prefixes() -> None:
    standards.load(TEXT, by=None, at=AT)
    swapped = (
        TEXT.replace("prefix: K", "prefix: X")
        .replace("prefix: P", "prefix: K")
        .replace("prefix: X", "prefix: P")
    )
    office = standards.load(swapped, by=None, at=AT)
    assert dict(Service.objects.filter(office=office).values_list("key", "prefix"))["library"] == "K"


@pytest.mark.django_db
def test_what_the_file_does_not_name_stays(office: Office) -> None:
    Desk.objects.create(office=office, name="Meja 9")
    text = TEXT[: TEXT.index("# The standard is silent on hours")]
    standards.load(text, by=None, at=AT)
    assert set(Desk.objects.filter(office=office).values_list("name", flat=True)) == {
        "Meja 1",
        "Meja 2",
        "Meja 9",
    }
