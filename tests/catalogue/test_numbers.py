"""The page of a table's numbers, its files, and what an officer cites from it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from pathlib import PurePath

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django_scopes import scopes_disabled
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from sapa.catalogue import figures, publishing
from sapa.catalogue.citations import checked, citation_of, worded
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Entry
from sapa.catalogue.quoting import quoted
from sapa.catalogue.views import numbers
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.catalogue.test_figures import small
from tests.conftest import Clock

Browse = Callable[[Officer], Browser]
TABLE = Cube(
    rows=(Item("1808010", "Banjar Agung"), Item("1808020", "Menggala"), Item("x", "=1+1")),
    columns=(Item("1", "Laki-laki"), Item("3", "Jumlah")),
    periods=(Item("123", "2023"), Item("124", "2024"), Item("125", "2025")),
    cells={
        ("1808010", "1", "125"): Decimal("21034.5"),
        ("1808010", "3", "123"): Decimal(41034),
        ("1808010", "3", "124"): Decimal(41500),
        ("1808010", "3", "125"): "41900.5*",
        ("1808020", "3", "123"): "...",
        ("1808020", "3", "125"): Decimal("-7"),
    },
    rows_label="Kecamatan",
    unit="jiwa",
    notes="Proyeksi <pertengahan> tahun.",
)


@pytest.fixture
def table(make_entry: MakeEntry, clock: Clock) -> Entry:
    entry = make_entry(
        "Jumlah Penduduk menurut Kecamatan",
        kind=Entry.Kind.DYNAMIC_TABLE,
        area="Kabupaten Tulang Bawang",
        area_bps="1808",
        url="https://tulangbawangkab.bps.go.id/id/statistics-table/2/1",
        external_id="31",
        year_from=2010,
        year_until=2025,
        frequency="yearly",
        producer="BPS Kabupaten Tulang Bawang",
    )
    figures.keep(entry, TABLE, at=clock.at - timedelta(days=3))
    return entry


def address(entry: Entry, office: Office, name: str = "catalogue_numbers") -> str:
    return reverse(name, args=[office.code, entry.pk])


def rows(page: str) -> list[list[str]]:
    """The cells of the table's body, without their markup."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in body.split("</tr>")[:-1]
    ]


def test_the_numbers_stand_in_a_table_with_everything_one_must_know(
    client: Browser, office: Office, table: Entry
) -> None:
    page = client.get(address(table, office)).content.decode()
    assert rows(page) == [
        ["Banjar Agung", "41.034", "41.500", "41.900,5*"],
        ["Menggala", "...", "–", "-7"],
        ["=1+1", "–", "–", "–"],
    ]
    assert '<th scope="col">Kecamatan</th><th scope="col">2023</th>' in page
    assert "<caption><span>Jumlah Penduduk menurut Kecamatan, Jumlah <" in page
    for told in (">(jiwa)<", "<strong>*</strong> angka sementara", "<strong>–</strong> tidak ada datum"):
        assert told in page
    cited = page[page.index('<figure class="citation"') :]
    assert "Diakses 20 Nov 2026" in unescape(re.sub(r"<[^>]+>", "", cited[: cited.index("</figure>")]))
    assert "Proyeksi &lt;pertengahan&gt; tahun." in page
    assert page.count('<svg class="chart"') == 1


