"""The report pages: who may see them, what they do with a wrong address, and the files they hand out."""

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.feedback.skm import Element
from tests.feedback.visitors import all_of, rated, serve

NAMES = ["reports", "promise_report", "online_report", "skm_report", "visits_report", "complaints_report"]


def url(name, office="1808"):
    return reverse(name, args=[office])


@pytest.fixture
def november(office, desk, budi, clock, work):
    """Six visitors served and rated, one of them with a comment that a spreadsheet could run."""
    for place in range(6):
        serve(desk, budi, clock)
        rated(
            office,
            clock.at,
            all_of(4 - place % 2),
            comment='=HYPERLINK("http://evil.example")' if not place else "",
        )


@pytest.mark.parametrize("name", NAMES)
def test_supervisors_of_the_office_and_above_see_the_reports_and_nobody_else(
    client, signed_in, office, name, citra, gita, eko, budi, fajar, hadi, dewi
):
    assert client.get(url(name)).status_code == 302
    seen = {
        who.user.name: signed_in(who).get(url(name)).status_code
        for who in (citra, gita, eko, budi, fajar, hadi)
    }
    assert seen == {"Citra": 200, "Gita": 200, "Eko": 200, "Budi": 403, "Fajar": 403, "Hadi": 403}
    assert signed_in(dewi).get(url(name)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_office_has_pages_that_say_so(signed_in, citra, clock, name):
    page = signed_in(citra).get(url(name))
    assert (page.status_code, " style=" in page.content.decode()) == (200, False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["?periode=xx", "?dari=2026-02-30", "?dari=2026-12-01&sampai=2026-11-01"])
def test_a_wrong_period_is_said_and_this_month_is_shown(signed_in, citra, clock, name, query):
    page = signed_in(citra).get(url(name) + query)
    assert (page.status_code, page.context["period"].query) == (400, "periode=2026-11")
    assert str(page.context["refusal"]) in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("name", NAMES)
def test_a_month_with_visitors_is_shown(signed_in, citra, november, name):
    page = signed_in(citra).get(url(name) + "?periode=2026-11")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("promise_report", ["minggu", "meja", "tidak-dihitung", "terlambat", "jeda-oleh", "jeda"]),
        ("skm_report", ["unsur", "komentar", "gender", "age-class", "education", "occupation", "purpose"]),
        ("visits_report", ["hari", "layanan", "pintu", "gender", "institution-category"]),
    ],
)
def test_every_table_can_be_taken_away(signed_in, citra, november, name, keys):
    for key in keys:
        file = signed_in(citra).get(url(name) + f"?periode=2026-11&unduh={key}")
        assert (file.status_code, file.headers["Content-Disposition"]) == (
            200,
            f'attachment; filename="1808-{key}-2026-11-01-2026-11-30.csv"',
        )


def test_a_comment_that_is_a_formula_leaves_as_text(signed_in, citra, november):
    file = (
        signed_in(citra)
        .get(url("skm_report") + "?periode=2026-11&unduh=komentar")
        .content.decode("utf-8-sig")
    )
    assert file.splitlines()[1] == '"\'=HYPERLINK(""http://evil.example"")"'


@pytest.mark.parametrize("key", ["tidak-ada", "", "../../etc/passwd", "x" * 5_000])
def test_an_unknown_table_is_not_found(signed_in, citra, november, key):
    assert signed_in(citra).get(url("skm_report"), {"periode": "2026-11", "unduh": key}).status_code == 404


def test_a_report_holds_nothing_of_another_office(signed_in, eko, november, other_office, clock):
    with scopes_disabled():
        rated(other_office, clock.at, all_of(1), comment="Dari kantor tetangga")
    assert "tetangga" not in signed_in(eko).get(url("skm_report")).content.decode()
    assert "tetangga" in signed_in(eko).get(url("skm_report", "1812")).content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_the_database_as_often_for_six_visitors_as_for_none(
    signed_in, citra, clock, name, request, django_assert_max_num_queries
):
    page = signed_in(citra)
    with django_assert_max_num_queries(40) as empty:
        page.get(url(name))
    request.getfixturevalue("november")
    with django_assert_max_num_queries(len(empty)):
        page.get(url(name))


@pytest.mark.parametrize("name", ["reports", "skm_report"])
def test_why_no_index_is_published_is_said_once(signed_in, citra, office, clock, name):
    for _ in range(3):
        rated(office, clock.at, all_of(4))
    page = signed_in(citra).get(url(name) + "?periode=2026-11").content.decode()
    assert (page.count("Baru 3 penilaian"), page.count("tidak diterbitkan")) == (1, 0)


def test_an_element_that_nobody_answered_is_named(signed_in, citra, office, clock):
    for _ in range(5):
        rated(office, clock.at, {each: 4 for each in Element if each is not Element.TIME})
    page = signed_in(citra).get(url("skm_report") + "?periode=2026-11").content.decode()
    assert "5 penilaian diterima, tetapi unsur ini tidak dijawab siapa pun: Waktu." in page
