"""A question and its answer for everybody: without the person, reviewed by a supervisor, found, and taken back."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.catalogue.models import Entry
from sapa.catalogue.search import search
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.inbox import publishing, writing
from sapa.inbox.models import Kind, PublicAnswer
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.inbox.conftest import words

TEXTS = {
    "subject": "Penduduk per kecamatan",
    "question": "Berapa jumlah penduduk setiap kecamatan?",
    "answer": "Tabel 3.1 memuat penduduk menurut kecamatan.",
}
State = PublicAnswer.State


@pytest.fixture
def answered(question: Consultation, budi: Officer, clock: Clock) -> Consultation:
    """Budi has answered Ani with a source."""
    source = {"title": "Dalam Angka 2024", "url": "https://bps.example/buku"}
    said = words("Tabel 3.1 memuatnya.", citations=[source])
    writing.office_says(question, said, kind=Kind.ANSWER, by=budi, at=clock())
    return question


@pytest.fixture
def proposed(answered: Consultation, budi: Officer, clock: Clock) -> PublicAnswer:
    return publishing.propose(answered, **TEXTS, by=budi, at=clock())


def state(public: PublicAnswer) -> str:
    return PublicAnswer.objects.get(pk=public.pk).state


def found(office: Office) -> list[str]:
    return [hit.entry.title for hit in search(office, "penduduk setiap kecamatan").entries]


def test_what_is_proposed_waits_and_is_found_by_nobody(proposed: PublicAnswer, office: Office) -> None:
    assert (proposed.state, Entry.objects.count(), found(office)) == (State.SUBMITTED, 0, [])


def test_published_it_is_found_with_its_sources_and_leads_to_nobody(
    proposed: PublicAnswer, office: Office, citra: Officer, ani: Client, client: Browser, clock: Clock
) -> None:
    entry = publishing.publish(proposed, by=citra, at=clock())
    assert (state(proposed), found(office)) == (State.PUBLISHED, [TEXTS["question"]])
    assert [each["title"] for each in entry.citations] == ["Dalam Angka 2024"]
    page = client.get(reverse("catalogue_entry", args=[office.code, entry.pk])).content.decode()
    code = proposed.consultation.code
    assert [
        each for each in (TEXTS["answer"], ani.name, ani.email, code, "Budi", "Citra") if each in page
    ] == [TEXTS["answer"]]
    kept = PublicAnswer.objects.get()
    assert (kept.entry_id, kept.reviewer, kept.decided_at) == (entry.pk, citra, clock())
    told = Event.objects.filter(name__startswith="public_answer.").order_by("pk")
    assert list(told.values_list("name", "by")) == [
        ("public_answer.submitted", proposed.by.user_id),
        ("public_answer.published", citra.user_id),
    ]


@pytest.mark.parametrize("field", ["subject", "question", "answer"])
@pytest.mark.parametrize(
    "personal",
    [
        "Ani Lestari bertanya",
        "kata ani, begitu",
        "dari LESTARI.",
        "tulis ke ani@contoh.example",
        "WA 0812-3456-7890",
        "telepon +62 812 3456 7890",
        "NIK 1805010101900001",
    ],
)
def test_what_leads_to_the_person_is_refused_before_anybody_reviews_it(
    answered: Consultation, budi: Officer, clock: Clock, field: str, personal: str
) -> None:
    with pytest.raises(Refused) as refusal:
        publishing.propose(answered, **(TEXTS | {field: personal}), by=budi, at=clock())
    assert (refusal.value.code, PublicAnswer.objects.count()) == ("personal", 0)


def test_a_name_within_another_word_figures_and_the_offices_own_address_may_stand(
    answered: Consultation, budi: Officer, office: Office, clock: Clock
) -> None:
    Office.objects.filter(pk=office.pk).update(email="bps1808@bps.example")
    answered.office.refresh_from_db()
    answer = "Petani: 0 12 345 jiwa, 1.234.567 rumah tangga; tulis ke bps1808@bps.example."
    made = publishing.propose(answered, **(TEXTS | {"answer": answer}), by=budi, at=clock())
    assert made.answer == answer


def test_a_short_name_is_looked_for_as_a_whole(
    answered: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    Client.objects.filter(pk=ani.pk).update(name="Al Di")
    answered.client.refresh_from_db()
    with pytest.raises(Refused):
        publishing.propose(answered, **(TEXTS | {"answer": "Al Di benar."}), by=budi, at=clock())
    made = publishing.propose(answered, **(TEXTS | {"answer": "Di tabel 3.1."}), by=budi, at=clock())
    assert made.answer == "Di tabel 3.1."


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("subject", "  ", "title"),
        ("question", "\u202e \x00", "empty"),
        ("answer", "", "empty"),
        ("question", "apa? " * 61, "long"),
        ("answer", "x" * 10_001, "too_long"),
    ],
)
def test_what_could_not_stand_in_the_catalogue_is_refused_to_its_author(
    answered: Consultation, budi: Officer, clock: Clock, field: str, text: str, code: str
) -> None:
    """Not only to the supervisor, who could do nothing about it."""
    with pytest.raises(Refused) as refusal:
        publishing.propose(answered, **(TEXTS | {field: text}), by=budi, at=clock())
    assert (refusal.value.code, PublicAnswer.objects.count()) == (code, 0)


def test_proposed_twice_it_waits_once(
    answered: Consultation, proposed: PublicAnswer, budi: Officer, clock: Clock
) -> None:
    assert publishing.propose(answered, **TEXTS, by=budi, at=clock()) == proposed
    with pytest.raises(Refused) as refusal:
        publishing.propose(answered, **(TEXTS | {"answer": "Lain."}), by=budi, at=clock())
    assert (refusal.value.code, PublicAnswer.objects.count()) == ("pending", 1)


def test_the_author_does_not_release_it_a_supervisor_neither_who_wrote_it(
    answered: Consultation, citra: Officer, clock: Clock
) -> None:
    own = publishing.propose(answered, **TEXTS, by=citra, at=clock())
    for decide in (
        lambda: publishing.publish(own, by=citra, at=clock()),
        lambda: publishing.send_back(own, remark="Ubah", by=citra, at=clock()),
    ):
        with pytest.raises(Refused) as refusal:
            decide()
        assert refusal.value.code == "own"
    assert (state(own), Entry.objects.count()) == (State.SUBMITTED, 0)


def test_given_back_with_a_reason_it_can_be_proposed_anew(
    answered: Consultation, proposed: PublicAnswer, budi: Officer, citra: Officer, clock: Clock
) -> None:
    with pytest.raises(Refused) as refusal:
        publishing.send_back(proposed, remark=" ", by=citra, at=clock())
    assert refusal.value.code == "remark"
    publishing.send_back(proposed, remark="Sebut  tahunnya", by=citra, at=clock())
    kept = PublicAnswer.objects.get()
    assert (kept.state, kept.remark, Entry.objects.count()) == (State.RETURNED, "Sebut tahunnya", 0)
    with pytest.raises(Stale):
        publishing.publish(proposed, by=citra, at=clock())
    better = publishing.propose(answered, **(TEXTS | {"answer": "Tahun 2024."}), by=budi, at=clock())
    publishing.publish(better, by=citra, at=clock())
    assert state(better) == State.PUBLISHED


def test_it_is_decided_once(proposed: PublicAnswer, citra: Officer, gita: Officer, clock: Clock) -> None:
    publishing.publish(proposed, by=citra, at=clock())
    for decide in (
        lambda: publishing.publish(proposed, by=gita, at=clock()),
        lambda: publishing.send_back(proposed, remark="Ubah", by=gita, at=clock()),
    ):
        with pytest.raises(Stale) as refusal:
            decide()
        assert refusal.value.code == "decided"
    assert (Entry.objects.count(), state(proposed)) == (1, State.PUBLISHED)


def test_withdrawn_it_is_found_no_more_and_that_it_was_public_stays(
    proposed: PublicAnswer, office: Office, citra: Officer, client: Browser, clock: Clock
) -> None:
    with pytest.raises(Stale):
        publishing.withdraw(proposed, by=citra, at=clock())
    entry = publishing.publish(proposed, by=citra, at=clock())
    publishing.withdraw(proposed, by=citra, at=clock())
    assert (state(proposed), found(office)) == (State.WITHDRAWN, [])
    assert Entry.objects.get(pk=entry.pk).withdrawn_at == clock()
    with pytest.raises(Stale):
        publishing.withdraw(proposed, by=citra, at=clock())


def test_an_answer_that_cannot_be_published_stays_with_the_supervisor(
    proposed: PublicAnswer, citra: Officer, clock: Clock
) -> None:
    """The office's telephone stood in it, and is another one by now: nothing is half published."""
    PublicAnswer.objects.filter(pk=proposed.pk).update(answer="Telepon 0726-21-12345")
    proposed.refresh_from_db()
    with pytest.raises(Refused):
        publishing.publish(proposed, by=citra, at=clock())
    assert (state(proposed), Entry.objects.count()) == (State.SUBMITTED, 0)


