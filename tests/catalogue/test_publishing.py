"""Answers for everybody: found at once, without anybody's contact in them, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope

from sapa.activity.models import Event
from sapa.catalogue import publishing
from sapa.catalogue.citations import citation_of, worded
from sapa.catalogue.models import Entry
from sapa.catalogue.search import search
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock

Publish = Callable[..., Entry]


@pytest.fixture
def publish(office: Office, citra: Officer, clock: Clock) -> Publish:
    def publish(**changes: Any) -> Entry:
        given: dict[str, Any] = {
            "question": "Mengapa angka kemiskinan 2020 berubah?",
            "answer": "Karena garis kemiskinan dihitung ulang.",
            "citations": [],
            "subject": "Kemiskinan",
        }
        return publishing.publish_answer(office, by=citra, at=clock.at, **(given | changes))

    return publish


def test_a_published_answer_is_found_at_once_below_the_office_too(
    publish: Publish, office: Office, make_entry: MakeEntry
) -> None:
    source = make_entry("Garis Kemiskinan", unit="rupiah")
    entry = publish(citations=[citation_of(source, value="500.000")])
    assert [hit.entry for hit in search(office, "kenapa kemiskinan 2020 berubah").entries][:1] == [entry]
    assert [worded(each)["value"] for each in entry.citations] == ["500.000"]
    assert Event.objects.filter(name="entry.published", subject_id=entry.pk).count() == 1


@pytest.mark.parametrize(
    "personal",
    [
        "Hubungi ani@contoh.example ya",
        "WA saya 0812-3456-7890",
        "telepon +62 812 3456 7890",
        "NIK 1805010101900001",
    ],
)
def test_somebodys_contact_or_identity_number_is_not_published(publish: Publish, personal: str) -> None:
    for field in ("question", "answer"):
        with pytest.raises(Refused):
            publish(**{field: personal})
    assert Entry.objects.count() == 0


def test_figures_and_the_offices_own_contact_may_stand_in_an_answer(publish: Publish, office: Office) -> None:
    office.email, office.phone = "bps1808@bps.example", "0726 1234 5678"
    office.save()
    answer = "PDRB 1.234.567.890.123 rupiah (2025). Tanya: bps1808@bps.example, 0726 1234 5678."
    assert publish(answer=answer).body == answer


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "  "},
        {"answer": "\n"},
        {"question": "x" * 301},
        {"answer": "x" * 20_001},
        {"citations": [{"url": "https://bps.go.id"}]},
        {"citations": [{"title": "x", "url": "javascript:alert(1)"}]},
    ],
)
def test_an_answer_that_cannot_stand_is_refused_and_nothing_is_kept(
    publish: Publish, changes: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        publish(**changes)
    assert Entry.objects.count() == 0


def test_a_withdrawn_answer_is_found_no_more_and_a_second_time_is_told(
    publish: Publish, office: Office, citra: Officer, clock: Clock
) -> None:
    entry = publish()
    publishing.withdraw(entry, by=citra, at=clock.at)
    assert len(search(office, "garis kemiskinan dihitung ulang")) == 0
    with pytest.raises(Stale):
        publishing.withdraw(entry, by=citra, at=clock.at)
    assert Event.objects.filter(name="entry.withdrawn").count() == 1


def test_a_citation_holds_what_the_standard_of_citing_asks_for(
    make_entry: MakeEntry, office: Office, clock: Clock
) -> None:
    entry = make_entry(
        "KBLI 2020 56210 Jasa boga",
        kind="classification_code",
        external_id="56210",
        version="KBLI 2020",
        level="national",
        frequency="irregular",
        year_from=2020,
        fetched_on=clock.at.date(),
        url="https://www.bps.go.id",
    )
    with scope(office=office):
        assert citation_of(entry) == {
            "title": "KBLI 2020 56210 Jasa boga",
            "kind": "classification_code",
            "office": "BPS Kabupaten Tulang Bawang",
            "number": "56210",
            "version": "KBLI 2020",
            "url": "https://www.bps.go.id",
            "level": "national",
            "years": "2020",
            "frequency": "irregular",
            "producer": "BPS Kabupaten Tulang Bawang",
            "fetched_on": "2026-11-23",
        }


@pytest.mark.parametrize("kept", [{}, {"title": "x", "status": "?", "fetched_on": "kemarin", "other": "y"}])
def test_a_citation_of_an_older_form_is_still_shown(kept: dict[str, str]) -> None:
    assert worded(kept)["title"] == kept.get("title", "")
    assert worded(kept)["accessed_on"] is None
