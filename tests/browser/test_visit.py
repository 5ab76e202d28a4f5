"""One visit from the door to the complaint, and a second one by somebody who is known."""

import re
from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.browser.actors import Guest, begin_at_kiosk, go_on, next_page, say_what_for, scan, sign_at_kiosk
from tests.browser.conftest import Open, Scene, sign_in

pytestmark = pytest.mark.browser

AT_ONCE = 1_000  # milliseconds between cause and change (issue 2, point 10)
SOURCE = "Kabupaten Lampung Barat Dalam Angka 2026 https://lampungbaratkab.bps.go.id/publikasi/2026"


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["visit"]


@pytest.fixture
def elsewhere(scenes: dict[str, Scene]) -> Scene:
    """Another office, so that the numbers of the first one begin at one."""
    return scenes["kiosk"]


def test_a_visit_from_the_kiosk_to_the_complaint(scene: Scene, window: Open) -> None:
    kiosk, phone, board, tablet = window("kiosk"), window("phone"), window("board"), window("tablet")
    reception, desk, office = window("desk"), window("desk"), window("desk")

    # The consultant sits down; board and tablet have been on since the morning.
    board.goto(scene.url("papan/{board}/"))
    expect(board.get_by_text("Nomor Anda akan tampil di sini")).to_be_visible()
    tablet.goto(scene.url("tablet/{tablet1}/"))
    sign_in(desk, scene, "budi")
    with next_page(desk):
        desk.get_by_role("button", name="Meja 1").click()
    expect(desk.get_by_text("Tidak ada yang menunggu")).to_be_visible()
    sign_in(reception, scene, "fajar")
    reception.goto(scene.url("loket/"))

    # A new visitor at the kiosk; reception and desk see the number by themselves.
    guest = Guest()
    number = sign_at_kiosk(kiosk, scene, guest)
    assert number == "K-001"
    expect(kiosk.get_by_text("Anda berikutnya.")).to_be_visible()
    line = reception.locator("li.visit", has_text=guest.name)
    line.get_by_role("button", name="KTP").click()
    expect(line.get_by_text("Kartu dilihat: KTP")).to_be_visible()
    expect(desk.locator("#waiting .list-item", has_text=number)).to_be_visible()

    # The phone reads the code and shows the place in line.
    slip = line.get_by_role("link", name="Struk").get_attribute("href")
    assert slip is not None
    ticket = scene.origin + slip.removesuffix("slip/")
    scan(kiosk, ticket)
    phone.goto(ticket)
    expect(phone.locator(".number-value")).to_have_text(number)
    expect(phone.get_by_text("Anda berikutnya")).to_be_visible()

    # N calls; board and phone know within a second.
    desk.keyboard.press("n")
    called = monotonic()
    expect(board.locator(".board-now .number-value")).to_have_text(number, timeout=AT_ONCE)
    expect(board.locator(".board-now")).to_contain_text("Meja 1", timeout=AT_ONCE)
    expect(phone.get_by_text("Silakan menuju Meja 1")).to_be_visible(timeout=AT_ONCE)
    assert monotonic() - called < 2 * AT_ONCE / 1000
    expect(desk.get_by_text("Sudah diumumkan")).to_be_visible(timeout=12_000)

    # Served, answered with a source, kept while typing.
    desk.keyboard.press("s")
    expect(phone.get_by_text("Anda sedang dilayani")).to_be_visible(timeout=AT_ONCE)
    desk.locator("#id_answer").wait_for()
    desk.wait_for_load_state()  # what keeps the answer while it is typed is there, too
    desk.locator("#id_answer").fill("Menggala 56.412 jiwa, dari proyeksi penduduk.")
    with desk.expect_response(lambda answer: "lampungbaratkab" in (answer.request.post_data or "")):
        desk.locator("#id_sources").fill(SOURCE)
    expect(desk.locator("#kept")).to_contain_text("Tersimpan")
    desk.reload()
    expect(desk.locator("#id_sources")).to_have_value(SOURCE)
    desk.get_by_text("Tambah rincian data").click()
    need = desk.locator("#need-form")
    expect(need.locator("#id_detail")).to_have_value(guest.subject)
    need.locator("#id_outcome").select_option(index=1)
    with next_page(desk):
        need.locator("[type=submit]").click()
    expect(desk.locator(".list-item", has_text=guest.subject)).to_be_visible()
    desk.locator("h1").focus()
    desk.keyboard.press("f")
    expect(desk.get_by_text("Meja Anda kosong")).to_be_visible()

    # Phone and tablet invite; the visitor rates on the tablet.
    expect(phone.get_by_role("link", name="Beri penilaian")).to_be_visible(timeout=AT_ONCE)
    tablet.get_by_role("link", name="Beri penilaian").tap()
    for question in range(1, 10):
        expect(tablet.get_by_text(f"Pertanyaan {question} dari 9")).to_be_visible()
        tablet.locator("[data-step]:visible label.option").last.tap()
    tablet.get_by_role("button", name="Kirim penilaian").tap()
    expect(tablet.get_by_role("heading", name="Terima kasih")).to_be_visible()

    # From the phone's thank-you to an anonymous complaint with a code.
    phone.get_by_role("link", name="Beri penilaian").tap()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name="Sampaikan pengaduan").tap()
    phone.get_by_label("Tanpa nama").check()
    expect(phone.locator("#id_name")).to_be_hidden()
    phone.locator("#id_text").fill("Kursi di ruang tunggu kurang.")
    phone.get_by_role("button", name="Kirim pengaduan").tap()
    phone.wait_for_url(re.compile(r"/pengaduan/ADU-.*"))
    code = phone.locator(".copy-value").first.inner_text()
    phone.goto(scene.url("pengaduan/"))
    phone.get_by_label("Kode pengaduan").fill(code.lower())
    phone.get_by_role("button", name="Lihat").tap()
    expect(phone.get_by_text("Kursi di ruang tunggu kurang.")).to_be_visible()

    # The supervisor reads the complaint and the reports.
    sign_in(office, scene, "citra")
    office.goto(scene.url("register-pengaduan/"))
    office.get_by_role("link", name=re.compile(r"No\. \d+")).click()
    expect(office.get_by_text("Kursi di ruang tunggu kurang.")).to_be_visible()
    assert guest.name not in office.get_by_role("main").inner_text()
    office.goto(scene.url("laporan/skm/"))
    expect(office.get_by_role("main")).to_contain_text("Baru 1 penilaian")
    office.goto(scene.url("laporan/kunjungan/"))
    expect(office.get_by_role("main")).to_contain_text("1")


