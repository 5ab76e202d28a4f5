"""The name of a file as people see it: a name and nothing else, whatever was sent as one."""

import re
import unicodedata
from typing import Final

from sapa.files.kinds import BY_EXTENSION, Kind

LONGEST: Final = 100
# Names of devices under Windows: a file called so cannot be saved there.
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_SPACE: Final = re.compile(r"\s+")


def extension_of(name: str) -> str:
    """The letters after the last dot, in small letters; empty when the name has none."""
    plain = visible(name)
    stem, dot, extension = plain.rpartition(".")
    return extension.lower() if dot and stem else ""


def visible(name: str) -> str:
    """The last part of a path without anything that cannot be seen: control characters, marks that turn the
    direction of writing (which make `exe.fdp` look like `pdf.exe`), halves of characters, strange spaces."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    spaced = "".join(
        " " if unicodedata.category(each).startswith("Z") or each in "\t\r\n" else each for each in last
    )
    seen = "".join(each for each in spaced if not unicodedata.category(each).startswith("C"))
    return _SPACE.sub(" ", seen).strip(" ")


def cleaned(name: str, kind: Kind) -> str:
    """A name that any system can save, with an extension of `kind`, at most LONGEST letters."""
    plain = _FORBIDDEN.sub("_", visible(name))
    extension = extension_of(plain)
    if BY_EXTENSION.get(extension) is kind:
        stem = plain[: -len(extension) - 1]
    else:
        stem, extension = plain, kind.extensions[0]
    stem = stem.strip(". ")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"berkas {stem}".strip()
    return f"{_cut(stem, LONGEST - len(extension) - 1)}.{extension}"


def _cut(stem: str, longest: int) -> str:
    """At most so many letters, and few enough bytes for a file system (255 with the extension)."""
    short = stem[:longest]
    while len(short.encode()) > 200:
        short = short[:-1]
    return short.rstrip(". ")
