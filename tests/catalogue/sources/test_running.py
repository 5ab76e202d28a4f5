"""Reading a source: everything once, whole pages, nothing lost by a cut, nothing emptied by an empty answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sapa.activity.models import Event
from sapa.catalogue import figures, publishing
from sapa.catalogue.figures import Cube
from sapa.catalogue.figures import Item as Line
from sapa.catalogue.models import Entry, Figures, Source, SourceRun, SourceSeen
from sapa.catalogue.search import search
from sapa.catalogue.sources import running
from sapa.catalogue.sources.base import Item, Page, SourceError
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock

TABLE, CODE = "static_table", "classification_code"
Outcome = SourceRun.Outcome


@dataclass
class Told:
    """A source that tells these pages; a page that is an error is raised."""

    told: list[Page | Exception] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def check(self, config: Mapping[str, Any]) -> list[str]:
        return self.wrong

    def hurried(self) -> "Told":
        return self

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        for number, page in enumerate(self.told):
            if number < cursor.get("next", 0):
                continue
            if isinstance(page, Exception):
                raise page
            yield Page(page.items, {"next": number + 1}, page.problems, page.failed, page.ends)


def table(number: str, title: str = "Luas panen padi", **values: Any) -> Item:
    return Item(TABLE, number, {"title": f"{title} {number}"} | values)


def page(*items: Item, **told: Any) -> Page:
    return Page(items, {}, **told)


def ended(*items: Item, kind: str = TABLE) -> Page:
    return page(*items, ends=(kind,))


@pytest.fixture
def source(office: Office) -> Source:
    return Source.objects.create(office=office, kind="webapi", name="bps")


def read(source: Source, clock: Clock, *pages: Page | Exception, **how: Any) -> SourceRun:
    return running.sync(source, at=clock.at, clock=clock, reader=Told(list(pages)), **how)


def counts(run: SourceRun) -> tuple[int, int, int, int, int]:
    run.refresh_from_db()
    return run.added, run.changed, run.unchanged, run.withdrawn, run.failed


def test_what_comes_is_found_and_what_is_the_same_is_not_written_again(source: Source, clock: Clock) -> None:
    run = read(source, clock, page(table("1")), ended(table("2", unit="ha")))
    assert (run.outcome, counts(run)) == (Outcome.DONE, (2, 0, 0, 0, 0))
    assert len(search(source.office, "panen padi")) == 2
    entry = Entry.objects.get(external_id="2")
    assert (entry.source, entry.unit, entry.fetched_on) == (source, "ha", date(2026, 11, 23))
    clock.advance(days=1)
    again = read(source, clock, page(table("1")), ended(table("2", title="Produksi jagung")))
    assert counts(again) == (0, 1, 1, 0, 0)
    assert [hit.entry.external_id for hit in search(source.office, "jagung").entries] == ["2"]
    fetched = dict(Entry.objects.values_list("external_id", "fetched_on"))
    assert fetched == {"1": date(2026, 11, 23), "2": date(2026, 11, 24)}
    assert Entry.objects.get(external_id="2").unit == ""
    assert not SourceSeen.objects.exists()
    assert Event.objects.filter(name="source.read").count() == 2


def test_what_has_vanished_is_withdrawn_and_shown_again_when_it_comes_back(
    source: Source, clock: Clock
) -> None:
    read(source, clock, ended(table("1"), table("2")))
    clock.advance(days=1)
    assert counts(read(source, clock, ended(table("1")))) == (0, 0, 1, 1, 0)
    assert Entry.objects.get(external_id="2").withdrawn_at == clock.at
    assert len(search(source.office, "padi")) == 1
    clock.advance(days=1)
    assert counts(read(source, clock, ended(table("1"), table("2")))) == (0, 1, 1, 0, 0)
    assert len(search(source.office, "padi")) == 2


def test_what_an_officer_withdrew_stays_away(source: Source, budi: Officer, clock: Clock) -> None:
    read(source, clock, ended(table("1")))
    publishing.withdraw(Entry.objects.get(), by=budi, at=clock.at)
    read(source, clock, ended(table("1")))
    read(source, clock, ended(table("1", unit="ton")))
    assert [(each.unit, each.is_shown) for each in Entry.objects.all()] == [("ton", False)]


def test_nothing_is_withdrawn_when_only_the_news_were_read_or_not_everything(
    source: Source, clock: Clock
) -> None:
    read(source, clock, ended(table("1"), table("2")))
    assert counts(read(source, clock, ended(table("1")), since=date(2026, 1, 1))) == (0, 0, 1, 0, 0)
    assert counts(read(source, clock, page(table("1")))) == (0, 0, 1, 0, 0)


def test_a_source_that_answers_with_nothing_does_not_empty_the_catalogue(
    source: Source, clock: Clock
) -> None:
    many = [table(str(number)) for number in range(20)]
    read(source, clock, ended(*many))
    run = read(source, clock, ended(*many[:9]))
    assert (run.outcome, counts(run)) == (Outcome.PARTLY, (0, 0, 9, 0, 0))
    assert "11" in run.problems[0]
    assert "20" in run.problems[0]
    assert counts(read(source, clock, ended(*many[:10]))) == (0, 0, 10, 10, 0)


def test_a_cut_is_gone_on_with_and_everything_is_there_once(source: Source, clock: Clock) -> None:
    later = SourceError("Tidak menjawab.", permanent=False)
    run = read(source, clock, page(table("1")), later)
    assert (run.outcome, run.problems, counts(run)) == (Outcome.CUT, ["Tidak menjawab."], (1, 0, 0, 0, 0))
    clock.advance(hours=1)
    again = read(source, clock, SourceError("never asked", permanent=True), ended(table("1"), table("2")))
    assert again == run
    assert counts(again) == (2, 0, 0, 0, 0)
    assert Entry.objects.filter(withdrawn_at=None).count() == 2


def test_a_cut_of_yesterday_or_of_other_settings_begins_anew(source: Source, clock: Clock) -> None:
    later = SourceError("Tidak menjawab.", permanent=False)
    first = read(source, clock, page(table("1")), later)
    clock.advance(hours=25)
    second = read(source, clock, page(table("1")), later)
    assert second != first
    source.config = {"domain": "1808"}
    third = read(source, clock, page(table("1")), ended(table("2")))
    assert third != second
    assert counts(third) == (1, 0, 1, 0, 0)


def test_who_has_had_enough_leaves_the_run_to_the_next(source: Source, clock: Clock) -> None:
    pages = [page(table("1")), page(table("2")), ended(table("3"))]
    run = read(source, clock, *pages, is_enough=lambda: True)
    assert (run.outcome, counts(run)) == (Outcome.RUNNING, (1, 0, 0, 0, 0))
    run = read(source, clock, *pages)
    assert (run.outcome, counts(run)) == (Outcome.DONE, (3, 0, 0, 0, 0))


def test_a_source_is_read_once_at_a_time_until_its_reader_is_thought_dead(
    source: Source, clock: Clock
) -> None:
    refused: list[str] = []

    def also(run: SourceRun, told: Page) -> None:
        with pytest.raises(Stale) as stale:
            read(source, clock, told)
        refused.append(stale.value.code)

    read(source, clock, page(table("1")), tell=also)
    assert refused == ["reading"]

    def wait_too_long(run: SourceRun, told: Page) -> None:
        clock.advance(minutes=20)
        read(source, clock, page(table("1")), ended(table("2")))

    with pytest.raises(Stale) as stale:
        read(source, clock, page(table("1")), page(table("2")), tell=wait_too_long)
    assert stale.value.code == "taken_over"
    assert SourceRun.objects.filter(outcome=Outcome.RUNNING).count() == 0
    assert Entry.objects.count() == 2


def test_a_reader_that_is_dead_on_this_computer_holds_up_nobody(source: Source, clock: Clock) -> None:
    import socket

    cursor = {"holder": f"{socket.gethostname()} 999999999 x", "beat": clock.at.isoformat(), "at": {}}
    run = SourceRun.objects.create(source=source, began_at=clock.at, cursor=cursor)
    assert not running.is_held(run, at=clock.at)
    run.cursor["holder"] = "elsewhere 999999999 x"
    assert running.is_held(run, at=clock.at)


def test_a_wrong_key_fails_with_its_sentence_and_changes_nothing(source: Source, clock: Clock) -> None:
    read(source, clock, ended(table("1")))
    run = read(source, clock, SourceError("Kuncinya salah.", permanent=True))
    assert (run.outcome, run.problems) == (Outcome.FAILED, ["Kuncinya salah."])
    unread = running.sync(source, at=clock.at, clock=clock, reader=Told(wrong=["Tanpa domain."]))
    assert (unread.outcome, unread.problems) == (Outcome.FAILED, ["Tanpa domain."])
    assert Entry.objects.filter(withdrawn_at=None).count() == 1


def test_a_mistake_of_ours_ends_the_run_and_is_told(source: Source, clock: Clock) -> None:
    with pytest.raises(KeyError):
        read(source, clock, page(table("1")), KeyError("secret words"))
    run = SourceRun.objects.get()
    assert (run.outcome, run.added) == (Outcome.FAILED, 1)
    assert "KeyError" in run.problems[0]
    assert "secret" not in run.problems[0]


def test_an_unknown_kind_is_refused(source: Source, clock: Clock) -> None:
    source.kind = "gopher"
    with pytest.raises(Refused) as refused:
        running.sync(source, at=clock.at)
    assert refused.value.code == "kind"


def test_items_that_nobody_could_show_are_counted_and_the_others_stay(source: Source, clock: Clock) -> None:
    run = read(
        source,
        clock,
        ended(table("1"), table("1", title="lagi"), Item(TABLE, "2", {"title": " "}), table("x" * 61)),
    )
    assert (run.outcome, counts(run)) == (Outcome.PARTLY, (1, 0, 0, 0, 2))
    assert len(run.problems) == 2


def test_what_the_database_would_refuse_is_put_right(source: Source, clock: Clock) -> None:
    wild = {
        "year_from": 2020,
        "year_until": 1990,
        "base_year": 99_999,
        "url": "javascript:1",
        "level": "moon",
    }
    read(source, clock, ended(table("1", title="A\0" + "b" * 600, **wild)))
    entry = Entry.objects.get()
    assert (entry.year_from, entry.year_until, entry.base_year) == (1990, 2020, None)
    assert (entry.url, entry.level, len(entry.title)) == ("", "", 500)


def test_another_sources_entry_is_left_alone_and_a_row_without_source_is_taken_over(
    source: Source, office: Office, clock: Clock
) -> None:
    Entry.objects.create(office=office, kind=TABLE, external_id="1", title="Lama", published_at=clock.at)
    assert counts(read(source, clock, ended(table("1")))) == (0, 1, 0, 0, 0)
    other = Source.objects.create(office=office, kind="webapi", name="lain")
    assert counts(read(other, clock, ended(table("1", title="Milik lain")))) == (0, 0, 0, 0, 1)
    assert Entry.objects.get().title == "Luas panen padi 1"


def test_codes_find_their_parents_whichever_comes_first(source: Source, clock: Clock) -> None:
    def code(number: str, parent: str = "") -> Item:
        return Item(CODE, number, {"title": f"Kode {number}"}, version="KBLI 2020", parent_code=parent)

    first = page(code("01", "A"), code("011", "01"), code("02", "Z"))
    read(source, clock, first, ended(code("A"), kind=CODE))
    tied = {each.external_id: each.parent and each.parent.external_id for each in Entry.objects.all()}
    assert tied == {"01": "A", "011": "01", "02": None, "A": None}
    again = read(source, clock, first, ended(code("A"), code("Z"), kind=CODE))
    assert counts(again) == (1, 0, 4, 0, 0)
    assert Entry.objects.get(external_id="02").parent == Entry.objects.get(external_id="Z")


def test_numbers_come_with_their_table_and_go_when_the_source_takes_them_away(
    source: Source, clock: Clock
) -> None:
    cube = Cube(
        (Line("1", "Menggala"),), (Line("0", ""),), (Line("120", "2020"),), {("1", "0", "120"): "..."}
    )
    read(source, clock, page(Item("dynamic_table", "31", {"title": "Penduduk"}, cube=cube)))
    kept = figures.of(Entry.objects.get())
    assert kept is not None
    assert kept.cells == cube.cells
    read(source, clock, page(Item("dynamic_table", "31", {"title": "Penduduk"})))
    assert not Figures.objects.exists()


def test_old_runs_are_forgotten(source: Source, clock: Clock) -> None:
    for _turn in range(running.KEPT_RUNS + 3):
        read(source, clock)
    assert SourceRun.objects.count() == running.KEPT_RUNS + 1


def test_of_an_entry_that_changed_only_what_differs_is_written(source: Source, clock: Clock) -> None:
    read(source, clock, ended(table("1", unit="ton"), table("2", unit="ton")))
    clock.advance(days=1)
    with CaptureQueriesContext(connection) as asked:
        run = read(source, clock, ended(table("1", unit="kuintal"), table("2", unit="ton")))
    said = [each["sql"] for each in asked.captured_queries]
    [update] = [sql for sql in said if sql.startswith('UPDATE "catalogue_entry"') and "CASE" in sql]
    names = ("unit", "title", "fetched_on", "source_id", "parent_id")
    assert [name for name in names if f'"{name}" =' in update] == ["unit", "fetched_on"]
    assert (run.changed, run.unchanged) == (1, 1)
