"""What the index keeps of a row, without a database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import tantivy

from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.documents import ASIDE, KEYWORD, TITLE, TOLD, card, document
from sapa.catalogue.search.facets import facets
from sapa.catalogue.search.results import Filters
from sapa.catalogue.search.store import SCHEMA, Store


def entry(number: int = 1, **fields: Any) -> Entry:
    given = {
        "title": "Luas Panen Padi",
        "kind": "static_table",
        "published_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Entry(pk=number, office_id=7, **given | fields)


def test_a_card_holds_the_weights_of_what_is_asked_for_and_no_others() -> None:
    row = entry(keywords="sawah", subject="Pertanian", body="panenan petani")
    asked = frozenset(["padi", "sawah", "~tani", "petani", "jagung"])
    read = card(document(row)["card"], asked)
    assert read.weights == {"padi": TITLE, "sawah": KEYWORD, "~tani": TOLD, "petani": ASIDE}
    assert (read.title, read.stems) == (("luas", "panen", "padi"), ("~luas", "~panen", "~padi"))


def test_the_greatest_weight_of_a_word_and_of_a_root_stays() -> None:
    read = card(document(entry(keywords="padi panenan"))["card"], frozenset(["padi", "panenan", "~panen"]))
    assert read.weights == {"padi": TITLE, "panenan": KEYWORD, "~panen": TITLE}


def test_a_card_says_what_the_row_is() -> None:
    row = entry(3, area_bps="1808", year_from=2010, year_until=2024, level="regency", external_id="A 1")
    read = card(document(row)["card"], frozenset())
    assert (read.pk, read.kind, read.level, read.areas) == (3, "static_table", "regency", ("1808", "18"))
    assert (read.year_from, read.year_until, read.code, read.is_absence) == (2010, 2024, "a 1", False)
    absence = card(document(Absence(pk=3, office_id=7, indicator="Gini kecamatan"))["card"], frozenset())
    assert (absence.pk, absence.is_absence, absence.title) == (3, True, ("gini", "kecamatan"))


def test_a_mark_of_the_card_in_a_number_does_no_harm() -> None:
    assert card(document(entry(external_id="a\x1fb"))["card"], frozenset()).code == "ab"


@pytest.mark.parametrize(
    ("spans", "counted"),
    [
        ([(2020, 2022), (2022, None), (None, None)], [("2022", 2), ("2021", 1), ("2020", 1)]),
        ([(2010, 2011), (2014, 2015)], [("2015", 1), ("2014", 1), ("2011", 1), ("2010", 1)]),
        ([(1990, 2020), (2019, 2020)], [("2020", 2), ("2019", 2), *((str(2018 - n), 1) for n in range(10))]),
        ([(2025, 2050), (2026, None)], [*((str(2036 - n), 1) for n in range(10)), ("2026", 2), ("2025", 1)]),
        ([(2010, 2050), (2026, None)], [("2026", 2), *((str(2025 - n), 1) for n in range(11))]),
    ],
)
def test_each_year_counts_what_lies_in_it_the_newest_first(
    spans: list[tuple[int | None, int | None]], counted: list[tuple[str, int]]
) -> None:
    store = Store(None)
    store.fill(entry(n, year_from=first, year_until=last) for n, (first, last) in enumerate(spans, 1))
    store.refresh()
    (years,) = facets(store.searcher, lambda _filters: tantivy.Query.all_query(), Filters(), this_year=2026)
    assert [(each.value, each.count) for each in years.values] == counted


def test_a_search_under_way_keeps_to_what_it_found_when_the_index_goes_on() -> None:
    before = Store(None)
    before.fill([entry(1, title="Luas panen padi")])
    before.refresh()
    query = tantivy.Query.term_query(SCHEMA, "title", "padi")
    ((_score, place),) = before.searcher.search(query, 10).hits
    before.write([entry(1, title="Harga gabah"), entry(2, title="Produksi padi")])
    after = before.refreshed()
    assert before.card(place).title == ("luas", "panen", "padi")
    assert [after.card(place).pk for _score, place in after.searcher.search(query, 10).hits] == [2]


def test_a_row_stands_in_the_index_once_however_often_it_is_written() -> None:
    store = Store(None)
    store.fill([entry(1), entry(2)])
    for title in ("Luas panen", "Luas tanam", "Luas tanam"):
        store.write([entry(1, title=title)])
    gone = entry(2)
    gone.withdrawn_at = gone.published_at
    store.write([gone])
    store = store.refreshed()
    hits = store.searcher.search(tantivy.Query.all_query(), 10).hits
    assert [store.card(place).title for _score, place in hits] == [("luas", "tanam")]


def test_an_index_is_all_of_some_offices_until_another_one_has_something_in_it() -> None:
    store = Store(None)
    store.fill([entry(1), entry(2)])
    store.refresh()
    assert [store.is_all_of(offices) for offices in ((7,), (7, 8), (8,), ())] == [True, True, False, False]
    foreign = entry(3)
    foreign.office_id = 9
    # Counting documents that are gone, office 7 alone would seem to have them all.
    store.write([entry(1, title="Padi"), foreign])
    store = store.refreshed()
    assert [store.is_all_of(offices) for offices in ((7,), (7, 9))] == [False, True]


@pytest.fixture
def shared_memory() -> Iterator[Path]:
    """A folder that no disk has to be waited for."""
    if not Path("/dev/shm").is_dir():
        pytest.skip("counts what Linux tells of a process")
    with TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


def test_changes_leave_no_files_open_behind(shared_memory: Path) -> None:
    store = Store(shared_memory)
    held = []
    for number in range(24):
        store.write([entry(number + 1)])
        store = store.refreshed()
        held.append((_open_files(), _gone_and_mapped()))
    # The engine joins small parts every eight changes; it never has more open than between two of these.
    assert max(held[16:]) <= max(held[:16])
    assert held[-1][1] == 0


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _gone_and_mapped() -> int:
    lines = Path("/proc/self/maps").read_text().splitlines()
    return sum("/docs/" in line and line.endswith("(deleted)") for line in lines)
