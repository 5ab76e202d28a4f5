"""The SKM report and command, with the worked example of domain.md 5.2 entered as ratings."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from sapa.feedback.skm import Element
from sapa.reports import satisfaction
from sapa.reports.period import Kind, Period
from tests.feedback.visitors import all_of, rated, serve

NOVEMBER = Period(Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30))
# How many of the 29 answered 4, 3 and 2 (domain.md 5.2, example 1).
COUNTS = {
    Element.REQUIREMENTS: (18, 11, 0),
    Element.PROCEDURE: (14, 15, 0),
    Element.TIME: (15, 12, 2),
    Element.COST: (29, 0, 0),
    Element.PRODUCT: (15, 14, 0),
    Element.COMPETENCE: (18, 11, 0),
    Element.CONDUCT: (19, 10, 0),
    Element.FACILITIES: (18, 11, 0),
    Element.COMPLAINTS: (28, 1, 0),
}


@pytest.fixture
def worked_example(office, clock):
    """29 ratings with exactly the counts of the printed report."""
    columns = {each: [4] * four + [3] * three + [2] * two for each, (four, three, two) in COUNTS.items()}
    for place in range(29):
        rated(office, clock.at, {each: scores[place] for each, scores in columns.items()})


def skm(*arguments):
    out = StringIO()
    with translation.override("id"):
        call_command("skm", *arguments, stdout=out)
    return out.getvalue()


def test_the_worked_example_is_91_48_and_a(office, worked_example):
    result = satisfaction.report(office, NOVEMBER).result
    assert (result.count, result.published, result.grade) == (29, Decimal("91.48"), "A")


def test_the_command_prints_the_worked_example(office, worked_example):
    said = skm("--office", "1808", "--from", "2026-11-01", "--to", "2026-11-30")
    assert "Indeks SKM: 91,48, mutu A (Sangat baik)" in said.splitlines()
    assert "Terlemah: Waktu" in said.splitlines()


def test_the_command_prints_the_same_for_machines(office, worked_example):
    said = json.loads(skm("--office", "1808", "--from", "2026-11-23", "--to", "2026-11-23", "--json"))
    assert (said["index"], said["category"], said["count"], said["weakest"]) == ("91.48", "A", 29, ["time"])
    assert said["elements"]["time"] == {"answered": 29, "missing": 0, "mean": "3.4483", "converted": "86.21"}
    assert said["index_without_cost"] == "90.41"


def test_the_table_shows_the_printed_means(office, worked_example):
    rows = {row[0]: row for row in satisfaction.report(office, NOVEMBER).elements.rows}
    assert [row[3] for row in rows.values()] == [105, 101, 100, 116, 102, 105, 106, 105, 115]
    assert [row[4] for row in rows.values()] == [
        Decimal(mean)
        for mean in ("3.6207", "3.4828", "3.4483", "4.0000", "3.5172", "3.6207", "3.6552", "3.6207", "3.9655")
    ]


def test_a_day_outside_counts_nothing(office, worked_example):
    said = json.loads(skm("--office", "1808", "--from", "2026-11-24", "--to", "2026-11-30", "--json"))
    assert (said["count"], said["index"], said["flags"]) == (0, None, ["suppressed"])


def test_the_day_of_a_rating_is_the_offices_day(office):
    rated(office, datetime(2026, 11, 30, 16, 59, tzinfo=UTC), all_of(4))
    rated(office, datetime(2026, 11, 30, 17, 0, tzinfo=UTC), all_of(4))
    assert satisfaction.report(office, NOVEMBER).result.count == 1


def test_four_ratings_publish_nothing_but_their_number(office, clock):
    for _ in range(4):
        rated(office, clock.at, all_of(2), comment="Ruang tunggu panas.")
    made = satisfaction.report(office, NOVEMBER)
    assert (made.result.count, made.result.published, made.elements.rows, made.bars, made.respondents) == (
        4,
        None,
        [],
        [],
        [],
    )
    said = json.loads(skm("--office", "1808", "--from", "2026-11-01", "--to", "2026-11-30", "--json"))
    assert (said["index"], said["category"], said["elements"]["time"]["mean"]) == (None, None, None)


def test_the_sample_is_measured_against_the_visits_served(office, desk, budi, clock, work):
    for _ in range(12):
        serve(desk, budi, clock)
    for _ in range(5):
        rated(office, clock.at, all_of(4))
    made = satisfaction.report(office, NOVEMBER)
    assert (made.adequacy.received, made.adequacy.population, made.adequacy.needed) == (5, 12, 12)
    assert [str(each) for each in made.result.flags] == ["small_sample"]


def test_comments_stand_without_anything_that_tells_who_wrote(office, clock):
    rated(office, clock.at, all_of(4), comment="Pertama")
    rated(office, clock.at + timedelta(hours=1), all_of(4), comment="Kedua")
    rated(office, clock.at, all_of(4))
    assert satisfaction.report(office, NOVEMBER).comments.rows == [["Kedua"], ["Pertama"]]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--office", "9999", "--from", "2026-11-01", "--to", "2026-11-30"], "There is no office"),
        (["--office", "1808", "--from", "2026-11-30", "--to", "2026-11-01"], "--to lies before --from"),
        (["--office", "1808", "--from", "2026-02-30", "--to", "2026-11-01"], "is not a date"),
        (["--office", "1808", "--from", "1500-01-01", "--to", "2026-11-01"], "lies outside"),
        (["--office", "1808", "--from", "2026-11-01"], "--to"),
        (["--from", "2026-11-01", "--to", "2026-11-30"], "--office"),
    ],
)
def test_a_wrong_call_is_told_what_to_change(office, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        skm(*arguments)


def test_the_command_writes_nothing(office, worked_example, django_assert_num_queries):
    with django_assert_num_queries(4):
        skm("--office", "1808", "--from", "2026-11-01", "--to", "2026-11-30")
