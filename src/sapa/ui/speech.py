"""What the board says, as names of recorded clips: "nomor antrean, K, dua belas, silakan menuju, meja, dua".

The call is spoken in Indonesian whatever language a page is in: it is heard by the whole waiting room.
"""

import re
from typing import Final

DIGITS: Final = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
PLACES: Final = ("meja", "loket", "ruang")
WORDS: Final = (
    *DIGITS,
    *("sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu"),
    *PLACES,
    *("nomor-antrean", "silakan-menuju", "layanan"),
)


def number_words(number: int) -> list[str]:
    """The Indonesian words of 0 to 9999; beyond that digit by digit."""
    if number < 0:
        raise ValueError("A queue number is never negative.")
    if number > 9999:
        return [DIGITS[int(digit)] for digit in str(number)]
    if number < 10:
        return [DIGITS[number]]
    if number < 12:
        return ["sepuluh", "sebelas"][number - 10 : number - 9]
    if number < 20:
        return [DIGITS[number - 10], "belas"]
    for unit, one, many in ((1000, "seribu", "ribu"), (100, "seratus", "ratus"), (10, "sepuluh", "puluh")):
        if number >= unit:
            count, rest = divmod(number, unit)
            head = [one] if count == 1 else [*number_words(count), many]
            return head + (number_words(rest) if rest else [])
    raise AssertionError("every number below 10,000 has been said")


def spoken_number(label: str) -> list[str]:
    """K-012 becomes k, dua, belas; letters one by one, each run of digits as a number."""
    said: list[str] = []
    for run in re.findall(r"[a-z]+|[0-9]+", label.lower()):
        said += number_words(int(run)) if run.isdigit() else list(run)
    return said


def spoken_desk(label: str, number: int | None = None) -> list[str]:
    """Meja 2 becomes meja, dua; a name that was never recorded becomes meja and its number."""
    words = re.findall(r"[a-z]+|[0-9]+", label.lower())
    if words and words[0] in PLACES and len(words) == 2 and (words[1].isdigit() or words[1] in LETTERS):
        return [words[0], *spoken_number(words[1])]
    digits = [word for word in words if word.isdigit()]
    if number is None and digits:
        number = int(digits[-1])
    place = next((word for word in words if word in PLACES), "meja")
    return [place, "layanan"] if number is None else [place, *number_words(number)]


def spoken_call(prefix: str, number: int, desk_label: str, *, desk_number: int | None = None) -> list[str]:
    """The whole call; joined by spaces it is the `data-say` of the board."""
    return [
        "nomor-antrean",
        *spoken_number(prefix),
        *number_words(number),
        "silakan-menuju",
        *spoken_desk(desk_label, desk_number),
    ]
