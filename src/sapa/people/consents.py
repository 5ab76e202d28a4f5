"""The texts a person is shown before data are recorded (UU 27/2022 art. 20, 22): versioned, in two languages.

A notice tells what happens anyway and on which legal basis; a consent is a question with a statement to tick.
Nothing here can make a box ticked beforehand.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from sapa.people.datafiles import Value, Wording, read

FOLDER: Final = Path(__file__).parent / "data" / "consents"


class Purpose(StrEnum):
    """What a text is about; kept with each consent."""

    GUESTBOOK = "guestbook"
    ACCOUNT = "account"
    SKD_CONTACT = "skd_contact"


class Kind(StrEnum):
    """A notice is shown, a consent is asked."""

    NOTICE = "notice"
    CONSENT = "consent"


class NoTextError(LookupError):
    """No text for that purpose was in force on that day, or none has that version."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of one text. `statement`, the sentence to tick, is present on a consent only."""

    purpose: Purpose
    version: str
    valid_from: date
    kind: Kind
    basis: Wording
    title: Wording
    paragraphs: tuple[Wording, ...]
    statement: Wording | None

    def digest(self, language: str) -> str:
        """A fingerprint of every word shown in that language: proves later which text a version was."""
        shown = [self.title, *self.paragraphs, self.basis, *([self.statement] if self.statement else [])]
        return sha256("\n".join(each.in_language(language) for each in shown).encode()).hexdigest()


def text_in_force(purpose: Purpose, on: date) -> ConsentText:
    """The text to show on that day; NoTextError before the first one."""
    begun = [each for each in texts() if each.purpose is purpose and each.valid_from <= on]
    if not begun:
        raise NoTextError(f"no text for {purpose} is in force on {on.isoformat()}")
    return begun[-1]


def text_of_version(version: str) -> ConsentText:
    """The text somebody was shown, also after newer ones; NoTextError when there is none of that name."""
    for each in texts():
        if each.version == version:
            return each
    raise NoTextError(f"there is no text {version}")


@cache
def texts() -> tuple[ConsentText, ...]:
    """All shipped texts, oldest first; read once per process."""
    return load_folder(FOLDER)


def load_folder(folder: Path) -> tuple[ConsentText, ...]:
    """All texts of a folder, oldest first; DataFileError where one is wrong."""
    found = [load(path) for path in sorted(folder.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda each: each.valid_from))


def load(path: Path) -> ConsentText:
    """One text, checked; DataFileError names the line of the first mistake."""
    fields = read(path).fields("purpose version valid_from kind basis title paragraphs", "statement")
    kind = Kind(_one_of(fields["kind"], [each.value for each in Kind]))
    if fields["version"].text() != path.stem:
        raise fields["version"].error(f"the version must be called like its file, {path.stem}")
    if kind is Kind.CONSENT and "statement" not in fields:
        raise fields["kind"].error("a consent needs a statement to tick")
    if kind is Kind.NOTICE and "statement" in fields:
        raise fields["statement"].error("a notice asks nothing, so it has no statement to tick")
    return ConsentText(
        purpose=Purpose(_one_of(fields["purpose"], [each.value for each in Purpose])),
        version=path.stem,
        valid_from=fields["valid_from"].day(),
        kind=kind,
        basis=fields["basis"].wording(),
        title=fields["title"].wording(),
        paragraphs=tuple(each.wording() for each in fields["paragraphs"].items()),
        statement=fields["statement"].wording() if "statement" in fields else None,
    )


def _one_of(value: Value, allowed: list[str]) -> str:
    written = value.text()
    if written not in allowed:
        raise value.error(f"expected one of {', '.join(allowed)}")
    return written
