"""The polite guest: limits of size and patience; no address in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from sapa.catalogue.sources import polite
from sapa.catalogue.sources.base import SourceError
from sapa.catalogue.sources.polite import Missing, Polite
from tests.simulators import webapi


def test_an_answer_without_end_is_left(site: webapi.Site) -> None:
    polite = Polite("Uji", largest=50)
    with pytest.raises(Missing):
        polite.json(f"{site.origin}/domain/type/all/key/{webapi.KEY}", what="daftar")
    polite.close()


def test_who_is_told_to_come_back_much_later_does_not_wait(site: webapi.Site, waited: list[float]) -> None:
    site.break_down("429", seconds=3600)
    polite = Polite("Uji", sleep=waited.append)
    with pytest.raises(SourceError) as later:
        polite.json(f"{site.origin}/domain/key/x", what="daftar")
    assert (later.value.permanent, len(site.asked), [each for each in waited if each]) == (False, 1, [])
    polite.close()


def test_an_unreachable_source_is_named_without_its_address(waited: list[float], settings: Settings) -> None:
    settings.SOURCES_PACE = 1
    polite = Polite("Uji", sleep=waited.append)
    with pytest.raises(SourceError) as later:
        polite.json("http://127.0.0.1:9/key/rahasia", what="daftar")
    assert "rahasia" not in later.value.sentence
    assert waited == [2, 1, 4, 1, 8, 1]
    polite.close()


def test_the_key_stands_in_no_log_however_much_is_logged(tmp_path: Path) -> None:
    with webapi.serve() as site:
        script = (
            "import django; django.setup()\n"
            "from sapa.catalogue.sources.polite import Polite\n"
            f"Polite('Uji').json('{site.origin}/domain/type/all/key/{webapi.KEY}', what='daftar')"
        )
        environment = {
            "SAPA_LOG": "DEBUG",
            "SAPA_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "sapa.settings",
        }
        command = [sys.executable, "-c", script]
        told = subprocess.run(
            command, env=os.environ | environment, capture_output=True, text=True, check=True
        )
    assert len(site.asked) == 1
    assert webapi.KEY not in told.stdout + told.stderr


def test_who_is_waited_for_is_asked_once_and_not_for_long(
    site: webapi.Site, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.break_down("500", "domain")
    hurried = Polite("BPS", sleep=waited.append, hurries=True)
    with pytest.raises(SourceError, match="500"):
        hurried.json(f"{site.origin}/domain/type/all/key/{webapi.KEY}", what="situs")
    assert len(site.asked) == 1
    monkeypatch.setattr(polite, "HURRY_SECONDS", -1.0)
    late = Polite("BPS", sleep=waited.append, hurries=True)
    with translation.override("en"), pytest.raises(SourceError, match="longer than one can wait"):
        late.body(site.origin, what="situs")
    assert len(site.asked) == 1