# On the pages


def page(consultation: Consultation) -> str:
    return reverse("case_publication", args=[consultation.office.code, consultation.code])


def decide(browser: Browser, public: PublicAnswer, **said: str) -> int:
    return int(browser.post(reverse("public_answer", args=[public.office.code, public.pk]), said).status_code)


def test_an_officer_proposes_and_a_supervisor_publishes_on_the_pages(
    answered: Consultation, budi: Officer, citra: Officer, office: Office, signed_in: Any, clock: Clock
) -> None:
    browser = signed_in(budi)
    form = browser.get(page(answered)).context["form"]
    assert form.initial == {
        "subject": answered.subject,
        "question": answered.request.question,
        "answer": "Tabel 3.1 memuatnya.",
    }
    refused = browser.post(page(answered), TEXTS | {"answer": "Untuk Ani Lestari"})
    assert (refused.status_code, refused.context["form"]["answer"].value()) == (422, "Untuk Ani Lestari")
    assert browser.post(page(answered), TEXTS).status_code == 302
    public = PublicAnswer.objects.get()
    assert decide(browser, public, publish="1") == 403
    browser = signed_in(citra)
    assert [each.pk for each in browser.get(reverse("public_answers", args=["1808"])).context["answers"]] == [
        public.pk
    ]
    assert decide(browser, public, publish="1") == 302
    assert (state(public), found(office)) == (State.PUBLISHED, [TEXTS["question"]])
    assert decide(browser, public, withdraw="1") == 302
    assert (state(public), found(office)) == (State.WITHDRAWN, [])


def test_another_offices_supervisor_finds_nothing(
    proposed: PublicAnswer, dewi: Officer, signed_in: Any
) -> None:
    browser = signed_in(dewi)
    with scopes_disabled():
        assert decide(browser, proposed, publish="1") == 404
        there = reverse("public_answer", args=[dewi.office.code, proposed.pk])
        assert browser.post(there, {"publish": "1"}).status_code == 404
        listed = browser.get(reverse("public_answers", args=[dewi.office.code]))
    assert (list(listed.context["answers"]), state(proposed)) == ([], State.SUBMITTED)


def test_the_client_and_strangers_propose_nothing(
    answered: Consultation, at_home: Browser, client: Browser
) -> None:
    for browser in (at_home, client):
        assert browser.post(page(answered), TEXTS).status_code in (302, 404)
    assert not PublicAnswer.objects.exists()
