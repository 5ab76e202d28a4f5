"""The worker and the sources: on time, a little at a time, again after a failure."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from sapa import wiring
from sapa.catalogue.models import Entry, Source, SourceRun
from sapa.catalogue.sources import administering, running, timetable
from sapa.catalogue.sources.webapi.reader import WebApi
from sapa.core.errors import Refused, Stale
from sapa.core.work import work as settle
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.sources.conftest import Read
from tests.conftest import Clock
from tests.simulators import webapi

Outcome = SourceRun.Outcome


def due(source: Source) -> datetime | None:
    source.refresh_from_db()
    return source.due_at


def settled(clock: Clock) -> int:
    return settle(clock.at, paths=["sapa.catalogue.sources.timetable.SOURCE"])


def test_a_due_source_is_read_and_due_again_a_day_later(
    site: webapi.Site, source: Source, clock: Clock
) -> None:
    assert "sapa.catalogue.sources.timetable.SOURCE" in wiring.SOURCES
    assert settled(clock) == 0  # by command only
    administering.read_soon(source, by=None, at=clock.at)
    assert settled(clock) == 1
    assert (SourceRun.objects.get().outcome, Entry.objects.count()) == (Outcome.DONE, 12)
    assert due(source) == clock.at + timedelta(hours=24)


def test_a_long_reading_takes_turns_with_the_rest(site: webapi.Site, source: Source, clock: Clock) -> None:
    administering.read_soon(source, by=None, at=clock.at)
    timetable.read_due(source.pk, clock.at, seconds=0)
    assert (SourceRun.objects.get().outcome, Entry.objects.count()) == (Outcome.RUNNING, 10)
    assert due(source) == clock.at + timedelta(seconds=1)
    clock.advance(seconds=1)
    timetable.read_due(source.pk, clock.at, seconds=0)
    clock.advance(seconds=1)
    timetable.read_due(source.pk, clock.at, seconds=0)
    assert (SourceRun.objects.get().outcome, Entry.objects.count()) == (Outcome.DONE, 12)


def test_a_failing_source_is_tried_after_an_hour_and_then_on_its_timetable(
    site: webapi.Site, source: Source, clock: Clock
) -> None:
    site.break_down("403")
    administering.read_soon(source, by=None, at=clock.at)
    settled(clock)
    assert due(source) == clock.at + timedelta(hours=1)
    assert SourceRun.objects.get().problems
    clock.advance(hours=1)
    settled(clock)
    assert due(source) == clock.at + timedelta(hours=24)
    site.faults.clear()
    clock.advance(hours=24)
    settled(clock)
    assert [run.outcome for run in SourceRun.objects.order_by("id")] == ["failed", "failed", "done"]


def test_a_mistake_of_ours_holds_up_nobody(site: webapi.Site, source: Source, clock: Clock) -> None:
    source.kind = "gopher"
    source.save()
    administering.read_soon(source, by=None, at=clock.at)
    assert settled(clock) == 1
    assert due(source) == clock.at + timedelta(hours=1)


def test_who_takes_a_source_off_the_timetable_is_obeyed(
    site: webapi.Site, source: Source, clock: Clock
) -> None:
    administering.read_soon(source, by=None, at=clock.at)
    timetable.read_due(source.pk, clock.at, seconds=0)
    source.refresh_from_db()
    administering.change(source, config=source.config, every_hours=None, by=None, at=clock.at)
    clock.advance(seconds=5)
    assert settled(clock) == 0
    assert due(source) is None


def test_a_source_that_is_read_by_hand_is_left_until_later(
    site: webapi.Site, source: Source, clock: Clock
) -> None:
    administering.read_soon(source, by=None, at=clock.at)
    turns: list[datetime | None] = []

    def meanwhile(run: SourceRun, page: object) -> None:
        with pytest.raises(Stale) as stale:
            administering.read_soon(source, by=None, at=clock.at)
        assert stale.value.code == "reading"
        Source.objects.filter(pk=source.pk).update(due_at=clock.at)
        timetable.read_due(source.pk, clock.at)
        turns.append(due(source))

    running.sync(source, at=clock.at, clock=clock, tell=meanwhile, is_enough=lambda: True, reader=WebApi())
    assert turns == [clock.at + timedelta(minutes=10)]


def test_sources_are_added_with_what_their_reader_accepts(
    office: Office, budi: Officer, clock: Clock
) -> None:
    given: dict[str, Any] = {"kind": "webapi", "config": {"domain": "1808"}, "by": budi.user, "at": clock.at}
    made = administering.add(office, name="bps", every_hours=12, **given)
    assert (made.due_at, made.every_hours) == (clock.at, 12)
    assert administering.add(office, name="lain", every_hours=None, **given).due_at is None
    refused = []
    for wrong in (
        {"name": "bps", "every_hours": 1},
        {"name": "B P S", "every_hours": 1},
        {"name": "c", "every_hours": 0},
        {"name": "c", "every_hours": 1, "config": {"domain": "tuba"}},
        {"name": "c", "every_hours": 1, "kind": "gopher"},
    ):
        with pytest.raises(Refused) as refusal:
            administering.add(office, **(given | wrong))
        refused.append(refusal.value.code)
    assert refused == ["taken", "name", "every", "config", "kind"]
    assert Source.objects.count() == 2


def test_a_removed_source_takes_its_entries_with_it_or_leaves_them(
    site: webapi.Site, source: Source, read: Read, clock: Clock
) -> None:
    read("infographic")
    assert administering.remove(source, keep=True, by=None, at=clock.at) == 1
    assert [(each.is_shown, each.source) for each in Entry.objects.all()] == [(True, None)]
    again = Source.objects.create(office=source.office, kind="webapi", name="bps", config=source.config)
    running.sync(again, at=clock.at, clock=clock, reader=WebApi())
    assert administering.remove(again, keep=False, by=None, at=clock.at) == 1
    assert [each.is_shown for each in Entry.objects.all()] == [False]
    assert not Source.objects.exists()


def test_after_a_long_reading_the_others_wait_for_the_next_round(
    site: webapi.Site, source: Source, clock: Clock
) -> None:
    other = Source.objects.create(office=source.office, kind="webapi", name="lain", config=source.config)
    for each in (source, other):
        administering.read_soon(each, by=None, at=clock.at)
    # Longer than a second is long.
    site.break_down("slow", "domain", times=1, seconds=1.1)
    assert settled(clock) == 1
    clock.advance(seconds=1)
    assert settled(clock) == 1
    assert set(SourceRun.objects.values_list("source__name", flat=True)) == {"bps", "lain"}


def test_a_visitor_waits_for_no_source(
    site: webapi.Site, source: Source, office: Office, clock: Clock, client: Browser
) -> None:
    """The catalogue answers from what was read before, also while its source is due and has gone."""
    Source.objects.filter(pk=source.pk).update(due_at=clock.at)
    timetable.read_due(source.pk, clock.at)
    Source.objects.filter(pk=source.pk).update(due_at=clock.at)
    entry = Entry.objects.filter(source=source)[0]
    site.asked.clear()
    for page in ("", "cari/?q=luas+panen", "cari/saran/?q=lu", "cari/?q=entah", f"katalog/{entry.pk}/"):
        assert client.get(f"/1808/{page}").status_code == 200
    assert site.asked == []
