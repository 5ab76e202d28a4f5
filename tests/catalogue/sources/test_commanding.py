"""`sapa catalogue sync` and `source`: what they print, how they end, and what a kill -9 leaves."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sapa.catalogue.models import Entry, Source, SourceRun
from sapa.offices.models import Office
from tests import migrated
from tests.conftest import Clock
from tests.serving import until
from tests.simulators import webapi


def sapa(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("catalogue", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*words: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        sapa(*words)
    return error.value.returncode, str(error.value)


def test_a_source_is_added_read_listed_and_removed(office: Office, site: webapi.Site, clock: Clock) -> None:
    config = '{"domain": "1808", "models": ["statictable", "infographic"]}'
    sapa("source", "add", "bps", "--office", "1808", "--kind", "webapi", "--config", config, "--by-command")
    out, err = sapa("sync", "bps")
    assert out.startswith("bps: 13 ditambahkan, 0 berubah, 0 tetap, 0 ditarik, 0 gagal")
    assert err.splitlines()[-1] == "[########################] 2/2 infographic ind · 13"
    out, _err = sapa("source", "list")
    began = "Senin, 23 November 2026 pukul 08.30 WIB: Selesai"
    assert out.split("\t")[:5] == ["1808", "bps", "webapi", "dengan perintah", began]
    sapa("source", "remove", "bps", "--office", "1808")
    assert (Source.objects.count(), Entry.objects.filter(withdrawn_at=None).count()) == (0, 0)


def test_an_incomplete_reading_ends_with_one_and_says_why(
    office: Office, source: Source, site: webapi.Site
) -> None:
    site.break_down("count", "list/model/statictable")
    code, _words = refused("sync", "bps", "--office", "1808", "--since", "2026-01-01")
    assert (code, SourceRun.objects.get().outcome) == (1, "partly")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_written_over_and_nothing_but_failures_is_red(
    office: Office, source: Source, site: webapi.Site
) -> None:
    err = Terminal()
    call_command("catalogue", "sync", "bps", stdout=io.StringIO(), stderr=err)
    shown = err.getvalue()
    assert (shown.count("\r"), shown.count("\n"), "\x1b" in shown) == (2, 1, False)


def test_a_reading_that_was_cut_says_that_it_goes_on(
    office: Office, source: Source, site: webapi.Site, clock: Clock
) -> None:
    site.break_down("500", "page/2/", times=4)
    assert refused("sync", "bps")[0] == 1
    clock.advance(minutes=5)
    _out, err = sapa("sync", "bps")
    assert err.startswith("Ini melanjutkan pembacaan yang dimulai Senin, 23 November 2026 pukul 08.30 WIB.\n")
    assert Entry.objects.count() == 12


def test_wrong_usage_ends_with_two(office: Office, other_office: Office, source: Source) -> None:
    Source.objects.create(office=other_office, kind="webapi", name="bps")
    assert refused("sync", "bps")[0] == 2
    assert refused("sync", "tidak-ada")[0] == 2
    words = ("source", "add", "x", "--office", "1808", "--kind", "webapi", "--config")
    assert refused(*words, "{")[0] == 2
    assert refused(*words, "[]")[0] == 2
    assert refused(*words, "{}")[0] == 1
    assert "bukan tanggal" in refused("sync", "bps", "--since", "kemarin")[1]


BEGIN = """
import django; django.setup()
from django_scopes import scopes_disabled
from sapa.catalogue.models import Source
from sapa.offices.models import Office
with scopes_disabled():
    kinds = (("0000", "national"), ("1800", "province"), ("1808", "regency"))
    office = None
    for code, kind in kinds:
        office = Office.objects.create(code=code, kind=kind, name="BPS", parent=office)
    config = {"domain": "1808", "models": ["statictable", "pressrelease"]}
    Source.objects.create(office=office, kind="webapi", name="bps", config=config)
from django.core.management import call_command
call_command("catalogue", "sync", "bps")
"""


def test_a_killed_reading_is_gone_on_with_and_everything_is_there_once(tmp_path: Path) -> None:
    migrated.copy_to(tmp_path / "sapa.sqlite3")
    with webapi.serve() as site:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
            "SAPA_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "sapa.settings",
            "SAPA_WEBAPI": site.origin,
            "SAPA_WEBAPI_KEY": webapi.KEY,
            "SAPA_SOURCES_PACE_MS": "0",
        }
        how: dict[str, Any] = {
            "env": environment,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }
        site.break_down("slow", "page/2/", seconds=20)
        with subprocess.Popen([sys.executable, "-c", BEGIN], **how) as first:
            until(lambda: any("page/2/" in path for path in site.asked) or first.poll() is not None, 60)
            first.send_signal(signal.SIGKILL)
        assert rows(tmp_path, "SELECT outcome, added FROM catalogue_sourcerun") == [("running", 10)]
        site.faults.clear()
        site.asked.clear()
        command = [sys.executable, "-m", "sapa", "catalogue", "sync", "bps"]
        second = subprocess.run(command, **how, timeout=60, check=False)
        assert (second.returncode, second.stdout[:19]) == (0, "bps: 15 ditambahkan")
    assert not any("page/1/" in path for path in site.asked if "statictable" in path)
    assert rows(tmp_path, "SELECT outcome, added FROM catalogue_sourcerun") == [("done", 15)]
    assert rows(tmp_path, "SELECT count(*), count(DISTINCT kind || external_id) FROM catalogue_entry") == [
        (15, 15)
    ]


def rows(folder: Path, question: str) -> list[Any]:
    with sqlite3.connect(folder / "sapa.sqlite3") as database:
        return database.execute(question).fetchall()
