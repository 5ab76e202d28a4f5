"""What a request lacks, seen by both sides; each thing is asked for once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.translation import override

from sapa.activity.models import Event
from sapa.consultations import lifecycle, requirements
from sapa.consultations.models import Consultation, MissingItem
from sapa.consultations.requirements import Wanted
from sapa.core.errors import Refused
from sapa.inbox import asking
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.inbox.conftest import ask

Key = MissingItem.Key


def fresh(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def missing(consultation: Consultation) -> list[str]:
    return [each.key for each in requirements.missing(fresh(consultation))]


def asked(consultation: Consultation) -> list[tuple[str, str]]:
    return list(MissingItem.objects.filter(consultation=consultation).values_list("key", "text"))


# What the standard itself requires


def test_a_whole_request_lacks_nothing(question: Consultation) -> None:
    assert missing(question) == []
    assert [(each.key, each.is_there) for each in requirements.checklist(fresh(question))] == [
        ("email", True),
        ("account", True),
        ("question", True),
        ("purpose", True),
    ]


def test_each_requirement_of_the_standard_is_named_when_it_is_not_there(
    question: Consultation, ani: Client
) -> None:
    Client.objects.filter(pk=ani.pk).update(email_verified_at=None, user=None)
    Consultation.objects.filter(pk=question.pk).update(subject="")
    question.request.purpose = ""
    question.request.save()
    assert missing(question) == ["email", "account", "question", "purpose"]


def test_an_address_that_was_not_confirmed_is_missing(question: Consultation, ani: Client) -> None:
    Client.objects.filter(pk=ani.pk).update(email_verified_at=None)
    assert missing(question) == ["email"]


def test_nothing_is_accepted_while_something_is_missing_and_the_refusal_names_it(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    requirements.ask(question, [Wanted(Key.YEARS), Wanted(Key.AREA)], by=budi, at=clock())
    with pytest.raises(Refused, match=r"Tahun.*Wilayah|Wilayah.*Tahun") as refusal:
        lifecycle.accept(fresh(question), by=budi, at=clock())
    assert (refusal.value.code, fresh(question).accepted_at) == ("missing", None)
    asking.complete(fresh(question), {"year_from": 2020, "year_until": 2024}, at=clock())
    requirements.settle(MissingItem.objects.get(key=Key.AREA), waive=True, by=budi, at=clock())
    lifecycle.accept(fresh(question), by=budi, at=clock())
    assert fresh(question).accepted_at == clock()


# Each thing once


def test_what_was_asked_is_not_asked_again(question: Consultation, budi: Officer, clock: Clock) -> None:
    requirements.ask(question, [Wanted(Key.YEARS), Wanted(Key.YEARS)], by=budi, at=clock())
    again = requirements.ask(question, [Wanted(Key.YEARS), Wanted(Key.AREA)], by=budi, at=clock())
    assert [each.key for each in again] == [Key.AREA]
    with pytest.raises(Refused) as refusal:
        requirements.ask(question, [Wanted(Key.AREA), Wanted(Key.YEARS)], by=budi, at=clock())
    assert refusal.value.code == "asked"
    assert asked(question) == [(Key.YEARS, ""), (Key.AREA, "")]


def test_what_stands_in_the_request_already_is_not_asked(
    ani: Client, office: Office, budi: Officer, clock: Clock
) -> None:
    whole = ask(ani, office, clock, area="Menggala", year_from=2024, level="village")
    wanted = [Wanted(each) for each in (Key.AREA, Key.YEARS, Key.LEVEL, Key.PURPOSE)]
    with pytest.raises(Refused) as refusal:
        requirements.ask(whole, wanted, by=budi, at=clock())
    assert (refusal.value.code, asked(whole)) == ("asked", [])


def test_what_was_waived_or_provided_is_not_asked_again(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    for item in requirements.ask(question, [Wanted(Key.LEVEL), Wanted(Key.AREA)], by=budi, at=clock()):
        requirements.settle(item, waive=item.key == Key.LEVEL, by=budi, at=clock())
    with pytest.raises(Refused) as refusal:
        requirements.ask(question, [Wanted(Key.LEVEL), Wanted(Key.AREA)], by=budi, at=clock())
    assert (refusal.value.code, missing(question)) == ("asked", [])


def test_something_else_is_asked_in_words_each_once(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    first = [Wanted(Key.OTHER, "Surat  pengantar"), Wanted(Key.OTHER, "Satuan")]
    requirements.ask(question, first, by=budi, at=clock())
    with pytest.raises(Refused):
        requirements.ask(question, [Wanted(Key.OTHER, " Surat pengantar ")], by=budi, at=clock())
    assert asked(question) == [(Key.OTHER, "Surat pengantar"), (Key.OTHER, "Satuan")]
    assert [each.label for each in requirements.missing(fresh(question))] == ["Surat pengantar", "Satuan"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ([], "asked"),
        ([Wanted(Key.OTHER, " ")], "nothing_said"),
        ([Wanted("colour")], "nothing_said"),
        ([Wanted(Key.OTHER, "x" * 301)], "refused"),
        ([Wanted(Key.OTHER, str(number)) for number in range(11)], "refused"),
        ([Wanted(Key.AREA), Wanted(Key.OTHER, "")], "nothing_said"),
    ],
)
def test_asking_for_nothing_or_too_much_is_refused_whole(
    question: Consultation, budi: Officer, clock: Clock, wanted: list[Wanted], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        requirements.ask(question, wanted, by=budi, at=clock())
    assert (refusal.value.code, asked(question)) == (code, [])


def test_the_database_itself_refuses_the_same_thing_twice(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    for number in range(2):
        made = MissingItem(consultation=question, key=Key.AREA, asked_at=clock(), by=budi)
        if number:
            with pytest.raises(IntegrityError), transaction.atomic():
                made.save()
        else:
            made.save()


# What comes


def test_what_the_client_fills_in_ticks_off_what_was_asked_and_nothing_else(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    wanted = [Wanted(Key.YEARS), Wanted(Key.AREA), Wanted(Key.OTHER, "Surat pengantar")]
    requirements.ask(question, wanted, by=budi, at=clock())
    done = requirements.provide(fresh(question), {"area": "Menggala"}, at=clock())
    assert [each.key for each in done] == [Key.AREA]
    assert missing(question) == [Key.YEARS, Key.OTHER]
    assert requirements.provide(fresh(question), {"area": "Menggala"}, at=clock()) == []


def test_one_year_of_two_is_years_enough(question: Consultation, budi: Officer, clock: Clock) -> None:
    requirements.ask(question, [Wanted(Key.YEARS)], by=budi, at=clock())
    requirements.provide(fresh(question), {"year_from": 2020, "year_until": None}, at=clock())
    shown = {each.key: each.value for each in requirements.checklist(fresh(question))}
    assert (missing(question), shown[Key.YEARS]) == ([], "2020")


def test_settling_twice_is_once_and_the_first_word_stands(
    question: Consultation, budi: Officer, citra: Officer, clock: Clock
) -> None:
    (item,) = requirements.ask(question, [Wanted(Key.AREA)], by=budi, at=clock())
    requirements.settle(item, waive=False, by=budi, at=clock())
    requirements.settle(item, waive=True, by=citra, at=clock.advance(hours=1))
    item.refresh_from_db()
    assert (item.provided_at is not None, item.waived_at) == (True, None)
    told = Event.objects.filter(name__startswith="missing_item.").values_list("name", flat=True)
    assert list(told) == ["missing_item.provided"]


# Both sides see the same


def test_both_sides_are_shown_the_same_list(
    question: Consultation, ani: Client, budi: Officer, clock: Clock
) -> None:
    Client.objects.filter(pk=ani.pk).update(
        education="bachelor", occupation="student", institution_category="research_education"
    )
    requirements.ask(question, [Wanted(Key.YEARS), Wanted(Key.OTHER, "Surat pengantar")], by=budi, at=clock())
    requirements.settle(MissingItem.objects.get(key=Key.YEARS), waive=False, by=budi, at=clock())
    lists: list[Any] = []
    for user, name, key in (
        (ani.user, "consultation_room", question.token),
        (budi.user, "inbox_case", question.code),
    ):
        browser = Browser()
        assert user is not None
        browser.force_login(user)
        page = browser.get(reverse(name, args=[question.office.code, key]))
        lists.append([(each.key, each.label, each.is_there) for each in page.context["checklist"]])
        assert "Surat pengantar" in page.content.decode()
    assert lists[0] == lists[1]
    assert lists[0][-2:] == [(Key.YEARS, "Tahun", True), (Key.OTHER, "Surat pengantar", False)]


def test_each_reader_reads_it_in_their_own_language(
    question: Consultation, budi: Officer, clock: Clock
) -> None:
    requirements.ask(question, [Wanted(Key.LEVEL)], by=budi, at=clock())
    labels = {}
    for language in ("id", "en"):
        with override(language):
            labels[language] = requirements.missing(fresh(question))[0].label
    assert labels == {"id": "Tingkat rincian", "en": "Level of detail"}
