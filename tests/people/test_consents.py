"""The texts before data are recorded: versioned, complete in both languages, never ticked beforehand."""

from datetime import date
from pathlib import Path

import pytest

from sapa.people.consents import (
    FOLDER,
    Kind,
    NoTextError,
    Purpose,
    load,
    load_folder,
    text_in_force,
    text_of_version,
    texts,
)
from sapa.people.datafiles import DataFileError

TODAY = date(2026, 11, 23)
NOTICE = (FOLDER / "guestbook-1.yaml").read_text(encoding="utf-8")
CONSENT = (FOLDER / "skd_contact-1.yaml").read_text(encoding="utf-8")


def test_the_guest_book_is_a_notice_with_public_service_as_its_basis() -> None:
    text = text_in_force(Purpose.GUESTBOOK, TODAY)
    assert (text.version, text.kind, text.statement) == ("guestbook-1", Kind.NOTICE, None)
    assert text.basis.id.startswith("UU 27/2022 pasal 20")


def test_contact_for_the_survey_is_a_consent_of_its_own() -> None:
    text = text_in_force(Purpose.SKD_CONTACT, TODAY)
    assert (text.version, text.kind) == ("skd_contact-1", Kind.CONSENT)
    assert text.statement is not None
    assert text.statement.in_language("en") == "I agree to be contacted for the survey of data needs."
    assert text.statement.in_language("id") == "Saya bersedia dihubungi untuk Survei Kebutuhan Data."


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_text_from_the_day_the_law_is_in_full_force(purpose: Purpose) -> None:
    assert text_in_force(purpose, date(2024, 10, 17)).purpose is purpose
    with pytest.raises(NoTextError, match="2024-10-16"):
        text_in_force(purpose, date(2024, 10, 16))


def test_every_version_name_fits_its_column() -> None:
    assert max(len(each.version) for each in texts()) <= 20


def test_the_text_somebody_saw_can_be_found_again() -> None:
    assert text_of_version("guestbook-1") == text_in_force(Purpose.GUESTBOOK, TODAY)
    with pytest.raises(NoTextError, match="guestbook-99"):
        text_of_version("guestbook-99")


def test_a_newer_version_takes_over_on_its_day_and_the_old_one_stays(tmp_path: Path) -> None:
    (tmp_path / "guestbook-1.yaml").write_text(NOTICE, encoding="utf-8")
    newer = NOTICE.replace("version: guestbook-1", "version: guestbook-2").replace("2024-10-17", "2027-01-01")
    (tmp_path / "guestbook-2.yaml").write_text(newer, encoding="utf-8")
    assert [(each.version, each.valid_from) for each in load_folder(tmp_path)] == [
        ("guestbook-1", date(2024, 10, 17)),
        ("guestbook-2", date(2027, 1, 1)),
    ]


def test_one_changed_word_changes_the_fingerprint(tmp_path: Path) -> None:
    shipped = text_in_force(Purpose.GUESTBOOK, TODAY)
    path = tmp_path / "guestbook-1.yaml"
    path.write_text(NOTICE.replace("tidak dijual", "dijual"), encoding="utf-8")
    assert load(path).digest("id") != shipped.digest("id")
    assert load(path).digest("en") == shipped.digest("en")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "guestbook-1",
            NOTICE.replace("kind: notice", "kind: order"),
            ":6:7: expected one of notice, consent",
        ),
        ("guestbook-1", NOTICE.replace("kind: notice", "kind: consent"), ":6:7: a consent needs a statement"),
        (
            "guestbook-1",
            NOTICE.replace("purpose: guestbook", "purpose: fun"),
            ":3:10: expected one of guestb",
        ),
        ("guestbook-9", NOTICE, ":4:10: the version must be called like its file"),
        ("skd_contact-1", CONSENT.replace("kind: consent", "kind: notice"), "a notice asks nothing"),
        ("skd_contact-1", CONSENT + "ticked: true\n", "'ticked' is not known here"),
    ],
)
def test_a_text_with_a_mistake_is_refused(tmp_path: Path, name: str, content: str, reason: str) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        load(path)
    assert reason in str(error.value)
