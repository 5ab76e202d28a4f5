"""What was found as HTML: nothing of an entry is taken for HTML, and the line says all that one needs to choose."""

from html import escape, unescape
from re import findall

from sapa.catalogue.hit_lines import lines
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import AbsenceHit, Hit
from sapa.catalogue.search.results import Mark

ATTACK = "<script>alert(1)</script>\"'&"
MARKS = (Mark(ATTACK, is_hit=True), Mark(ATTACK, is_hit=False))


def test_nothing_that_somebody_wrote_is_html() -> None:
    said = dict.fromkeys(
        ("title", "summary", "area", "unit", "producer", "url", "version", "external_id"), ATTACK
    )
    entry = Entry(pk=1, kind="classification_code", **(said | {"title": "-"}))
    absence = Absence(
        pk=2,
        indicator=ATTACK,
        reason=ATTACK,
        where_instead=ATTACK,
        next_release=ATTACK,
        area=ATTACK,
        url=ATTACK,
    )
    found: list[Hit | AbsenceHit] = [
        Hit(entry, 1.0, MARKS, MARKS, path=((ATTACK, ATTACK),), reused=(ATTACK,), missing=(ATTACK,)),
        AbsenceHit(absence, 0.5, MARKS),
    ]
    page = lines(found, office="1808", text=ATTACK, trail=ATTACK)
    assert "<script" not in page
    assert (page.count("<li"), page.count("</li>"), page.count(escape(ATTACK))) == (2, 2, 23)


def test_a_line_leads_to_its_entry_with_the_words_and_the_trail_of_the_search() -> None:
    hit = Hit(Entry(pk=70, kind="publication", title="Padi"), 1.0, (Mark("Padi", is_hit=True),))
    page = lines([hit], office="1808", text="padi & jagung/ubi", trail="abc")
    assert unescape(findall(r'data-hit href="([^"]*)"', page)[0]) == (
        "/1808/katalog/70/?q=padi%20%26%20jagung/ubi&jejak=abc"
    )


def test_an_absence_says_why_and_where_to_ask() -> None:
    absence = Absence(
        pk=3, indicator="Inflasi kecamatan", level="district", reason="Sampel kecil", where_instead="Provinsi"
    )
    page = lines([AbsenceHit(absence, 1.0)], office="1808", text="inflasi", trail="")
    assert findall(r"<p>(.*?)</p>", page) == [
        "<strong>Tidak tersedia karena:</strong> Sampel kecil",
        "<strong>Tanyakan ke:</strong> Provinsi",
    ]
    assert findall(r'value="(\w+)"', page) == ["a3", "a3"]
