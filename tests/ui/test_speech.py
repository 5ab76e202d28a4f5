"""What the waiting room hears."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

import sapa.ui
from sapa.ui import speech

VOICE = Path(sapa.ui.__file__).parent / "static/ui/voice"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "nol"),
        (7, "tujuh"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (205, "dua ratus lima"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (2026, "dua ribu dua puluh enam"),
        (10203, "satu nol dua nol tiga"),
    ],
)
def test_numbers_as_indonesians_say_them(number: int, said: str) -> None:
    assert " ".join(speech.number_words(number)) == said


def test_a_whole_call() -> None:
    assert speech.spoken_call("K", 12, "Meja 2") == [
        "nomor-antrean",
        "k",
        "dua",
        "belas",
        "silakan-menuju",
        "meja",
        "dua",
    ]
    assert speech.spoken_number("K-012") == ["k", "dua", "belas"]


@pytest.mark.parametrize(
    ("label", "number", "said"),
    [
        ("Meja 2", None, "meja dua"),
        ("Loket 11", None, "loket sebelas"),
        ("Meja A", None, "meja a"),
        ("Meja Konsultasi 3", None, "meja tiga"),
        ("Konsultasi", 4, "meja empat"),
        ("Ruang Tamu", 4, "ruang empat"),
        ("Konsultasi", None, "meja layanan"),
        ("", None, "meja layanan"),
    ],
)
def test_a_desk_that_was_never_recorded_is_called_by_its_number(
    label: str, number: int | None, said: str
) -> None:
    assert " ".join(speech.spoken_desk(label, number)) == said


def test_every_call_that_can_occur_has_its_clips() -> None:
    clips = json.loads((VOICE / "voice-id.json").read_text())
    said = {word for number in range(1000) for word in speech.number_words(number)}
    said |= set(speech.LETTERS) | set(speech.spoken_call("K", 1, "Meja 2")) | {"loket", "ruang", "layanan"}
    assert said <= set(clips)
    assert set(clips) == set(speech.LETTERS) | set(speech.WORDS)


def test_clips_follow_one_another_without_overlap() -> None:
    clips = sorted(json.loads((VOICE / "voice-id.json").read_text()).values())
    for (start, seconds), (following, _) in pairwise(clips):
        assert abs(start + seconds - following) < 0.003


def test_the_voice_is_small_enough_to_fetch_at_the_first_call() -> None:
    assert (VOICE / "voice-id.mp3").stat().st_size < 200_000
