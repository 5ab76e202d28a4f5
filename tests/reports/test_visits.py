"""Who came: people by heads, errands apart, answers in the words of their day."""

from datetime import date, timedelta

from django.utils import translation

from sapa.frontdesk.models import Visit
from sapa.reports import visits
from sapa.reports.period import Kind, Period
from tests.feedback.visitors import sign, take

NOVEMBER = Period(Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30))


def report(office):
    with translation.override("id"):
        return visits.report(office, NOVEMBER)


def table(office, title):
    return next(each.table for each in report(office).demographics if each.table.title == title)


def test_a_group_counts_as_many_as_it_has(office, clock):
    sign(office, clock.at, gender="female")
    sign(office, clock.at, gender="female", is_group=True, men=12, women=9)
    made = report(office)
    assert (made.visits, made.people, made.groups, made.busiest) == (2, 22, 1, (date(2026, 11, 23), 22))
    assert table(office, "Jenis kelamin").rows == [["Laki-laki", 12], ["Perempuan", 10]]


def test_a_group_that_was_not_counted_is_at_least_one(office, clock):
    sign(office, clock.at, is_group=True)
    assert report(office).people == 1


def test_errands_stand_apart(office, clock):
    sign(office, clock.at)
    sign(office, clock.at, is_errand=True)
    made = report(office)
    assert (made.visits, made.errands, made.days.rows) == (1, 1, [[date(2026, 11, 23), 1, 1, 1]])


def test_days_of_errands_alone_are_listed(office, clock):
    sign(office, clock.at + timedelta(days=1), is_errand=True)
    assert report(office).days.rows == [[date(2026, 11, 24), 0, 0, 1]]


def test_an_old_visit_keeps_the_words_of_its_form(office, clock):
    sign(office, clock.at, purpose="research", codelist_version="skd-2026")
    sign(office, clock.at, purpose="planning", codelist_version="ntb-2024")
    sign(office, clock.at, purpose="", codelist_version="skd-2026")
    sign(office, clock.at, purpose="mystery", codelist_version="lost-1999")
    found = table(office, "Pemanfaatan data").rows
    assert sorted(found) == [["Penelitian", 1], ["Perencanaan", 1], ["Tidak diisi", 1], ["mystery", 1]]
    assert found[-1] == ["Tidak diisi", 1]


def test_answers_stand_in_the_order_of_the_form(office, clock):
    for age in ("over_65", "under_17", "age_26_34"):
        sign(office, clock.at, age_class=age)
    assert [row[0] for row in table(office, "Umur").rows] == [
        "Di bawah 17 tahun",
        "26–34 tahun",
        "Di atas 65 tahun",
    ]


def test_services_and_doors_are_counted(office, clock):
    take(office, clock.at)
    take(office, clock.at, service="library")
    take(office, clock.at, visit=sign(office, clock.at, door=Visit.Door.PHONE), service="library")
    made = report(office)
    assert [row[::2] for row in made.services.rows] == [["Konsultasi statistik", 1], ["Perpustakaan", 2]]
    assert [row[1] for row in made.doors.rows] == [2, 1]


def test_many_days_are_drawn_as_months(office, clock):
    for days in range(40):
        sign(office, clock.at - timedelta(days=days))
    year = visits.report(office, Period(Kind.YEAR, date(2026, 1, 1), date(2026, 12, 31)))
    assert [bar.label for bar in year.bars] == ["Oktober 2026", "November 2026"]


def test_the_report_asks_as_often_for_three_visits_as_for_one(office, clock, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(3):
            report(office)
        for _ in range(2):
            sign(office, clock.at)
