"""A button pressed while nobody answers: the page stays, what was typed stays, and the next press goes on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import (
    Guest,
    begin_at_kiosk,
    choose,
    go_on,
    next_page,
    press_next,
    say_what,
    say_who,
    sign_on_phone,
)
from tests.browser.conftest import Open, Scene, Watch
from tests.browser.server import Server

pytestmark = pytest.mark.browser

GUEST: Final = Guest(
    name="Wulan Firmansyah", phone="0815-7777-8888", email="wulan@contoh.example", birth_year="1987"
)
TRACES: Final = ("Wulan", "Firmansyah", "7777", "8888", "wulan@contoh", "1987")
PATIENCE: Final = (
    8_000  # a press waits four seconds for a server that does not answer at all; then it is said
)
RETURN: Final = 10_000  # so long a page may take to notice that the line is back
LODGED: Final = re.compile("/pengaduan/ADU-")
IDLE: Final = 61_000
REFRESH: Final = 301_000
WRITTEN: Final = """() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')]
    .filter(field => !['radio', 'checkbox'].includes(field.type) || field.checked)
    .map(field => `${field.name}=${field.value}`).join(' ')"""


class Line:
    """The line between pages and server, which a test cuts."""

    def __init__(self, server: Server, watch: Watch) -> None:
        self._server, self._watch = server, watch

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Inside nobody listens at the address."""
        self._watch.expects_cut = True
        self._server.stop()
        try:
            yield
        finally:
            self._server.start()

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Inside the server takes connections and never answers."""
        self._watch.expects_cut = True
        self._server.freeze()
        try:
            yield
        finally:
            self._server.thaw()


@pytest.fixture
def line(server: Server, watch: Watch) -> Line:
    return Line(server, watch)


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["offline"]


@pytest.fixture
def kiosk(window: Open) -> Page:
    """A kiosk whose clock the test moves."""
    page = window("kiosk")
    page.clock.install()
    return page


@pytest.fixture
def desk(scene: Scene, window: Open) -> Page:
    """A consultant at desk 1, nobody called."""
    page = window("desk", scene=scene, officer="rudi")
    page.goto(scene.url("meja/"))
    for rest in ("Meja 1", "Tidak datang", "Selesai"):
        button = page.get_by_role("button", name=rest)
        if button.count():
            if rest == "Selesai":
                page.locator("#id_answer").fill("Dijawab.")
            with next_page(page):
                button.click()
            expect(button).to_have_count(0)
    expect(page.get_by_text("Meja Anda kosong")).to_be_visible()
    return page


def notice(page: Page) -> Locator:
    return page.locator("[data-line]")


def expect_stay(page: Page, address: str) -> None:
    """The page has not been left and says that nothing was sent."""
    expect(notice(page)).to_contain_text("Belum terkirim: tidak ada sambungan", timeout=PATIENCE)
    assert page.url == address


def expect_return(page: Page) -> None:
    """By itself the page notices that somebody answers again."""
    expect(notice(page)).to_contain_text("Sambungan sudah kembali", timeout=RETURN)


def follow(page: Page, button: str) -> None:
    """Pressed; ends when the next page and its scripts are there."""
    with next_page(page):
        page.get_by_role("button", name=button).click()


def without_barriers(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []


def give_up(phone: Page) -> None:
    """The turn on the phone's ticket, after one has been asked whether one is sure."""
    sure = phone.get_by_role("button", name="Ya, batalkan")
    if not sure.is_visible():  # a live part that came anew is folded again
        phone.get_by_text("Batalkan giliran saya").tap()
    sure.tap()


def visits(window: Open, scene: Scene, guest: Guest) -> int:
    """How many visits the front office sees under this name today."""
    reception = window("desk", scene=scene, officer="lina")
    reception.goto(scene.url("loket/"))
    return reception.locator("li.visit", has_text=guest.name).count()


def up_to_the_last_question(kiosk: Page, scene: Scene, guest: Guest) -> None:
    say_who(kiosk, scene, guest)
    say_what(kiosk, guest)
    kiosk.wait_for_url("**/langkah/selesai/")


