"""`sapa search` prints the ranking of the page, and why."""

import json

import pytest
from django.core.management import CommandError, call_command

from sapa.catalogue.search import search
from sapa.offices.models import Office


def test_the_command_prints_the_ranking_of_the_page(
    demo_catalogue: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("search", "penduduk miskin", "--office", "1808", "--json", "--explain")
    told = json.loads(capsys.readouterr().out)
    page = search(demo_catalogue, "penduduk miskin")
    assert [row["title"] for row in told["results"] if row["kind"] != "absence"] == [
        hit.entry.title for hit in page.entries
    ]
    assert told["total"] == page.total
    assert all(row["why"] for row in told["results"])


def test_the_reasons_stand_under_each_result(
    demo_catalogue: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("search", "kepadatn penduduk 2024 ", "--office", "1808", "--explain", "--limit", "1")
    out = capsys.readouterr().out
    assert "Dibaca sebagai: kepadatan penduduk" in out
    assert "years: Tahun 2024" in out
    assert "Kepadatan Penduduk menurut Kecamatan" in out
    assert "covered 1" in out


def test_only_one_kind_can_be_asked_for(demo_catalogue: Office, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("search", "penduduk", "--office", "1808", "--kind", "publication", "--json")
    kinds = {row["kind"] for row in json.loads(capsys.readouterr().out)["results"]}
    assert kinds == {"publication"}


def test_nothing_found_and_a_wrong_office_are_said_with_their_exit_codes(demo_catalogue: Office) -> None:
    with pytest.raises(CommandError) as nothing:
        call_command("search", "zzgundul", "--office", "1808")
    assert nothing.value.returncode == 1
    with pytest.raises(CommandError, match="9999"):
        call_command("search", "padi", "--office", "9999")