def test_somebody_who_was_here_before_is_known_again_by_masked_data(elsewhere: Scene, window: Open) -> None:
    guest = Guest(name="Budi Utomo", phone="0813-1111-2222", email="budi.utomo@contoh.example")
    first, second = window("kiosk"), window("kiosk")
    sign_at_kiosk(first, elsewhere, guest)

    begin_at_kiosk(second, elsewhere, guest)
    expect(second.get_by_role("button", name="Ya, ini saya")).to_be_visible()
    shown = second.get_by_role("main").inner_text()
    assert "Budi" not in shown
    assert "1111" not in shown
    assert "budi.utomo" not in shown
    second.get_by_role("button", name="Ya, ini saya").tap()
    number = say_what_for(second, Guest(subject="Inflasi 2026"))
    assert re.fullmatch(r"K-\d{3}", number)


def test_a_stranger_with_the_same_number_starts_afresh(elsewhere: Scene, window: Open) -> None:
    guest = Guest(name="Dewi Kusuma", phone="0813-3333-4444", email="dewi@contoh.example")
    kiosk = window("kiosk")
    sign_at_kiosk(kiosk, elsewhere, guest)
    begin_at_kiosk(kiosk, elsewhere, guest)
    kiosk.get_by_role("button", name="Bukan saya").tap()
    expect(kiosk.locator("#id_name")).to_have_value("")
    kiosk.locator("#id_email").fill("adik@contoh.example")
    go_on(kiosk)
    expect(kiosk.get_by_text("Tulis nama Anda").first).to_be_visible()
