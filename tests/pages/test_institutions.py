"""The institutions of an office's visitors, as a supervisor and as strangers meet them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people import institutions
from sapa.people.models import Client, Institution, Officer
from tests.conftest import Clock

PAGE = "/1808/pengaturan/instansi/"


def came_from(office: Office, client: Client, clock: Clock, name: str) -> Institution:
    institution = institutions.register(name, category="research_education")
    assert institution is not None
    with scopes_disabled():
        office.visits.create(
            client=client,
            submission_key=uuid4(),
            service_day=clock.at.date(),
            signed_at=clock.at,
            door=Visit.Door.KIOSK,
            codelist_version="skd-2026",
            institution=institution,
        )
    return institution


@pytest.fixture
def supervisor(citra: Officer, client: Browser, clock: Clock) -> Browser:
    client.force_login(citra.user)
    return client


def page(browser: Browser, query: str = "") -> str:
    answer = browser.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(browser: Browser, what: str, institution: Institution, **fields: str) -> str:
    address = reverse(f"settings_institution_{what}", args=["1808", institution.pk])
    answer = browser.post(address, fields, follow=True)
    return answer.content.decode()


def test_only_names_of_ones_own_visitors_are_listed(
    supervisor: Browser, office: Office, other_office: Office, ani: Client, clock: Clock
) -> None:
    came_from(office, ani, clock, "Universitas Lampung")
    came_from(other_office, ani, clock, "Itera")
    assert ("Universitas Lampung" in page(supervisor), "Itera" in page(supervisor)) == (True, False)


def test_without_visitors_the_page_says_how_names_come_here(supervisor: Browser, office: Office) -> None:
    assert "Belum ada instansi" in page(supervisor)


def test_a_name_is_confirmed_renamed_and_merged(
    supervisor: Browser, office: Office, ani: Client, clock: Clock
) -> None:
    right = came_from(office, ani, clock, "Universitas Lampng")
    variant = came_from(office, ani, clock, "Unila")
    assert "Nama disahkan." in act(supervisor, "confirmation", right)
    assert "Nama diubah." in act(supervisor, "name", right, name="Universitas Lampung")
    assert "Keduanya kini menjadi satu." in act(supervisor, "merge", variant, into="univ lampung")
    listed = page(supervisor)
    assert "juga ditulis: Unila, Universitas Lampng" in listed
    assert listed.count('class="settings-row"') == 1


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("name", {"name": ""}),
        ("name", {}),
        ("merge", {"into": "Tidak ada"}),
        ("merge", {}),
        ("merge", {"into": "unila"}),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    supervisor: Browser, office: Office, ani: Client, clock: Clock, what: str, fields: dict[str, str]
) -> None:
    unila = came_from(office, ani, clock, "Unila")
    assert 'class="notice error"' in act(supervisor, what, unila, **fields)
    unila.refresh_from_db()
    assert (unila.name, unila.merged_into) == ("Unila", None)


def test_the_search_finds_any_spelling_and_stays_after_a_change(
    supervisor: Browser, office: Office, ani: Client, clock: Clock
) -> None:
    unila = came_from(office, ani, clock, "Universitas Lampung")
    came_from(office, ani, clock, "Dinas Kesehatan")
    found = page(supervisor, "?q=Univ.")
    assert ("Universitas Lampung" in found, "Dinas Kesehatan" in found) == (True, False)
    assert "Tidak ada instansi dengan nama ini" in page(supervisor, "?q=zzz")
    answer = supervisor.post(
        reverse("settings_institution_confirmation", args=["1808", unila.pk]), {"q": "Univ.&x=1"}
    )
    assert answer.headers["Location"] == PAGE + "?q=Univ.%26x%3D1"


def test_three_names_cost_as_many_queries_as_one(
    supervisor: Browser, office: Office, ani: Client, clock: Clock
) -> None:
    came_from(office, ani, clock, "Unila")
    page(supervisor)
    with CaptureQueriesContext(connection) as one:
        page(supervisor)
    came_from(office, ani, clock, "Itera")
    came_from(office, ani, clock, "Dinas Kesehatan")
    with CaptureQueriesContext(connection) as three:
        page(supervisor)
    assert len(three) == len(one)


def test_an_institution_of_another_offices_visitors_cannot_be_changed(
    supervisor: Browser, office: Office, other_office: Office, ani: Client, clock: Clock
) -> None:
    theirs = came_from(other_office, ani, clock, "Itera")
    for what in ("confirmation", "name", "merge"):
        address = reverse(f"settings_institution_{what}", args=["1808", theirs.pk])
        assert supervisor.post(address, {"name": "X", "into": "Itera"}).status_code == 404


def test_strangers_administrators_and_the_front_desk_have_no_part_in_it(
    client: Browser, hadi: Officer, fajar: Officer, dewi: Officer, office: Office, clock: Clock
) -> None:
    answers = {}
    for person in (hadi, fajar, dewi):
        client.force_login(person.user)
        answers[person.user.name] = client.get(PAGE).status_code
    assert answers == {"Hadi": 403, "Fajar": 403, "Dewi": 404}
