"""The pages of the roster as officers, planners and strangers meet them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoAssertNumQueries

from sapa.activity.models import Event
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster import leaves, swaps
from sapa.roster.models import Leave, Part, RosterPolicy, Shift, Swap, WeeklyPattern
from sapa.roster.patterns import set_pattern
from sapa.roster.week import roster_of
from tests.cast import make_officer
from tests.conftest import Clock
from tests.roster.conftest import AT, MONDAY, NEXT_MONDAY, TUESDAY, WEDNESDAY, MakeLeave, MakeShift

BASE = "/1808/jaga/"
DAY = timedelta(days=1)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))).strip()


@pytest.fixture
def as_budi(budi: Officer, client: Client, clock: Clock) -> Client:
    client.force_login(budi.user)
    return client


@pytest.fixture
def as_gita(gita: Officer, clock: Clock) -> Client:
    client = Client()
    client.force_login(gita.user)
    return client


def swap_address(shift: Shift) -> str:
    return f"{BASE}tukar/?jaga={shift.pk}"


# The week


def test_the_week_says_who_is_on_duty_who_is_away_and_when_the_office_is_closed(
    as_budi: Client, office: Office, citra: Officer, fajar: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    shift(citra, MONDAY)
    shift(fajar, TUESDAY, Part.MORNING)
    leave(fajar, TUESDAY)
    office.holidays.create(on=WEDNESDAY, name_id="Hari jadi", name_en="Anniversary", kind="local", source="x")
    words = text(as_budi.get(BASE))
    assert "Bertugas hari ini, Senin 23 November Citra" in words
    assert "Senin 23 November Hari ini Citra Selasa" in words
    assert "Selasa 24 November Fajar Pagi Tidak masuk" in words
    assert "Tidak ada petugas yang tersisa. Carilah pengganti. Fajar" in words
    assert "Rabu 25 November Tutup: Hari jadi Kamis" in words
    assert "Kamis 26 November Belum ada yang dijadwalkan Jumat" in words
    assert "Sabtu" not in words.split("Petugas jaga per hari")[1]


def test_without_a_roster_today_says_who_stands_in(as_budi: Client, citra: Officer, leave: MakeLeave) -> None:
    assert "Belum ada yang dijadwalkan. Yang bertugas: Budi Citra" in text(as_budi.get(BASE))
    leave(citra, MONDAY)
    assert "Yang bertugas: Budi Tidak masuk: Citra" in text(as_budi.get(BASE))
    leave(Officer.objects.get(user__name="Budi"), MONDAY)
    assert "tidak ada petugas yang dapat melayani" in text(as_budi.get(BASE))


def test_on_a_closed_day_nobody_stands_in(as_budi: Client, clock: Clock) -> None:
    clock.advance(days=5)
    assert "Kantor tutup hari ini: Akhir pekan." in text(as_budi.get(BASE))


@pytest.mark.parametrize(
    ("week", "first"),
    [
        ("2026-12-02", "30 Nov 2026"),
        ("2026-11-29", "23 Nov 2026"),
        ("kemarin", "23 Nov 2026"),
        ("9999-12-31", "23 Nov 2026"),
        ("0001-01-01", "23 Nov 2026"),
        ("", "23 Nov 2026"),
    ],
)
def test_any_week_can_be_opened_and_nonsense_opens_this_one(as_budi: Client, week: str, first: str) -> None:
    response = as_budi.get(BASE, {"minggu": week})
    assert response.status_code == 200
    assert f"Pekan {first} sampai" in text(response)


def test_each_officer_reads_the_own_next_shifts(
    as_budi: Client, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine, _theirs = shift(budi, NEXT_MONDAY), shift(citra, NEXT_MONDAY)
    page = as_budi.get(BASE)
    assert "Giliran jaga Anda berikutnya Senin 30 November Minta tukar" in text(page)
    assert page.content.decode().count("/tukar/?jaga=") == 1
    assert swap_address(mine) in page.content.decode()


def test_only_planners_are_offered_planning(as_budi: Client, as_gita: Client) -> None:
    for client, offered in ((as_budi, False), (as_gita, True)):
        page = client.get(BASE).content.decode()
        assert [("/jaga/rencana/" in page), ("/jaga/pola/" in page), ("/jaga/hari/" in page)] == [offered] * 3


def test_every_page_takes_the_same_queries_for_one_and_three(
    as_gita: Client, office: Office, gita: Officer, shift: MakeShift, leave: MakeLeave
) -> None:
    addresses = [BASE, BASE + "cuti/", BASE + "pola/", BASE + "hari/?tanggal=2026-11-24"]
    counts, answers = [], 0
    for number in range(3):
        officer = make_officer(office, f"petugas{number}", "consultant")
        mine = shift(gita, MONDAY + (number + 3) * DAY)
        swaps.ask(shift(officer, MONDAY + number * DAY), asked=gita, by=officer, at=AT)
        leave(officer, NEXT_MONDAY)
        set_pattern(
            office, duties={(officer.pk, 0): "whole"}, valid_from=MONDAY + number * DAY, by=gita, at=AT
        )
        for address in (*addresses, swap_address(mine)):
            as_gita.get(address)  # the calendar is read once and kept
            with CaptureQueriesContext(connection) as asked:
                page = as_gita.get(address).content.decode()
            counts.append(len(asked))
            answers += page.count("/persetujuan/")
    assert counts[:5] == counts[5:10] == counts[10:]
    assert answers == 1 + 2 + 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_roster_itself_takes_four_queries(
    office: Office,
    gita: Officer,
    shift: MakeShift,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for each in range(number):
        officer = make_officer(office, f"petugas{each}", "consultant")
        swaps.ask(shift(officer, MONDAY + each * DAY), asked=gita, by=officer, at=AT)
    roster_of(office, MONDAY, today=MONDAY, reader=gita)
    with django_assert_num_queries(4):
        roster = roster_of(office, MONDAY, today=MONDAY, reader=gita)
        assert len([str(each.asker) for each in roster.to_answer]) == number


# Swaps


def test_a_swap_is_asked_and_accepted_on_the_pages(
    as_budi: Client, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine, theirs = shift(budi, TUESDAY), shift(citra, WEDNESDAY)
    address = swap_address(mine)
    assert "Citra, tanpa ganti Citra, ditukar dengan Rabu 25 November" in text(as_budi.get(address))
    response = as_budi.post(address, {"partner": f"{citra.pk}-{theirs.pk}"}, follow=True)
    assert "Permintaan dikirim kepada Citra." in text(response)
    assert "Citra diminta menggantikan. Tarik permintaan" in text(response)
    swap = Swap.objects.get()
    other = Client()
    other.force_login(citra.user)
    words = text(other.get(BASE))
    assert "Budi meminta Anda menggantikan pada Selasa 24 November" in words
    assert "Sebagai ganti, Budi menggantikan Anda pada Rabu 25 November." in words
    for expected in ("Jadwal sudah diubah. Budi diberi tahu.", "sudah dijawab atau ditarik"):
        address = reverse("roster_swap_acceptance", args=["1808", swap.pk])
        assert expected in text(other.post(address, follow=True))
    assert set(Shift.objects.values_list("officer", "on")) == {(citra.pk, TUESDAY), (budi.pk, WEDNESDAY)}


def test_a_swap_is_declined_or_withdrawn_on_the_pages(
    as_budi: Client, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine, theirs = shift(budi, TUESDAY), shift(citra, WEDNESDAY)
    asked = swaps.ask(mine, asked=citra, by=budi, at=AT)
    response = as_budi.post(reverse("roster_swap_withdrawal", args=["1808", asked.pk]), follow=True)
    assert "Permintaan ditarik. Giliran jaga tetap milik Anda." in text(response)
    to_me = swaps.ask(theirs, asked=budi, by=citra, at=AT)
    response = as_budi.post(reverse("roster_swap_refusal", args=["1808", to_me.pk]), follow=True)
    assert "Anda menolak. Citra diberi tahu." in text(response)


def test_only_colleagues_who_are_free_that_day_can_be_asked(
    as_budi: Client, office: Office, budi: Officer, citra: Officer, fajar: Officer, hadi: Officer,
    shift: MakeShift, leave: MakeLeave
) -> None:  # fmt: skip
    mine = shift(budi)
    shift(citra)
    leave(fajar)
    address = swap_address(mine)
    assert "Tidak ada rekan yang dapat menggantikan pada hari itu" in text(as_budi.get(address))
    for partner in (str(citra.pk), str(budi.pk), "", "x", f"{citra.pk}-{mine.pk}"):
        assert as_budi.post(address, {"partner": partner}).status_code == 422
    assert Swap.objects.count() == 0


def test_a_passed_shift_is_refused_with_a_sentence(
    as_budi: Client, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    mine = shift(budi, MONDAY - DAY)
    response = as_budi.post(swap_address(mine), {"partner": str(citra.pk)})
    assert response.status_code == 422
    assert "Giliran jaga ini sudah lewat dan tidak dapat ditukar lagi." in text(response)


def test_shifts_and_swaps_of_others_are_not_found(
    as_budi: Client, office: Office, citra: Officer, fajar: Officer, dewi: Officer, shift: MakeShift
) -> None:
    theirs = shift(citra)
    swap = swaps.ask(theirs, asked=fajar, by=citra, at=AT)
    with scopes_disabled():
        foreign = Shift.objects.create(office_id=dewi.office_id, officer=dewi, on=TUESDAY)
    addresses = [
        swap_address(theirs),
        swap_address(foreign),
        BASE + "tukar/?jaga=" + "9" * 30,
        reverse("roster_swap_acceptance", args=["1808", swap.pk]),
        reverse("roster_swap_refusal", args=["1808", swap.pk]),
        reverse("roster_swap_withdrawal", args=["1808", swap.pk]),
    ]
    assert [as_budi.post(each, {"partner": "1"}).status_code for each in addresses] == [404] * 6


# Planning


def test_a_pattern_is_saved_and_the_weeks_are_planned(
    as_gita: Client, office: Office, budi: Officer, citra: Officer
) -> None:
    page = as_gita.get(BASE + "pola/")
    assert "Belum ada pola" in text(page)
    form = {
        "valid_from": "2026-11-23",
        "valid_until": "",
        f"duty_{budi.pk}_0": "whole",
        f"duty_{citra.pk}_0": "afternoon",
    }
    response = as_gita.post(BASE + "pola/", form, follow=True)
    assert "Pola tersimpan." in text(response)
    response = as_gita.post(BASE + "rencana/", {"first": "2026-11-23", "weeks": "2"}, follow=True)
    assert "4 giliran jaga direncanakan." in text(response)
    assert list(Shift.objects.values_list("on", "officer", "part")) == [
        (MONDAY, budi.pk, "whole"),
        (MONDAY, citra.pk, "afternoon"),
        (NEXT_MONDAY, budi.pk, "whole"),
        (NEXT_MONDAY, citra.pk, "afternoon"),
    ]
    response = as_gita.post(BASE + "rencana/", {"first": "2026-11-23", "weeks": "2"}, follow=True)
    assert "Minggu itu sudah direncanakan; tidak ada yang berubah." in text(response)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"first": "2026-11-23", "weeks": "4"}, "Belum ada pola mingguan untuk minggu itu."),
        ({"first": "2026-11-23", "weeks": "9"}, "8"),
        ({"first": "2026-11-23", "weeks": ""}, "Jumlah minggu: "),
        ({"first": "1999-01-01", "weeks": "1"}, "Minggu itu sudah lewat."),
        ({"first": "9999-12-31", "weeks": "1"}, "Minggu itu lebih dari setahun lagi."),
        ({"first": "x", "weeks": "1"}, "tanggal"),
        ({}, "Jumlah minggu"),
    ],
)
def test_weeks_that_cannot_be_planned_are_refused_on_the_page(
    as_gita: Client, form: dict[str, str], sentence: str
) -> None:
    response = as_gita.post(BASE + "rencana/", form)
    assert response.status_code == 422
    assert sentence in text(response)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"valid_from": ""}, "Hari pertama"),
        ({"valid_from": "2020-01-01"}, "hari ini atau sesudahnya"),
        ({"valid_until": "2026-11-01"}, "Hari terakhir tidak boleh sebelum hari pertama."),
        ({"valid_until": "kapan-kapan"}, "Hari terakhir"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused_and_nothing_is_kept(
    as_gita: Client, budi: Officer, wrong: dict[str, str], sentence: str
) -> None:
    form = {"valid_from": "2026-11-23", "valid_until": "", f"duty_{budi.pk}_0": "whole"} | wrong
    response = as_gita.post(BASE + "pola/", form)
    assert (response.status_code, WeeklyPattern.objects.count()) == (422, 0)
    assert sentence in text(response)


def test_a_part_of_the_day_that_is_not_in_the_list_is_refused(as_gita: Client, budi: Officer) -> None:
    form = {"valid_from": "2026-11-23", f"duty_{budi.pk}_0": "midnight"}
    assert as_gita.post(BASE + "pola/", form).status_code == 422
    assert (
        as_gita.post(BASE + "hari/?tanggal=2026-11-24", {f"officer_{budi.pk}": "midnight"}).status_code == 422
    )
    assert (WeeklyPattern.objects.count(), Shift.objects.count()) == (0, 0)


def test_the_form_begins_with_the_pattern_that_rules(
    as_gita: Client, office: Office, budi: Officer, gita: Officer
) -> None:
    set_pattern(office, duties={(budi.pk, 0): "morning"}, valid_from=MONDAY, by=gita, at=AT)
    page = as_gita.get(BASE + "pola/").content.decode()
    assert '<option value="morning" selected>' in page
    assert 'value="2026-11-30"' in page


def test_a_pattern_is_ended_once_and_one_that_was_never_begun_is_gone(
    as_gita: Client, office: Office, gita: Officer, clock: Clock
) -> None:
    running = set_pattern(office, duties={}, valid_from=MONDAY, by=gita, at=AT)
    to_come = set_pattern(office, duties={}, valid_from=MONDAY + 20 * DAY, by=gita, at=AT)
    clock.advance(days=2)
    for row in (running, to_come):
        address = reverse("roster_pattern_end", args=["1808", row.pk])
        for expected in ("Pola diakhiri.", "Pola ini sudah diakhiri."):
            assert expected in text(as_gita.post(address, follow=True))
    assert list(WeeklyPattern.objects.values_list("pk", "valid_until")) == [(running.pk, TUESDAY)]


def test_the_patterns_of_another_office_stay_as_they_are(
    as_gita: Client, office: Office, dewi: Officer
) -> None:
    with scopes_disabled():
        foreign = set_pattern(dewi.office, duties={}, valid_from=MONDAY, by=dewi, at=AT)
        as_gita.post(reverse("roster_pattern_end", args=["1808", foreign.pk]))
        assert WeeklyPattern.objects.get(pk=foreign.pk).valid_until is None


def test_an_officer_chooses_which_of_the_own_shifts_to_swap(
    as_budi: Client, budi: Officer, citra: Officer, shift: MakeShift
) -> None:
    address = BASE + "tukar/"
    assert "Anda tidak punya giliran jaga yang dapat ditukar" in text(as_budi.get(address))
    first, second = shift(budi, TUESDAY), shift(budi, WEDNESDAY)
    swaps.ask(first, asked=citra, by=budi, at=AT)
    page = as_budi.get(address).content.decode()
    assert re.findall(r"\?jaga=(\d+)", page) == [str(second.pk)]


def test_a_day_is_changed_by_hand(as_gita: Client, budi: Officer, citra: Officer, shift: MakeShift) -> None:
    shift(budi)
    address = BASE + "hari/?tanggal=2026-11-24"
    assert '<option value="whole" selected>' in as_gita.get(address).content.decode()
    form = {f"officer_{budi.pk}": "", f"officer_{citra.pk}": "morning"}
    response = as_gita.post(address, form, follow=True)
    assert "Hari itu tersimpan." in text(response)
    assert list(Shift.objects.values_list("on", "officer", "part")) == [(TUESDAY, citra.pk, "morning")]


@pytest.mark.parametrize("day", ["kemarin", "2026-02-30", "0001-01-01", "9999-12-31", "20261124x"])
def test_a_day_that_does_not_exist_is_not_found(as_gita: Client, day: str) -> None:
    assert as_gita.get(f"{BASE}hari/?tanggal={day}").status_code == 404


def test_a_past_day_is_shown_as_past_and_not_changed(as_gita: Client, budi: Officer) -> None:
    address = BASE + "hari/?tanggal=2026-11-20"
    assert "Hari itu sudah lewat" in text(as_gita.get(address))
    assert as_gita.post(address, {f"officer_{budi.pk}": "whole"}).status_code == 422
    assert Shift.objects.count() == 0


def test_how_consultations_are_handed_out_is_chosen(as_gita: Client, office: Office) -> None:
    for _ in range(2):
        response = as_gita.post(BASE + "pembagian/", {"assignment": "round_robin"}, follow=True)
        assert "Cara membagi konsultasi baru tersimpan." in text(response)
    assert RosterPolicy.objects.get().assignment == "round_robin"
    assert Event.objects.filter(name="roster_policy.changed").count() == 1
    response = as_gita.post(BASE + "pembagian/", {"assignment": "lotere"}, follow=True)
    assert "Silakan pilih cara membagi konsultasi dari daftar." in text(response)


# Leave


def test_an_officer_notes_and_withdraws_the_own_leave(as_budi: Client, budi: Officer) -> None:
    form = {
        "officer": budi.pk,
        "from_on": "2026-11-24",
        "until_on": "2026-11-25",
        "kind": "sick",
        "note": "flu",
    }
    for _ in range(2):
        response = as_budi.post(BASE + "cuti/", form, follow=True)
        assert "Cuti tercatat." in text(response)
    leave = Leave.objects.get()
    assert "Budi Selasa, 24 November 2026 Rabu, 25 November 2026 Cuti sakit flu Batalkan cuti" in text(
        response
    )
    address = reverse("roster_leave_withdrawal", args=["1808", leave.pk])
    for expected in ("Cuti dibatalkan.", "Cuti ini sudah dibatalkan atau sudah berakhir."):
        assert expected in text(as_budi.post(address, follow=True))
    assert "Belum ada cuti yang tercatat" in text(as_budi.get(BASE + "cuti/"))


def test_colleagues_see_the_days_planners_the_kind_and_the_note(
    as_budi: Client, as_gita: Client, citra: Officer
) -> None:
    leaves.note(citra, from_on=MONDAY, until_on=TUESDAY, kind="sick", note="operasi", by=citra, at=AT)
    for address in (BASE, BASE + "cuti/"):
        words = text(as_budi.get(address))
        assert "operasi" not in words
    assert "Tidak masuk: Citra" in text(as_budi.get(BASE))
    assert "Cuti sakit operasi" in text(as_gita.get(BASE + "cuti/"))


def test_only_planners_note_leave_for_others(
    as_budi: Client, as_gita: Client, citra: Officer, dewi: Officer
) -> None:
    form = {"officer": citra.pk, "from_on": "2026-11-24", "until_on": "2026-11-24", "kind": "official_trip"}
    assert as_budi.post(BASE + "cuti/", form).status_code == 422
    assert as_gita.post(BASE + "cuti/", form | {"officer": dewi.pk}).status_code == 422
    assert as_gita.post(BASE + "cuti/", form).status_code == 302
    assert list(Leave.objects.values_list("officer", "kind")) == [(citra.pk, "official_trip")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until_on": "2026-11-20"}, "Hari terakhir tidak boleh sebelum hari pertama."),
        ({"until_on": "2036-11-24"}, "Cuti dicatat paling lama satu tahun sekaligus."),
        ({"from_on": "besok"}, "Hari pertama"),
        ({"from_on": ""}, "Hari pertama"),
        ({"kind": "bolos"}, "Jenis"),
        ({"note": "x" * 301}, "Catatan"),
        ({"officer": "abc"}, "abc"),
    ],
)
def test_leave_that_cannot_be_is_refused_on_the_page(
    as_budi: Client, budi: Officer, wrong: dict[str, str], sentence: str
) -> None:
    form = {
        "officer": str(budi.pk),
        "from_on": "2026-11-24",
        "until_on": "2026-11-24",
        "kind": "annual",
    } | wrong
    response = as_budi.post(BASE + "cuti/", form)
    assert (response.status_code, Leave.objects.count()) == (422, 0)
    assert sentence in text(response)


def test_script_in_a_note_stays_text(as_gita: Client, gita: Officer) -> None:
    leaves.note(
        gita, from_on=TUESDAY, until_on=TUESDAY, kind="other", note="<script>x</script>", by=gita, at=AT
    )
    page = as_gita.get(BASE + "cuti/").content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_leave_of_others_and_of_another_office_is_not_found(
    as_budi: Client, as_gita: Client, citra: Officer, dewi: Officer, leave: MakeLeave
) -> None:
    with scopes_disabled():
        foreign = leave(dewi)
    theirs = leave(citra)
    for client, row in ((as_budi, theirs), (as_budi, foreign), (as_gita, foreign)):
        assert client.post(reverse("roster_leave_withdrawal", args=["1808", row.pk])).status_code == 404
    assert Leave._base_manager.filter(withdrawn_at=None).count() == 2


@pytest.mark.parametrize("page", ["", "cuti/", "pola/", "hari/?tanggal=2026-11-24"])
def test_strangers_do_not_find_the_roster(client: Client, dewi: Officer, clock: Clock, page: str) -> None:
    assert client.get(BASE + page).status_code == 302
    client.force_login(dewi.user)
    assert client.get(BASE + page).status_code == 404
