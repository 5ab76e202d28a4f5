"""`sapa office` and `sapa deadline`, as an operator types them."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sapa.offices import holidays, standards
from sapa.offices.models import Holiday, Office, ServiceStandard
from tests import migrated
from tests.conftest import Clock

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SHIPPED = Path(standards.__file__).parent / "data" / "standards" / "1808.yaml"


def _say(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def _refusal(*words: str) -> str:
    with pytest.raises(CommandError) as refusal:
        _say(*words)
    return str(refusal.value)


@pytest.mark.django_db
def test_loading_the_shipped_office_brings_its_holidays_too(clock: Clock) -> None:
    said = _say("office", "--language", "en", "load", "1808")
    assert said == "BPS Kabupaten Tulang Bawang (1808) is loaded. National days off added: 82.\n"
    assert Holiday.objects.count() == 82


@pytest.mark.django_db
def test_checking_a_file_changes_nothing(clock: Clock) -> None:
    said = _say("office", "--language", "id", "load", str(SHIPPED), "--check")
    assert said == "Berkas ini baik. Tidak ada yang diubah. Kantor: 1808\n"
    assert Office.objects.count() == 0


@pytest.mark.django_db
def test_a_wrong_file_is_refused_with_its_name_and_lines(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SHIPPED.read_text(encoding="utf-8").replace("silence_days: 7", "silence_days: -7"))
    line = wrong.read_text().split("silence_days")[0].count("\n") + 1
    assert _refusal("office", "--language", "en", "load", str(wrong)) == (
        f"{wrong}: line {line}, column 17: A whole number between 1 and 90 is expected here."
    )
    assert Office.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["/nowhere/at/all.yaml", "/", "nul\0byte", "9999"])
def test_a_file_that_cannot_be_read_is_refused(name: str) -> None:
    assert _refusal("office", "--language", "en", "load", name).startswith(("The file ", "“nul"))


@pytest.mark.django_db
def test_an_endless_file_is_read_only_so_far(tmp_path: Path) -> None:
    endless = tmp_path / "endless.yaml"
    with endless.open("wb") as file:
        file.truncate(10_000_000)
    assert _refusal("office", "--language", "en", "load", str(endless)) == (
        f"{endless}: The file is larger than 200 kB. A standard is a short text."
    )


def test_the_list_names_every_office_and_its_decree(office: Office, clock: Clock) -> None:
    assert _say("office", "--language", "en", "list").splitlines() == [
        "0000  National            BPS  [–]",
        "1800  Province            BPS Provinsi Lampung  [–]",
        "1808  Regency or city     BPS Kabupaten Tulang Bawang  [030 Tahun 2019]",
    ]


def test_the_list_goes_by_the_date_at_the_office(office: Office, clock: Clock) -> None:
    """At 00.30 in Jayapura it is still the day before in Greenwich, and the new decree is in force."""
    Office.objects.filter(pk=office.pk).update(zone_name=Office.Zone.WIT)
    old = office.standards.get()
    office.standards.create(
        decree="7 Tahun 2026",
        valid_from=date(2026, 11, 24),
        onsite_minutes=10,
        online_working_days=3,
        silence_days=7,
        content={},
        loaded_at=old.loaded_at,
    )
    clock.set(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    assert _say("office", "list").splitlines()[-1].endswith("[030 Tahun 2019]")
    clock.set(datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    assert _say("office", "list").splitlines()[-1].endswith("[7 Tahun 2026]")


@pytest.mark.django_db
def test_one_office_is_shown_with_hours_services_and_desks(clock: Clock) -> None:
    _say("office", "load", "1808")
    assert _say("office", "--language", "id", "show", "1808").splitlines() == [
        "1808  BPS Kabupaten Tulang Bawang",
        "Badan Pusat Statistik > BPS Provinsi Lampung > BPS Kabupaten Tulang Bawang",
        "Jl. Cemara Sakti No.285, Gunung Sakti, Menggala Sel., Kec. Menggala, Kab. Tulang Bawang 34388",
        "07267575406",
        "https://tulangbawangkab.bps.go.id/",
        "Standar: 030 Tahun 2019, berlaku sejak Selasa, 1 Januari 2019",
        "Hari ini, Senin 23 November: 08.00–15.30 (WIB)",
        "Layanan:",
        "  K   Konsultasi statistik",
        "  P   Perpustakaan",
        "  J   Produk statistik berbayar",
        "  R   Rekomendasi kegiatan statistik",
        "  D   Konsultasi DTSEN",
        "  T   Keperluan lain",
        "Meja:",
        "  Meja 1: Konsultasi statistik, Rekomendasi kegiatan statistik, Konsultasi DTSEN",
        "  Meja 2: Konsultasi statistik, Perpustakaan, Produk statistik berbayar, Konsultasi DTSEN",
        "  Meja depan: Keperluan lain",
    ]


def test_an_unknown_office_is_told_apart_from_a_wrong_command(office: Office) -> None:
    sentence = "There is no office 4711. `sapa office list` shows all offices."
    assert _refusal("office", "--language", "en", "show", "4711") == sentence
    given = ("deadline", "--office", "4711", "--working-days", "3", "--language", "en")
    assert _refusal(*given) == sentence


def test_the_deadline_over_idulfitri_is_printed_with_every_step(office: Office) -> None:
    holidays.seed_national(AT)
    said = _say("deadline", "--office", "1808", "--from", "2026-03-13T10:00", "--working-days", "3")
    lines = said.splitlines()
    assert lines[:3] == [
        "Rabu, 25 Maret 2026 pukul 15.30 WIB",
        "",
        "Diterima Jumat, 13 Maret 2026 pukul 10.00 WIB. Batas waktu: 3 hari kerja;"
        " hari ke-1 adalah hari kerja sesudah hari penerimaan.",
    ]
    assert lines[-1] == "Jatuh tempo Rabu, 25 Maret 2026 pukul 15.30 WIB."
    assert (
        "Kamis, 19 Maret 2026: libur nasional Hari Suci Nyepi (Tahun Baru Saka 1948)"
        " menurut SKB 1497/2/5 Tahun 2025, tidak dihitung." in lines
    )


def test_a_deadline_in_a_year_without_decree_warns(office: Office) -> None:
    holidays.seed_national(AT)
    said = _say(
        "deadline",
        "--office",
        "1808",
        "--from",
        "2026-12-30T10:00",
        "--working-days",
        "3",
        "--language",
        "en",
    )
    assert said.splitlines()[-1] == (
        "Please note: the holiday decree for 2027 is not known yet, so this may change."
    )


def test_minutes_run_over_the_night_and_json_carries_the_ledger(office: Office) -> None:
    holidays.seed_national(AT)
    told = json.loads(
        _say("deadline", "--office", "1808", "--from", "2026-11-20T15:25", "--minutes", "10", "--json")
    )
    assert (told["office"], told["due"]) == ("1808", "2026-11-23T08:05:00+07:00")
    assert told["ledger"]["kind"] == "due"
    assert [step["reason"] for step in told["ledger"]["steps"] if step["counted"]] == ["service", "service"]


def test_the_day_of_receipt_counts_where_the_standard_says_so(office: Office) -> None:
    ServiceStandard.objects.update(day_zero="same_day")
    said = _say("deadline", "--office", "1808", "--from", "2026-11-16T10:00", "--working-days", "3")
    assert said.splitlines()[0] == "Rabu, 18 November 2026 pukul 15.30 WIB"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--working-days", "three"],
        ["--working-days", "-3"],
        ["--working-days", "99999999999"],
        ["--working-days", "1001"],
        ["--minutes", "9999999"],
        ["--minutes", "10", "--working-days", "3"],
        [],
        ["--working-days", "3", "--from", "yesterday"],
        ["--working-days", "3", "--from", "2026-03-13"],
        ["--working-days", "3", "--from", "0001-01-01T00:00"],
        ["--working-days", "3", "--from", "9999-12-31T23:59"],
        ["--working-days", "3", "--language", "fr"],
    ],
)
def test_wrong_input_of_deadline_is_refused(office: Office, wrong: list[str]) -> None:
    assert _refusal("deadline", "--office", "1808", *wrong)


def test_an_office_that_never_opens_has_no_deadline(office: Office) -> None:
    office.hours.all().delete()
    assert _refusal("deadline", "--office", "1808", "--working-days", "3", "--language", "en") == (
        "The office never opens within the next year. Check its hours and holidays first."
    )


def test_exit_codes_tell_refusal_from_wrong_usage(tmp_path: Path) -> None:
    environment = os.environ | {"SAPA_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/s.sqlite3"}
    migrated.copy_to(tmp_path / "s.sqlite3")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sapa", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    assert run("migrate", "-v", "0").returncode == 0
    assert run("office", "load", "1808").returncode == 0
    good = run("deadline", "--office", "1808", "--from", "2026-11-20T10:00", "--working-days", "3")
    assert (good.returncode, good.stdout.splitlines()[0]) == (0, "Rabu, 25 November 2026 pukul 15.30 WIB")
    refused = run("deadline", "--office", "4711", "--working-days", "3", "--language", "en")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "There is no office 4711." in refused.stderr
    usage = run("deadline", "--office", "1808", "--working-days", "x")
    assert (usage.returncode, usage.stdout) == (2, "")
    assert run("office").returncode == 2
    explained = run("deadline", "--help")
    assert explained.returncode == 0
    assert "Hitung batas waktu menurut kalender kantor" in explained.stdout
