"""What was given up in the background, as an administrator meets it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sapa import wiring
from sapa.activity.models import Reaction
from sapa.activity.recording import record
from sapa.offices.models import Office
from sapa.pages.views.settings.work import TASKS
from sapa.people.models import Officer
from tests.conftest import Clock

PAGE = "/1808/pengaturan/pekerjaan/"


@pytest.fixture
def admin(hadi: Officer, client: Client, clock: Clock) -> Client:
    client.force_login(hadi.user)
    return client


def give_up(office: Office, clock: Clock) -> Reaction:
    with transaction.atomic():
        event = record("officer.appointed", office, office_id=office.pk, by=None, at=clock.at)
    reaction = event.reactions.get()
    reaction.dead_at, reaction.attempts = clock.at + timedelta(hours=1), 8
    reaction.reason = "SMTPRecipientsRefused: ani.lestari@contoh.example"
    reaction.save()
    return reaction


def text(client: Client, page: str = PAGE) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_every_wired_reaction_has_a_name_for_people() -> None:
    wired = {handler for handlers in wiring.REACTIONS.values() for handler in handlers}
    assert wired == set(TASKS)


def test_when_all_is_done_the_page_says_so(admin: Client, office: Office) -> None:
    assert "Tidak ada tugas yang gagal" in text(admin)
    assert "di latar belakang gagal" not in text(admin, "/1808/pengaturan/")


def test_a_task_given_up_is_told_with_its_error_but_without_anybodys_data(
    admin: Client, office: Office, clock: Clock
) -> None:
    give_up(office, clock)
    page = text(admin)
    assert "Kirim undangan kepada petugas" in page
    assert "SMTPRecipientsRefused" in page
    assert "ani.lestari" not in page
    assert "1 tugas di latar belakang gagal." in text(admin, "/1808/pengaturan/")


def test_trying_again_takes_it_off_the_list(admin: Client, office: Office, clock: Clock) -> None:
    retry = reverse("settings_work_retry", args=[office.code, give_up(office, clock).pk])
    assert "sedang dicoba lagi" in admin.post(retry, follow=True).content.decode()
    assert Reaction.objects.get().dead_at is None
    assert 'class="notice warning"' in admin.post(retry, follow=True).content.decode()


def test_what_another_office_gave_up_is_neither_shown_nor_tried(
    admin: Client, office: Office, other_office: Office, clock: Clock
) -> None:
    theirs = give_up(other_office, clock)
    assert "Tidak ada tugas yang gagal" in text(admin)
    assert admin.post(reverse("settings_work_retry", args=[office.code, theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.dead_at is not None


def test_three_tasks_cost_as_many_queries_as_one(admin: Client, office: Office, clock: Clock) -> None:
    give_up(office, clock)
    admin.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        admin.get(PAGE)
    give_up(office, clock)
    give_up(office, clock)
    with CaptureQueriesContext(connection) as three:
        admin.get(PAGE)
    assert len(three) == len(one)


def test_strangers_and_supervisors_have_no_part_in_it(
    client: Client, citra: Officer, dewi: Officer, office: Office
) -> None:
    for person, status in ((citra, 403), (dewi, 404)):
        client.force_login(person.user)
        assert client.get(PAGE).status_code == status
