"""Who has a consultation in hand, and how long each office had it."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from sapa.activity.models import Event
from sapa.consultations import holding, ledger, lifecycle
from sapa.consultations.models import Consultation, Deadline, Handling, Reason
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office, Service
from sapa.people.models import Officer
from tests.cast import make_officer
from tests.conftest import Clock


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def told(name: str) -> list[dict[str, object]]:
    return list(Event.objects.filter(name=name).order_by("pk").values_list("data", flat=True))


@pytest.fixture
def above(office: Office) -> Office:
    """The province, which takes questions, too."""
    assert office.parent is not None
    with scope(office=office.parent):
        Service.objects.create(
            office=office.parent,
            key="consultation",
            prefix="K",
            name_id="Konsultasi statistik",
            name_en="Statistical consultation",
            is_pst=True,
            position=1,
        )
    return office.parent


def test_claiming_twice_is_once(question: Consultation, budi: Officer, clock: Clock) -> None:
    for seen in (question, fresh(question)):
        holding.claim(seen, by=budi, at=clock())
    assert told("consultation.claimed") == [{"officer": budi.pk}]


def test_a_closed_one_cannot_be_claimed_or_given(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    as_seen = fresh(question)
    lifecycle.close(question, reason=Reason.WITHDRAWN, by=None, at=clock())
    with pytest.raises(Stale):
        holding.claim(as_seen, by=budi, at=clock())
    with pytest.raises(Stale):
        holding.assign(as_seen, to=budi, by=citra, at=clock())
    assert fresh(question).officer is None


def test_it_is_given_only_to_who_answers_in_this_office(
    question: Consultation, fajar: Officer, dewi: Officer, citra: Officer, clock: Clock
) -> None:
    for who in (fajar, dewi):
        with pytest.raises(Refused) as refusal:
            holding.assign(question, to=who, by=citra, at=clock())
        assert refusal.value.code == "who"
    assert (fresh(question).officer, told("consultation.assigned")) == (None, [])


def test_an_officer_of_another_office_does_not_get_it_by_claiming(
    question: Consultation, dewi: Officer, clock: Clock
) -> None:
    with pytest.raises(Stale):
        holding.claim(question, by=dewi, at=clock())
    assert fresh(question).officer is None


def test_handed_over_it_is_the_colleagues_and_the_clock_goes_on(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    lifecycle.accept(question, by=budi, at=clock())
    before = Deadline.objects.values("due_at", "started_at").get(consultation=question)
    clock.advance(hours=2)
    holding.hand_over(question, to=citra, by=budi, at=clock())
    assert fresh(question).officer == citra
    assert Deadline.objects.values("due_at", "started_at").get(consultation=question) == before
    assert told("consultation.handed_over") == [{"to": citra.pk}]


def test_what_changed_meanwhile_is_not_given_away_unseen(
    question: Consultation, budi: Officer, citra: Officer, gita: Officer, clock: Clock
) -> None:
    as_gita_saw_it = fresh(question)
    holding.claim(question, by=budi, at=clock())
    with pytest.raises(Stale):
        holding.assign(as_gita_saw_it, to=citra, by=gita, at=clock())
    assert fresh(question).officer == budi


def test_each_office_has_its_share_of_the_clock(
    question: Consultation, budi: Officer, office: Office, above: Office, clock: Clock
) -> None:
    """Monday 08.30 accepted, Tuesday 10.00 to the province, answered there on Wednesday 09.00."""
    lifecycle.accept(question, by=budi, at=clock())
    clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    holding.forward(question, to=above, note="  Data   provinsi ", by=budi, at=clock())
    clock.set(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    with scope(office=above):
        deadline = Deadline.objects.get(consultation=question)
        shares = ledger.shares(deadline, at=clock())
        had = Handling.objects.filter(consultation=question).values_list("office", "until_at", "note")
        assert list(had) == [
            (office.pk, datetime(2026, 11, 24, 3, 0, tzinfo=UTC), ""),
            (above.pk, None, "Data provinsi"),
        ]
        assert (fresh(question).officer, deadline.office) == (None, above)
    # Seven hours of Monday and two of Tuesday; the province has no hours of its own, so nothing is counted there.
    assert [(each.office_id, each.counted, each.has_it) for each in shares] == [
        (office.pk, timedelta(hours=9), False),
        (above.pk, shares[1].counted, True),
    ]
    assert [each["to"] for each in told("consultation.forwarded")] == [above.pk]


def test_it_may_come_back_to_who_had_it_and_goes_nowhere_else(
    question: Consultation, budi: Officer, office: Office, above: Office, other_office: Office, clock: Clock
) -> None:
    with pytest.raises(Refused) as refusal:
        holding.forward(question, to=other_office, note="Wilayah sebelah", by=budi, at=clock())
    assert refusal.value.code == "office"
    holding.forward(question, to=above, note="Data provinsi", by=budi, at=clock())
    lina = make_officer(above, "lina", Officer.Role.CONSULTANT)
    with scope(office=above):
        holding.forward(fresh(question), to=office, note="Ada di kabupaten", by=lina, at=clock())
    assert fresh(question).office == office
    assert Handling.objects.filter(consultation=question, until_at=None).count() == 1


@pytest.mark.parametrize(("note", "code"), [("  ", "note"), ("a" * 501, "refused")])
def test_passing_it_on_says_why_in_a_few_words(
    note: str, code: str, question: Consultation, budi: Officer, above: Office, clock: Clock
) -> None:
    with pytest.raises(Refused) as refusal:
        holding.forward(question, to=above, note=note, by=budi, at=clock())
    assert (refusal.value.code, fresh(question).office) == (code, question.office)


def test_two_who_pass_it_on_one_does_and_the_other_is_told(
    question: Consultation, budi: Officer, office: Office, above: Office, clock: Clock
) -> None:
    as_seen = fresh(question)
    holding.forward(question, to=above, note="Data provinsi", by=budi, at=clock())
    with pytest.raises(Refused):
        holding.forward(as_seen, to=above, note="Data provinsi", by=budi, at=clock())
    assert told("consultation.forwarded") == [{"from": office.pk, "to": above.pk}]


def test_an_office_that_does_not_offer_it_does_not_get_it(
    question: Consultation, budi: Officer, office: Office, clock: Clock
) -> None:
    assert office.parent is not None
    with pytest.raises(Refused) as refusal:
        holding.forward(question, to=office.parent, note="Data provinsi", by=budi, at=clock())
    assert (refusal.value.code, fresh(question).office) == ("no_service", office)
