"""A wrong word in the environment is never quietly an answer."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sapa.core.environment import Environment


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("ON", True), ("ya", True), ("0", False), ("", False), ("Tidak", False)]
)
def test_a_switch_takes_the_usual_words(monkeypatch: pytest.MonkeyPatch, word: str, meant: bool) -> None:
    monkeypatch.setenv("SAPA_HTTPS", word)
    assert Environment().switch("SAPA_HTTPS", default=not meant) is meant


def test_a_switch_that_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAPA_HTTPS", raising=False)
    assert Environment().switch("SAPA_HTTPS", default=True) is True


@pytest.mark.parametrize(
    ("read", "word", "sentence"),
    [
        (lambda env: env.switch("X", default=False), "maybe", "X must be on or off (1 or 0); it is 'maybe'."),
        (lambda env: env.number("X", default=1), "many", "X must be a whole number; it is 'many'."),
        (lambda env: env.number("X", default=1, least=1), "0", "X must be at least 1; it is 0."),
        (
            lambda env: env.database("X", default=""),
            "mysql://host/name",
            "X must look like postgresql://user:password@host/name or sqlite:////folder/file.",
        ),
    ],
)
def test_a_wrong_word_is_named_with_its_variable(monkeypatch, read, word, sentence) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("X", word)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(Environment())
    assert str(refusal.value) == sentence


def test_the_command_says_it_in_one_line_and_fails(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sapa", "office", "list"],
        env={"SAPA_HTTPS": "maybe", "SAPA_DATA": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr.strip()) == (
        1,
        "sapa: SAPA_HTTPS must be on or off (1 or 0); it is 'maybe'.",
    )