def half_filled(kiosk: Page, scene: Scene, guest: Guest) -> None:
    """In the middle of the questions, with something typed that was not sent yet."""
    begin_at_kiosk(kiosk, scene, guest)
    kiosk.locator("#id_name").fill(guest.name)
    kiosk.locator("#id_email").fill(guest.email)
    go_on(kiosk)
    choose(kiosk, "Perempuan")
    kiosk.locator("#id_birth_year").fill("1987")


def expect_forgotten(kiosk: Page) -> None:
    """The screen says that it waits for the line, and nothing of the visitor is left in it."""
    expect(kiosk.get_by_role("heading", name="Tidak ada sambungan")).to_be_visible(timeout=PATIENCE)
    expect(notice(kiosk)).to_contain_text("mulai lagi dengan sendirinya")
    written = kiosk.evaluate(WRITTEN)
    assert [trace for trace in TRACES if trace in written] == []
    assert kiosk.locator("form, main a, main button").count() == 0


def expect_start(kiosk: Page, scene: Scene) -> None:
    """By itself the screen is back where the next visitor begins."""
    expect(kiosk.get_by_role("button", name="Konsultasi statistik")).to_be_visible(timeout=RETURN)
    assert kiosk.url == scene.url("kios/{kiosk}/")


def test_a_kiosk_keeps_what_was_typed_and_the_same_press_goes_on_later(
    scene: Scene, window: Open, line: Line
) -> None:
    kiosk = window("kiosk")
    half_filled(kiosk, scene, GUEST)
    address = kiosk.url
    with line.cut():
        press_next(kiosk)
        expect_stay(kiosk, address)
        expect(kiosk.locator("#id_birth_year")).to_have_value("1987")
        without_barriers(kiosk)
        press_next(kiosk)
        expect_stay(kiosk, address)
    expect_return(kiosk)
    go_on(kiosk)
    expect(kiosk.get_by_text("D4/S1")).to_be_visible()
    expect(notice(kiosk)).to_be_hidden()


def test_a_number_that_was_asked_for_without_a_server_is_taken_once(
    scene: Scene, window: Open, line: Line
) -> None:
    guest, kiosk = replace(GUEST, name="Ratna Utami", phone="0815-7777-8801"), window("kiosk")
    up_to_the_last_question(kiosk, scene, guest)
    take = kiosk.get_by_role("button", name="Ambil nomor")
    with line.cut():
        take.dblclick()
        expect_stay(kiosk, kiosk.url)
    take.dblclick()
    expect(kiosk.locator(".taken .number-value")).to_be_visible()
    assert visits(window, scene, guest) == 1


def test_links_of_a_kiosk_do_not_lead_away_either(scene: Scene, window: Open, line: Line) -> None:
    kiosk = window("kiosk")
    half_filled(kiosk, scene, GUEST)
    address, back = kiosk.url, kiosk.get_by_role("link", name="Kembali")
    with line.cut():
        back.tap()
        expect_stay(kiosk, address)
        expect(kiosk.locator("#id_birth_year")).to_have_value("1987")
    back.tap()
    expect(kiosk.locator("#id_name")).to_have_value(GUEST.name)


def test_a_kiosk_that_is_left_without_a_server_forgets_and_starts_again_by_itself(
    scene: Scene, kiosk: Page, line: Line
) -> None:
    half_filled(kiosk, scene, GUEST)
    with line.cut():
        kiosk.clock.fast_forward(IDLE)
        expect_forgotten(kiosk)
        without_barriers(kiosk)
    expect_start(kiosk, scene)


def test_a_kiosk_that_is_left_while_the_server_hangs_forgets_too(
    scene: Scene, kiosk: Page, line: Line
) -> None:
    half_filled(kiosk, scene, GUEST)
    with line.hung():
        kiosk.clock.fast_forward(IDLE)
        expect_forgotten(kiosk)
    expect_start(kiosk, scene)


