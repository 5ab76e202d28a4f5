"""The pages of the search: for everybody, with and without JavaScript."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.catalogue import publishing, trails
from sapa.catalogue.loading import load_file
from sapa.catalogue.models import Absence, Entry, SearchTrail, TrailStep
from sapa.catalogue.search import search
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.catalogue.test_search import ODD
from tests.catalogue.test_searching_demonstration import BAD
from tests.conftest import Clock

# Of a first search: the office, the change and the rows it found (no absences), its trail with the beginning and the
# end of its transaction.
QUERIES = 9
Browse = Callable[[Officer], Browser]


def address(office: Office) -> str:
    return reverse("search", args=[office.code])


def token_in(page: str) -> str:
    found = re.search(r'name="jejak" value="([^"]+)"', page)
    assert found
    return found[1]


def hits(page: str) -> list[str]:
    found = re.findall(r"data-hit[^>]*>(.+?)</a>", page, re.DOTALL)
    return [unescape(re.sub(r"</?mark>", "", each)).strip() for each in found]


def test_the_empty_page_shows_the_topics_and_keeps_nothing(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry(subject="Kependudukan")
    page = client.get(address(office)).content.decode()
    assert "?q=Kependudukan" in page
    assert SearchTrail.objects.count() == 0


def test_a_hit_shows_what_one_needs_to_know_and_leads_out(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry(
        "Kepadatan Penduduk",
        area="Kabupaten Tulang Bawang",
        level="district",
        year_from=2010,
        year_until=2025,
        unit="jiwa/km²",
        figure_status="provisional",
        producer="BPS Kabupaten Tulang Bawang",
        url="https://tulangbawangkab.bps.go.id",
    )
    page = unescape(client.get(address(office), {"q": "kepadatan"}).content.decode())
    for shown in (
        *("Tabel", "Angka sementara (*)", "Kabupaten Tulang Bawang", "per kecamatan", "2010–2025"),
        *("jiwa/km²", "BPS Kabupaten Tulang Bawang", 'href="https://tulangbawangkab.bps.go.id"'),
    ):
        assert shown in page


def test_a_search_without_javascript_stands_on_one_trail_with_what_was_opened(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    token = token_in(client.get(address(office)).content.decode())
    page = client.get(address(office), {"q": "kepadatan", "jejak": token}).content.decode()
    assert hits(page) == ["Kepadatan Penduduk"]
    assert token_in(page) == token
    opened = reverse("catalogue_entry", args=[office.code, entry.pk])
    assert client.get(opened, {"q": "kepadatan", "jejak": token}).status_code == 200
    trail = SearchTrail.objects.get(token=token)
    assert [(step.kind, step.text, step.entry) for step in trail.steps.all()] == [
        ("searched", "kepadatan", None),
        ("opened", "", entry),
    ]


def test_as_one_types_only_the_results_come_and_the_address_follows(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    make_entry("Kepadatan Penduduk")
    given = {"q": "kepad", "jejak": "A" * 22}
    first = client.get(
        address(office), given, headers={"HX-Request": "true", "HX-Current-URL": "http://x/1808/cari/"}
    )
    assert "<html" not in first.content.decode()
    assert first.headers["HX-Push-Url"] == f"/1808/cari/?q=kepad&jejak={'A' * 22}"
    later = client.get(
        address(office), given, headers={"HX-Request": "true", "HX-Current-URL": "http://x/1808/cari/?q=ke"}
    )
    assert later.headers["HX-Replace-Url"] == f"/1808/cari/?q=kepad&jejak={'A' * 22}"
    assert "HX-Request" in later.headers["Vary"]
    back = client.get(
        address(office), given, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in back.content.decode()
    assert SearchTrail.objects.count() == 1


def test_this_answers_me_ends_the_search_and_is_counted(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    token = token_in(client.get(address(office), {"q": "kepadatan"}).content.decode())
    said = {"q": "kepadatan", "jejak": token, "menjawab": f"e{entry.pk}"}
    for _press in range(2):
        answer = client.post(reverse("search_response", args=[office.code]), said)
    assert answer.headers["Location"] == reverse("search_thanks", args=[office.code])
    assert client.get(answer.headers["Location"]).status_code == 200
    assert SearchTrail.objects.get(token=token).outcome == "answered"
    assert TrailStep.objects.get(kind="answered", trail__token=token).entry == entry


def test_an_absence_answers_too(
    client: Browser, office: Office, make_absence: Callable[..., Absence], clock: Clock
) -> None:
    absence = make_absence("PDRB menurut kecamatan", reason="Dihitung paling rendah untuk kabupaten.")
    page = client.get(address(office), {"q": "pdrb kecamatan ada ga"}).content.decode()
    assert "Tidak tersedia karena:</strong> Dihitung paling rendah untuk kabupaten." in page
    assert "Tanyakan ke:</strong> PDRB kabupaten." in page
    said = {"jejak": token_in(page), "menjawab": f"a{absence.pk}"}
    client.post(reverse("search_response", args=[office.code]), said)
    assert SearchTrail.objects.get().outcome == "answered"


def test_not_this_one_takes_it_out_of_this_search_only(
    client: Browser, office: Office, make_entry: MakeEntry
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    make_entry("Kepadatan Rumah")
    token = token_in(client.get(address(office), {"q": "kepadatan"}).content.decode())
    said = {"q": "kepadatan", "jejak": token, "bukan": f"e{entry.pk}"}
    answer = client.post(reverse("search_response", args=[office.code]), said, follow=True)
    assert hits(answer.content.decode()) == ["Kepadatan Rumah"]
    assert "1 hasil yang Anda sisihkan tidak ditampilkan." in answer.content.decode()
    assert len(hits(client.get(address(office), {"q": "kepadatan"}).content.decode())) == 2


@pytest.mark.parametrize(
    "thing", ["", "e", "e0", "x1", "e1;drop", "e" + "9" * 30, "e²", "a1", "e-1"], ids=lambda each: each[:8]
)
def test_an_answer_to_nothing_is_not_found(client: Browser, office: Office, thing: str) -> None:
    answer = client.post(reverse("search_response", args=[office.code]), {"menjawab": thing})
    assert answer.status_code == 404
    assert SearchTrail.objects.count() == 0


def test_nothing_found_leads_to_an_officer_with_the_trail(
    client: Browser, office: Office, clock: Clock
) -> None:
    page = client.get(address(office), {"q": "resep rendang"}).content.decode()
    token = SearchTrail.objects.get().token
    assert f'href="/1808/tanya/?jejak={token}"' in page
    assert TrailStep.objects.get().results == 0


def test_an_entry_shows_everything_and_how_to_cite_it(
    client: Browser, office: Office, make_entry: MakeEntry, clock: Clock
) -> None:
    entry = make_entry(
        "PDRB menurut lapangan usaha",
        unit="miliar rupiah",
        base_year=2010,
        figure_status="very_provisional",
        year_from=2010,
        year_until=2025,
        external_id="var-52",
        fetched_on=clock.at.date(),
    )
    page = unescape(client.get(reverse("catalogue_entry", args=[office.code, entry.pk])).content.decode())
    for shown in (
        "Tahun dasar",
        "2010",
        "miliar rupiah",
        "no. var-52",
        "Diakses 23 Nov 2026",
        'class="citation"',
    ):
        assert shown in page


def test_markup_in_an_entry_is_shown_as_text(client: Browser, office: Office, make_entry: MakeEntry) -> None:
    attack = "<script>alert(1)</script>"
    entry = make_entry(f"Kepadatan {attack}", summary=attack, body=attack, producer=attack)
    for url in (
        f"{address(office)}?q=kepadatan",
        f"{address(office)}?q=%3Cscript%3Ealert(1)%3C/script%3E",
        reverse("catalogue_entry", args=[office.code, entry.pk]),
    ):
        assert attack not in client.get(url).content.decode()


def test_a_withdrawn_entry_says_so_and_a_foreign_or_unpublished_one_is_not_found(
    client: Browser, office: Office, other_office: Office, make_entry: MakeEntry, budi: Officer, clock: Clock
) -> None:
    gone, draft = make_entry(), make_entry(published_at=None)
    with scopes_disabled():
        foreign = make_entry(office=other_office)
    publishing.withdraw(gone, by=budi, at=clock.at)
    status = [
        client.get(reverse("catalogue_entry", args=[office.code, each.pk])).status_code
        for each in (gone, draft, foreign)
    ]
    assert status == [410, 404, 404]
    said = {"menjawab": f"e{foreign.pk}"}
    assert client.post(reverse("search_response", args=[office.code]), said).status_code == 404


@pytest.mark.parametrize("text", [*BAD.values(), *ODD.values()], ids=[*BAD, *ODD])
def test_the_page_answers_whatever_was_typed(client: Browser, office: Office, text: str) -> None:
    assert client.get(address(office), {"q": text}).status_code == 200


def test_a_nul_character_is_refused_at_the_door(client: Browser, office: Office) -> None:
    assert client.get(address(office), {"q": "a\0b"}).status_code == 400


def test_a_machine_is_stopped_with_a_sentence(
    client: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trails, "SEARCHES_IN_TEN_MINUTES", 2)
    answers = [client.get(address(office), {"q": "penduduk"}) for _time in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "Terlalu sering" in answers[-1].content.decode() or "tunggu" in answers[-1].content.decode()
    part = client.get(address(office), {"q": "penduduk"}, headers={"HX-Request": "true"})
    assert (part.status_code, "tunggu" in part.content.decode()) == (200, True)


def test_the_pages_need_the_same_number_of_queries_for_one_and_three_hits(
    client: Browser, office: Office, make_entry: MakeEntry, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def count() -> int:
        token = token_in(client.get(address(office)).content.decode())
        search(office, "kepadatan")  # the index is made
        with django_assert_num_queries(QUERIES):
            page = client.get(address(office), {"q": "kepadatan", "jejak": token}).content.decode()
        return len(hits(page))

    make_entry("Kepadatan satu")
    assert count() == 1
    make_entry("Kepadatan dua")
    make_entry("Kepadatan tiga")
    assert count() == 3


def test_an_officer_finds_what_to_cite_without_leaving_a_trail(
    signed_in: Browse, budi: Officer, office: Office, make_entry: MakeEntry
) -> None:
    entry = make_entry("Kepadatan Penduduk")
    url = reverse("catalogue_pick", args=[office.code])
    part = signed_in(budi).get(url, {"q": "kepadatn"}).content.decode()
    assert re.findall(r'<button type="submit"[^>]*name="cite" value="(\d+)"', part) == [str(entry.pk)]
    assert "<form" not in part
    assert SearchTrail.objects.count() == 0
    for text in ("", "x", "resep rendang"):
        assert signed_in(budi).get(url, {"q": text}).status_code == 200


def test_the_office_page_has_the_search_box(client: Browser, office: Office) -> None:
    page = client.get(reverse("office", args=[office.code])).content.decode()
    assert f'action="{address(office)}"' in page
    assert "htmx" not in page


def test_a_kind_may_be_the_last_word(client: Browser, office: Office, make_entry: MakeEntry) -> None:
    make_entry("Kepadatan Penduduk")
    page = client.get(address(office), {"q": "kepadatan tabel"}).content.decode()
    assert "Kepadatan" in page


def test_an_area_is_shown_with_both_its_codes(client: Browser, office: Office, clock: Clock) -> None:
    """1808 of BPS is 18.05 of Kemendagri; the file needs to say the first only."""
    load_file(office, "kind,title,external_id,area_bps\nstatic_table,Luas sawah,t1,1808\n", at=clock.at)
    entry = Entry.objects.get(external_id="t1")
    page = unescape(client.get(reverse("catalogue_entry", args=[office.code, entry.pk])).content.decode())
    assert (entry.area_kemendagri, "BPS 1808, Kemendagri 18.05" in page) == ("18.05", True)
