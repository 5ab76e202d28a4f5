"""The online report beside a few consultations counted by hand."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from sapa.catalogue import trails
from sapa.consultations import holding, ledger, lifecycle
from sapa.consultations.models import Consultation, Deadline, Reason
from sapa.inbox import writing
from sapa.inbox.models import Kind as Said
from sapa.inbox.setting_aside import set_aside
from sapa.offices.models import Hours
from sapa.reports import online
from sapa.reports.online import Outcome
from sapa.reports.period import Kind, Period
from sapa.reports.promise import Score
from tests.cast import make_client, make_officer
from tests.inbox.conftest import ani, ask, words

__all__ = ["ani"]
NOVEMBER = Period(Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30))
MONDAY = 23


def at(hour, minute=0, day=MONDAY):
    """An instant in office time (WIB is UTC+7)."""
    return datetime(2026, 11, day, 0, tzinfo=UTC) + timedelta(hours=hour - 7, minutes=minute)


def says(consultation, text, kind, by, clock, when):
    clock.set(when)
    return writing.office_says(consultation, words(text), kind=kind, by=by, at=when)


def fresh(consultation):
    with scopes_disabled():
        return Consultation.objects.select_related("office", "standard", "client__user").get(
            pk=consultation.pk
        )


def asked(ani, office, clock, when, subject):
    clock.set(when)
    return ask(ani, office, clock, subject=subject)


@pytest.fixture
def month(ani, office, budi, citra, clock, work):
    """Office hours are Monday to Friday 08.00 to 15.30.

    A: asked and accepted Monday 09.00, answered Monday 11.00: kept, two hours; closed as done, opened again once.
    B: accepted Monday 10.00, asked back 11.00, the client answers Tuesday 11.00 (7.5 hours not counted),
       answered Tuesday 12.00: kept, two hours; then silent for seven days: closed by silence.
    C: accepted Monday 12.00, so due Thursday 15.30; answered Friday 09.00: broken, by one hour.
    D: asked Monday 13.00, given up before anybody accepted it: ended.
    E: accepted Monday 14.00: still running at the end.
    F: asked Monday 15.00, not accepted.
    """
    a = asked(ani, office, clock, at(9), "A")
    lifecycle.accept(a, by=budi, at=at(9))
    b = asked(ani, office, clock, at(10), "B")
    lifecycle.accept(b, by=budi, at=at(10))
    says(a, "Ini.", Said.ANSWER, budi, clock, at(11))
    says(b, "Tahun?", Said.QUESTION, budi, clock, at(11))
    c = asked(ani, office, clock, at(12), "C")
    lifecycle.accept(c, by=budi, at=at(12))
    lifecycle.close(fresh(a), reason=Reason.DONE, by=budi, at=at(12, 30))
    d = asked(ani, office, clock, at(13), "D")
    lifecycle.close(d, reason=Reason.WITHDRAWN, by=None, at=at(13, 30))
    clock.set(at(11, day=24))
    writing.client_says(fresh(b), words("2024"), user=ani.user, at=clock.at)
    says(fresh(b), "Ini.", Said.ANSWER, budi, clock, at(12, day=24))
    clock.set(at(13, day=24))
    writing.client_says(fresh(a), words("Satu lagi"), user=ani.user, at=clock.at)
    lifecycle.close(fresh(a), reason=Reason.DONE, by=budi, at=at(14, day=24))
    clock.set(at(16, day=26))
    work()
    says(fresh(c), "Maaf.", Said.ANSWER, budi, clock, at(9, day=27))
    e = asked(ani, office, clock, at(14, day=30), "E")
    lifecycle.accept(e, by=budi, at=at(14, day=30))
    f = asked(ani, office, clock, at(15, day=30), "F")
    clock.set(at(12, day=24) + timedelta(days=7))
    work()
    return {each.subject: each for each in (a, b, c, d, e, f)}


def by_code(found, month):
    names = {each.code: name for name, each in month.items()}
    return {names[row.code]: row for row in found}


def test_every_consultation_has_the_outcome_counted_by_hand(office, month, clock):
    found = by_code(online.rows(office, NOVEMBER, at=clock.at), month)
    assert {name: row.outcome for name, row in found.items()} == {
        "A": Outcome.KEPT,
        "B": Outcome.KEPT,
        "C": Outcome.BROKEN,
        "D": Outcome.ENDED,
        "E": Outcome.PENDING,
        "F": Outcome.NOT_CLEAR,
    }


def test_the_time_that_waited_for_the_client_is_not_worked(office, month, clock):
    found = by_code(online.rows(office, NOVEMBER, at=clock.at), month)
    two_hours = timedelta(hours=2)
    assert (found["A"].worked, found["B"].worked) == (two_hours, two_hours)
    assert (found["B"].paused, found["B"].pauses, found["A"].paused) == (timedelta(hours=7.5), 1, timedelta())


def test_two_of_three_are_sixty_six_point_seven_per_cent(office, month, clock):
    made = online.report(office, NOVEMBER, at=clock.at)
    assert (made.score, made.score.share, made.total) == (Score(2, 3), Decimal("66.7"), 6)
    assert (made.median, made.answered) == (timedelta(hours=2), 3)


def test_the_late_one_is_listed_with_its_code_and_by_how_much(office, month, clock):
    made = online.report(office, NOVEMBER, at=clock.at)
    (row,) = made.breaches.rows
    assert (row[0], row[2], row[3], row[4]) == (
        month["C"].code,
        at(15, 30, day=26),
        at(9, day=27),
        timedelta(hours=1),
    )


def test_how_they_ended_is_counted(office, month, clock):
    made = online.report(office, NOVEMBER, at=clock.at)
    assert [row[1] for row in made.endings.rows] == [1, 1, 1, 0, 0, 0, 3, 1]
    assert (made.ends[Reason.SILENCE], made.reopened) == (1, 1)


def test_what_the_office_set_aside_stands_apart_and_is_neither_kept_nor_broken(
    office, month, ani, budi, clock
):
    """In time: apart. After the promise was broken: broken, whatever was chosen then."""
    set_aside(fresh(month["F"]), reason=Reason.JUNK, by=budi, at=clock.at)
    late = asked(ani, office, clock, at(9, day=2), "G")
    lifecycle.accept(late, by=budi, at=at(9, day=2))
    set_aside(fresh(late), reason=Reason.ELSEWHERE, by=budi, at=at(9, day=12))
    found = by_code(online.rows(office, NOVEMBER, at=clock.at), {**month, "G": late})
    assert (found["F"].outcome, found["G"].outcome) == (Outcome.SET_ASIDE, Outcome.BROKEN)
    made = online.report(office, NOVEMBER, at=clock.at)
    assert (made.score, made.answered) == (Score(2, 4), 3)
    assert [row[1] for row in made.endings.rows] == [1, 1, 1, 1, 0, 1, 2, 1]
    assert made.months.rows[0][9] == 2


def test_a_promise_that_was_broken_is_not_forgotten_for_the_one_that_began_anew(office, ani, budi, clock):
    late = asked(ani, office, clock, at(9, day=2), "G")
    lifecycle.accept(late, by=budi, at=at(9, day=2))
    set_aside(fresh(late), reason=Reason.JUNK, by=budi, at=at(9, day=12))
    lifecycle.reopen(fresh(late), by=budi, at=at(9, day=13))
    says(fresh(late), "Ini.", Said.ANSWER, budi, clock, at(10, day=13))
    (row,) = online.rows(office, NOVEMBER, at=clock.at)
    assert (row.outcome, row.met_at) == (Outcome.BROKEN, None)


def test_the_search_is_told_by_month(office, month, clock):
    for outcome in (trails.answered, trails.answered, trails.asked):
        trail = trails.begin(office, language="id", at=at(8))
        if outcome is trails.asked:
            trails.asked(trail, at=at(8))
        else:
            trails.answered(trail, None, at=at(8))
    trails.answered(trails.begin(office, language="id", at=at(8, day=30) + timedelta(days=1)), None, at=at(9))
    made = online.report(office, NOVEMBER, at=clock.at)
    assert (made.searches.answered, made.searches.asked, made.deflected) == (2, 1, Decimal("66.7"))
    (line,) = made.months.rows
    assert (line[1], line[2], line[3], line[-2], line[-1]) == (6, 2, 3, 2, Decimal("66.7"))


def test_a_forwarded_one_counts_where_it_is_and_shows_each_share(ani, office, budi, clock):
    parent = office.parent
    parent.services.create(
        key="consultation", prefix="K", name_id="Konsultasi", name_en="Advice", is_pst=True
    )
    week = Hours.objects.create(office=parent, name="Jam layanan")
    week.intervals.create(weekday=0, opens=time(8), closes=time(15, 30))
    gede = make_officer(parent, "gede", "consultant")
    one = asked(ani, office, clock, at(9), "A")
    lifecycle.accept(one, by=budi, at=at(9))
    holding.forward(fresh(one), to=parent, note="Data provinsi", by=budi, at=at(11))
    with scope(office=parent):
        says(fresh(one), "Ini.", Said.ANSWER, gede, clock, at(12))
        above = online.report(parent, NOVEMBER, at=clock.at)
    here = online.report(office, NOVEMBER, at=clock.at)
    assert (here.score.counted, here.left_out.rows) == (0, [[str(online.EXCLUDED[Outcome.ELSEWHERE]), 1]])
    assert above.score == Score(1, 1)
    assert [row[1:3] for row in here.shares.rows] == [
        [office.name, timedelta(hours=2)],
        [parent.name, timedelta(hours=1)],
    ]
    with scopes_disabled():
        deadline = Deadline.objects.get(consultation=one, kind=Deadline.Kind.ONLINE_RESPONSE)
        assert [each.counted for each in ledger.shares(deadline, at=clock.at)] == [
            timedelta(hours=2),
            timedelta(hours=1),
        ]


@pytest.mark.parametrize("many", [1, 3])
def test_the_report_asks_the_database_as_often_for_three_as_for_one(
    ani, office, budi, clock, many, django_assert_num_queries
):
    for _ in range(many):
        one = asked(ani, office, clock, at(9), "A")
        lifecycle.accept(one, by=budi, at=at(9))
    online.report(office, NOVEMBER, at=clock.at)
    with django_assert_num_queries(6):
        online.report(office, NOVEMBER, at=clock.at)


def test_the_page_and_every_table_of_it(signed_in, citra, month):
    page = signed_in(citra).get(reverse("online_report", args=["1808"]) + "?periode=2026-11")
    text = page.content.decode()
    assert (page.status_code, "66,7" in text, month["C"].code in text) == (200, True, True)
    for key in ("bulan", "tidak-dihitung", "terlambat", "akhir", "bagian"):
        file = signed_in(citra).get(reverse("online_report", args=["1808"]) + f"?periode=2026-11&unduh={key}")
        assert (file.status_code, file["Content-Type"]) == (200, "text/csv; charset=utf-8")


# the public page


def test_the_public_page_says_when_there_are_too_few_for_a_percentage(client, office, month):
    figures = online.public_figures(office, date(2026, 12, 1))
    assert (figures.kept, figures.counted, figures.share, figures.working_days) == (2, 3, None, 3)
    page = client.get(reverse("office", args=["1808"])).content.decode()
    assert "2 dari 3" in page


def test_five_answers_have_a_percentage(ani, office, budi, clock):
    for hour in range(5):
        one = asked(ani, office, clock, at(8 + hour), "A")
        lifecycle.accept(one, by=budi, at=at(8 + hour))
        says(one, "Ini.", Said.ANSWER, budi, clock, at(8 + hour, 30))
    cache.clear()
    figures = online.public_figures(office, date(2026, 11, 24))
    assert (figures.counted, figures.share) == (5, Decimal("100.0"))


def test_an_office_that_was_never_asked_says_so(client, office, clock):
    figures = online.public_figures(office, date(2026, 11, 24))
    assert (figures.counted, figures.share) == (0, None)
    assert client.get(reverse("office", args=["1808"])).status_code == 200


# satisfaction


def test_the_satisfaction_report_tells_visits_from_online(office, ani, budi, clock):
    from sapa.feedback.models import Rating
    from sapa.reports import satisfaction
    from tests.feedback.visitors import all_of, rated

    def rated_online(score):
        other = make_client()
        one = ask(other, office, clock)
        return Rating.objects.create(
            office=office,
            consultation=one,
            service=one.service,
            invited_at=clock.at,
            expires_at=clock.at + timedelta(days=30),
            rated_at=clock.at,
            **{str(each): value for each, value in all_of(score).items()},
        )

    for _ in range(5):
        rated(office, clock.at, all_of(4))
    rated_online(2)
    made = satisfaction.report(office, NOVEMBER)
    assert [list(row) for row in made.doors.rows] == [["Kunjungan", 5, None], ["Daring", 1, None]]
    for _ in range(4):
        rated_online(2)
    made = satisfaction.report(office, NOVEMBER)
    assert [list(row) for row in made.doors.rows] == [
        ["Kunjungan", 5, Decimal("100.00")],
        ["Daring", 5, Decimal("50.00")],
    ]
    assert (made.result.count, made.adequacy.population, made.result.published) == (10, 10, Decimal("75.00"))