def test_cancelling_without_a_server_forgets_at_once(scene: Scene, kiosk: Page, line: Line) -> None:
    half_filled(kiosk, scene, GUEST)
    with line.cut():
        kiosk.get_by_role("link", name="Batal").tap()
        expect_forgotten(kiosk)
    expect_start(kiosk, scene)


def test_the_start_of_a_kiosk_outlives_a_night_without_a_server(
    scene: Scene, kiosk: Page, line: Line
) -> None:
    kiosk.goto(scene.url("kios/{kiosk}/"))
    with line.cut():
        kiosk.clock.fast_forward(REFRESH)
        expect_forgotten(kiosk)
    expect_start(kiosk, scene)


def test_a_call_that_did_not_go_through_is_said_and_made_once_later(
    scene: Scene, window: Open, desk: Page, line: Line
) -> None:
    for name in ("Dian", "Eko"):
        guest = replace(GUEST, name=f"{name} Hakim", email=f"{name}@contoh.example")
        number = sign_on_phone(window("phone"), scene, guest)
        expect(desk.locator("#waiting .list-item", has_text=number)).to_be_visible()
    call, waiting = desk.get_by_role("button", name="Panggil berikutnya"), desk.locator("#waiting .list-item")
    before = waiting.count()
    with line.cut():
        call.click()
        expect_stay(desk, scene.url("meja/"))
        without_barriers(desk)
    expect_return(desk)
    call.dblclick()
    expect(desk.locator("#work .number-value")).to_be_visible()
    expect(waiting).to_have_count(before - 1)


def test_an_answer_is_still_in_its_field_when_finishing_did_not_go_through(
    scene: Scene, window: Open, desk: Page, line: Line
) -> None:
    sign_on_phone(window("phone"), scene, replace(GUEST, name="Gita Hakim", email="gita@contoh.example"))
    follow(desk, "Panggil berikutnya")
    follow(desk, "Mulai")
    answer = desk.locator("#id_answer")
    expect(answer).to_be_visible()
    with line.cut():
        answer.fill("Menggala 56.412 jiwa.")
        desk.get_by_role("button", name="Selesai").click()
        expect_stay(desk, scene.url("meja/"))
        expect(answer).to_have_value("Menggala 56.412 jiwa.")
    expect_return(desk)
    desk.get_by_role("button", name="Selesai").click()
    expect(desk.get_by_text("Meja Anda kosong")).to_be_visible()


def test_a_dialog_says_it_inside_where_it_can_be_seen(
    scene: Scene, window: Open, desk: Page, line: Line
) -> None:
    sign_on_phone(window("phone"), scene, replace(GUEST, name="Hana Hakim", email="hana@contoh.example"))
    follow(desk, "Panggil berikutnya")
    desk.locator("[data-opens=transfer]").click()
    expect(desk.locator("#transfer-form")).to_be_visible()
    with line.cut():
        desk.locator("#transfer-form [type=submit]").click()
        expect_stay(desk, scene.url("meja/"))
        assert desk.evaluate(
            "document.querySelector('dialog[open]').contains(document.querySelector('[data-line]'))"
        )
    desk.keyboard.press("Escape")


def test_a_card_that_could_not_be_ticked_is_said_and_ticked_later(
    scene: Scene, window: Open, line: Line
) -> None:
    guest = replace(GUEST, name="Indah Hakim", email="indah@contoh.example")
    sign_on_phone(window("phone"), scene, guest)
    reception = window("desk", scene=scene, officer="lina")
    reception.goto(scene.url("loket/"))
    visit = reception.locator("li.visit", has_text=guest.name)
    with line.cut():
        visit.get_by_role("button", name="KTP").click()
        expect_stay(reception, scene.url("loket/"))
        without_barriers(reception)
    expect_return(reception)
    visit.get_by_role("button", name="KTP").click()
    expect(visit.get_by_text("Kartu dilihat: KTP")).to_be_visible()
    expect(notice(reception)).to_be_hidden()


