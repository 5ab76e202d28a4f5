"""The promise report and its public figures while little has happened yet."""

from datetime import date
from decimal import Decimal

from sapa.feedback.skm import Element
from sapa.reports import promise
from sapa.reports.promise import Outcome
from tests.feedback.visitors import all_of, rated, take
from tests.reports.test_promise import MONDAY


def test_a_number_still_waiting_is_pending(office, clock):
    take(office, clock.at)
    made = promise.report(office, MONDAY)
    assert (made.excluded, made.score.counted) == ({Outcome.PENDING: 1}, 0)


def test_the_public_index_is_withheld_below_five_ratings(office, clock):
    for _ in range(4):
        rated(office, clock.at, all_of(4))
    assert promise.public_figures(office, date(2026, 11, 23)).index is None
    rated(office, clock.at, all_of(4) | {Element.TIME: 3})
    later = promise.public_figures(office, date(2026, 11, 24))
    assert (later.ratings, later.index, later.grade) == (5, Decimal("99.44"), "A")