def test_the_page_of_a_table_shows_the_newest_number_its_chart_and_ways_on(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Jumlah Penduduk", area="Tulang Bawang", area_bps="1808", figure_status="projection")
    whole = Cube(
        rows=(Item("1808010", "Menggala"), Item("1808", "Kabupaten Tulang Bawang")),
        columns=(Item("", ""),),
        periods=tuple(Item(str(year), str(year)) for year in (2023, 2024, 2025)),
        cells={
            ("1808", "", "2023"): Decimal(480_000),
            ("1808", "", "2024"): Decimal(490_000),
            ("1808", "", "2025"): "...",
            ("1808010", "", "2025"): Decimal(49_635),
        },
        unit="jiwa",
    )
    figures.keep(entry, whole, at=clock.at)
    page = " ".join(client.get(address(entry, office, "catalogue_entry")).content.decode().split())
    newest = page[
        page.index('<div class="newest">') : page.index('<figure class="stack-tight figures-chart">')
    ]
    assert (
        unescape(re.sub(r"<[^>]+>", "", newest)).split(" · ")[0]
        == "Kabupaten Tulang Bawang, 2024490.000 jiwaProyeksi"
    )
    assert f'href="{address(entry, office)}?sel=1808%7C%7C2024#kutipan"' in newest
    assert page.count('<svg class="chart"') == 1
    for name in ("catalogue_numbers", "catalogue_numbers_csv", "catalogue_numbers_xlsx"):
        assert f'href="{address(entry, office, name)}"' in page
    assert 'href="#cite-title"' in page


def test_a_mark_beside_the_newest_number_is_told_in_words(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Inflasi")
    only = Cube(
        (Item("1", "Umum"),), (Item("", ""),), (Item("9", "2026"),), {("1", "", "9"): "2.5*"}, unit="persen"
    )
    figures.keep(entry, only, at=clock.at)
    page = client.get(address(entry, office, "catalogue_entry")).content.decode()
    newest = page[page.index('<div class="newest">') :]
    assert "<strong>2,5*</strong> persen" in newest
    assert "angka sementara · " in newest


def test_without_a_whole_there_is_no_newest_number_and_without_figures_nothing(
    client: Browser, office: Office, table: Entry, make_entry: MakeEntry
) -> None:
    parts = client.get(address(table, office, "catalogue_entry")).content.decode()
    assert ('class="newest"' in parts, 'class="chart"' in parts) == (False, True)
    bare = client.get(address(make_entry(), office, "catalogue_entry")).content.decode()
    for odd in ('class="newest"', 'class="chart"', "angka.csv", 'id="figures-title"', "figures.css"):
        assert odd not in bare


def test_column_periods_and_rows_are_chosen_by_the_address(
    client: Browser, office: Office, table: Entry
) -> None:
    told = {"kolom": "1", "dari": "125", "sampai": "124", "kata": "BANJAR"}
    page = client.get(address(table, office), told).content.decode()
    assert rows(page) == [["Banjar Agung", "–", "21.034,5"]]
    assert '<option value="1" selected>' in page
    assert rows(client.get(address(table, office), {"baris": ["x"]}).content.decode())[0][0] == "=1+1"
    none = client.get(address(table, office), {"kata": "zzz"}).content.decode()
    assert "Tidak ada baris yang cocok" in none
    assert client.get(address(table, office), {"kata": "zzz", "page": "9", "dari": "x"}).status_code == 200


def test_htmx_gets_the_part_and_the_address_follows(client: Browser, office: Office, table: Entry) -> None:
    part = client.get(address(table, office), {"kolom": "1"}, headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<div id="numbers"')
    assert part.headers["HX-Replace-Url"] == f"{address(table, office)}?kolom=1&dari=123&sampai=125"
    cell = client.get(
        address(table, office),
        {"sel": "1808010|3|125"},
        headers={"HX-Request": "true", "HX-Target": "kutipan"},
    )
    assert "<table" not in cell.content.decode()
    assert 'class="citation"' in cell.content.decode()
    assert cell.headers["HX-Replace-Url"].endswith("&sel=1808010%7C3%7C125")


def test_a_chosen_cell_shows_how_to_cite_it(client: Browser, office: Office, table: Entry) -> None:
    page = client.get(address(table, office), {"sel": "1808010|3|125"}).content.decode()
    assert re.findall(r'value="([^"]+)" aria-current="true"', page) == ["1808010|3|125"]
    block = page[page.index('<figure class="citation"') :]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", block[: block.index("</figure>")])).split())
    for told in (
        *("41.900,5* jiwa", "Jumlah Penduduk menurut Kecamatan", "Banjar Agung, Jumlah", "2025"),
        *("Kabupaten Tulang Bawang", "BPS Kabupaten Tulang Bawang", table.url),
    ):
        assert told in words
    for sel in ("x|3|125", "1808010|3", "||", "<b>"):
        none = client.get(address(table, office), {"sel": sel}).content.decode()
        assert 'class="citation-value"' not in none


def test_without_an_address_of_the_source_ours_leads_to_the_number(
    client: Browser, office: Office, table: Entry
) -> None:
    with scopes_disabled():
        Entry.objects.filter(pk=table.pk).update(url="")
    page = client.get(address(table, office), {"sel": "1808010|3|125"}).content.decode()
    assert f'href="http://testserver{address(table, office)}?' in page
    assert "sel=1808010%7C3%7C125" in page


def test_strangers_and_what_is_gone_have_no_numbers(
    client: Browser,
    office: Office,
    other_office: Office,
    table: Entry,
    make_entry: MakeEntry,
    budi: Officer,
    clock: Clock,
) -> None:
    bare = make_entry("Tanpa angka", kind=Entry.Kind.DYNAMIC_TABLE)
    names = ("catalogue_numbers", "catalogue_numbers_csv", "catalogue_numbers_xlsx")
    assert {client.get(address(bare, office, name)).status_code for name in names} == {404}
    assert {client.get(address(table, other_office, name)).status_code for name in names} == {404}
    publishing.withdraw(table, by=budi, at=clock.at)
    assert {client.get(address(table, office, name)).status_code for name in names} == {410}
    assert client.post(address(table, office)).status_code == 405


def test_a_large_table_is_paged_and_stays_light(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Besar", kind=Entry.Kind.DYNAMIC_TABLE)
    figures.keep(entry, small(rows=300, periods=30), at=clock.at)
    first = client.get(address(entry, office)).content.decode()
    assert "300 baris, ditampilkan 1 sampai 40" in first
    assert (len(rows(first)), len(rows(first)[0])) == (40, 11)
    last = client.get(address(entry, office), {"page": "8"}).content.decode()
    assert rows(last)[-1][0] == "Baris 300"
    assert len(first) < 80_000


def test_a_table_without_any_number_says_so(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Kosong", kind=Entry.Kind.DYNAMIC_TABLE)
    for cube in (Cube((), (), ()), Cube((Item("a", "A"),), (Item("", ""),), (Item("1", "1"),))):
        figures.keep(entry, cube, at=clock.at)
        page = client.get(address(entry, office))
        assert (page.status_code, 'class="chart"' in page.content.decode()) == (200, False)
        for name in ("catalogue_numbers_csv", "catalogue_numbers_xlsx", "catalogue_entry"):
            assert client.get(address(entry, office, name)).status_code == 200


def test_one_row_and_many_need_the_same_queries(
    client: Browser,
    office: Office,
    make_entry: MakeEntry,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    entry = make_entry("Satu", kind=Entry.Kind.DYNAMIC_TABLE)
    for count in (1, 3):
        figures.keep(entry, small(rows=count), at=clock.at)
        with django_assert_num_queries(3):
            client.get(address(entry, office))


def test_the_page_of_the_entry_shows_the_last_periods(client: Browser, office: Office, table: Entry) -> None:
    page = client.get(address(table, office, "catalogue_entry")).content.decode()
    assert rows(page)[0] == ["Banjar Agung", "41.034", "41.500", "41.900,5*"]
    assert f'href="{address(table, office)}"' in page
    assert "Tabel lengkapnya berisi 3 baris dan 3 periode." in page


def test_the_csv_has_one_datum_per_line_and_its_citation(
    client: Browser, office: Office, table: Entry
) -> None:
    answer = client.get(address(table, office, "catalogue_numbers_csv"))
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="jumlah-penduduk-menurut-kecamatan-1808.csv"'
    )
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Kode baris", "Baris", "Kolom", "Periode", "Nilai", "Tanda"]
    data = [line for line in lines[1:] if not line[0].startswith("#")]
    assert len(data) == 3 * 2 * 3
    assert data[5] == ["1808010", "Banjar Agung", "Jumlah", "2025", "41900,5", "*"]
    assert data[9] == ["1808020", "Menggala", "Jumlah", "2023", "", "..."]
    assert data[12][1] == "'=1+1"
    about = dict(line for line in lines if line[0].startswith("#"))
    assert about["# Satuan"] == "jiwa"
    assert about["# Cara mengutip"] == (
        f"BPS Kabupaten Tulang Bawang. Jumlah Penduduk menurut Kecamatan. {table.url} (diakses 23 Nov 2026)"
    )
    assert about["# Diunduh dari"] == f"http://testserver{address(table, office)}"


def test_the_workbook_holds_numbers_as_numbers_and_no_formula(
    client: Browser, office: Office, table: Entry
) -> None:
    answer = client.get(address(table, office, "catalogue_numbers_xlsx"))
    assert PurePath(answer.headers["Content-Disposition"]).suffix == '.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    data, about = book.worksheets
    assert [[cell.value for cell in row] for row in data.iter_rows()] == [
        ["Kecamatan", "Kolom", "2023", "2024", "2025"],
        ["Banjar Agung", "Laki-laki", None, None, 21034.5],
        ["Banjar Agung", "Jumlah", 41034, 41500, 41900.5],
        ["Menggala", "Laki-laki", None, None, None],
        ["Menggala", "Jumlah", "...", None, -7],
        ["=1+1", "Laki-laki", None, None, None],
        ["=1+1", "Jumlah", None, None, None],
    ]
    assert data["E3"].number_format == '#,##0.0"*"'
    assert "f" not in {cell.data_type for row in data.iter_rows() for cell in row}
    facts = {str(term): words for term, words in about.iter_rows(values_only=True)}
    assert (facts["Satuan"], facts["Alamat sumber"]) == ("jiwa", table.url)


def test_odd_letters_and_endless_numbers_fit_into_the_files(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("///", kind=Entry.Kind.DYNAMIC_TABLE)
    odd = Item("o", "\x00\x01\ud800😀\n@SUM(A1)")
    long = Decimal("1234567890123456789.5")
    figures.keep(
        entry,
        Cube((odd,), (Item("", ""),), (Item("1", "1"),), {("o", "", "1"): long}),
        at=clock.at,
    )
    made = client.get(address(entry, office, "catalogue_numbers_xlsx"))
    assert 'filename="tabel-1808.xlsx"' in made.headers["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(made.content)).worksheets[0]
    assert (sheet["A2"].value, sheet["B2"].value) == ("😀\n@SUM(A1)", "1234567890123456789.5")
    assert (
        "1234567890123456789,5"
        in client.get(address(entry, office, "catalogue_numbers_csv")).content.decode()
    )


def test_files_are_not_fetched_without_end(
    client: Browser, office: Office, table: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "FILES_IN_TEN_MINUTES", 2)
    url = address(table, office, "catalogue_numbers_csv")
    answers = [client.get(url) for _time in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "tunggu" in answers[-1].content.decode()


def test_a_quoted_cell_is_a_citation_that_every_reader_reads_in_their_own_form(
    office: Office, table: Entry
) -> None:
    source = quoted(office, f"{table.pk}|1808010|3|125")
    assert source is not None
    names = ("row", "column", "period", "value", "unit", "url", "fetched_on")
    assert {name: source[name] for name in names} == {
        "row": "Banjar Agung",
        "column": "Jumlah",
        "period": "2025",
        "value": "41900.5*",
        "unit": "jiwa",
        "url": table.url,
        "fetched_on": "2026-11-20",
    }
    assert checked([source]) == [source]
    assert worded(source)["value"] == "41.900,5*"
    assert (worded(source)["cell"], worded(source)["period"]) == ("Banjar Agung, Jumlah", "2025")
    with translation.override("en"):
        assert worded(source)["value"] == "41,900.5*"


def test_citations_of_before_read_as_they_did(table: Entry) -> None:
    old = citation_of(table, value="12.5")
    assert (worded(old)["value"], worded(old)["cell"], worded(old)["period"]) == (
        *("12.5", ""),
        "2010–2025, Tahunan",
    )


@pytest.mark.parametrize("place", ["1808010|3|999", "1808020|3|124", "x", "||"])
def test_a_number_that_is_not_there_is_not_quoted(office: Office, table: Entry, place: str) -> None:
    with pytest.raises(Refused) as refused:
        quoted(office, f"{table.pk}|{place}")
    assert refused.value.code == "cell_gone"


def test_nothing_of_another_office_is_quoted(office: Office, other_office: Office, table: Entry) -> None:
    assert quoted(other_office, f"{table.pk}|1808010|3|125") is None
    assert [quoted(office, given) for given in ("", "0", "x", "9" * 30, "-1", "²")] == [None] * 6


def test_an_officer_opens_the_numbers_of_a_hit_and_each_is_a_button(
    signed_in: Browse, budi: Officer, dewi: Officer, office: Office, table: Entry
) -> None:
    hits = signed_in(budi).get(reverse("catalogue_pick", args=[office.code]), {"q": "jumlah penduduk"})
    url = address(table, office, "catalogue_pick_numbers")
    assert f'hx-get="{url}"' in hits.content.decode()
    part = signed_in(budi).get(url, {"kata": "banjar", "sampai": "124"}).content.decode()
    assert re.findall(r'name="cite" value="([^"]+)"', part) == [
        str(table.pk),
        f"{table.pk}|1808010|3|123",
        f"{table.pk}|1808010|3|124",
    ]
    assert "<form" not in part
    assert signed_in(dewi).get(url).status_code == 404
    assert (
        signed_in(budi).get(reverse("catalogue_pick_numbers", args=[office.code, 999_999])).status_code == 404
    )