def test_a_card_that_is_ticked_while_the_server_hangs_does_not_wait_for_ever(
    scene: Scene, window: Open, line: Line
) -> None:
    guest = replace(GUEST, name="Joko Hakim", email="joko@contoh.example")
    sign_on_phone(window("phone"), scene, guest)
    reception = window("desk", scene=scene, officer="lina")
    reception.goto(scene.url("loket/"))
    visit = reception.locator("li.visit", has_text=guest.name)
    with line.hung():
        visit.get_by_role("button", name="KTP").click()
        expect_stay(reception, scene.url("loket/"))


def test_the_guest_book_on_a_phone_is_signed_once_after_a_cut(scene: Scene, window: Open, line: Line) -> None:
    guest = replace(GUEST, name="Kartika Hakim", email="kartika@contoh.example")
    phone = window("phone")
    phone.goto(scene.url("buku-tamu/?layanan=consultation"))
    phone.locator("#id_subject").fill(guest.subject)
    choose(phone, "Tugas sekolah")
    phone.locator("#id_name").fill(guest.name)
    phone.locator("#id_email").fill(guest.email)
    choose(phone, "Perempuan")
    phone.locator("#id_birth_year").fill("2003")
    phone.get_by_label("D4/S1").check()
    phone.get_by_label("Pelajar/mahasiswa").check()
    phone.get_by_label("Lembaga penelitian dan pendidikan").check()
    take = phone.get_by_role("button", name="Ambil nomor")
    address = phone.url
    with line.cut():
        take.tap()
        expect_stay(phone, address)
        expect(phone.locator("#id_name")).to_have_value(guest.name)
        without_barriers(phone)
    expect_return(phone)
    take.dblclick()
    phone.wait_for_url("**/tiket/*/")
    assert visits(window, scene, guest) == 1


def test_a_turn_is_given_up_at_the_second_press_when_the_first_had_no_line(
    scene: Scene, window: Open, line: Line
) -> None:
    phone = window("phone")
    sign_on_phone(phone, scene, replace(GUEST, name="Lutfi Hakim", email="lutfi@contoh.example"))
    address = phone.url
    with line.cut():
        give_up(phone)
        expect_stay(phone, address)
    give_up(phone)
    expect(phone.get_by_text("Anda membatalkan giliran")).to_be_visible()


def test_a_complaint_gets_its_sentence_while_the_server_hangs_and_is_lodged_once(
    scene: Scene, window: Open, line: Line
) -> None:
    phone = window("phone")
    phone.goto(scene.url("pengaduan/"))
    phone.get_by_label("Tanpa nama").check()
    phone.locator("#id_text").fill("Kursi di ruang tunggu kurang.")
    send = phone.get_by_role("button", name="Kirim pengaduan")
    with line.hung():
        send.tap()
        expect_stay(phone, scene.url("pengaduan/"))
        expect(phone.locator("#id_text")).to_have_value("Kursi di ruang tunggu kurang.")
    expect_return(phone)
    send.tap()
    phone.wait_for_url(LODGED)


def test_readers_of_english_are_told_in_english(scene: Scene, window: Open, line: Line) -> None:
    kiosk = window("kiosk")
    kiosk.goto(scene.url("kios/{kiosk}/?bahasa=en"))
    with line.cut():
        kiosk.locator("button[value=consultation]").tap()
        expect(notice(kiosk)).to_contain_text("Not sent: there is no connection.", timeout=PATIENCE)
    kiosk.locator("button[value=consultation]").tap()
    kiosk.get_by_label("Phone number or e-mail").wait_for()


def test_without_scripts_a_form_is_sent_as_ever(scene: Scene, window: Open) -> None:
    phone = window("phone", java_script_enabled=False)
    phone.goto(scene.url("pengaduan/"))
    phone.get_by_label("Tanpa nama").check()
    phone.locator("#id_text").fill("Kursi di ruang tunggu kurang.")
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    phone.wait_for_url(LODGED)
