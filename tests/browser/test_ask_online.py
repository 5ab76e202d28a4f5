"""A question asked from home, between two people in two windows: from the search to the rating, and what the line,
the phone and the fingers do on the way."""

import re
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import Final

import pytest
from playwright.sync_api import Error, FilePayload, Page, Route, expect

from tests.browser.conftest import Open, Scene, Watch
from tests.browser.conversations import (
    PHONE,
    LaterServer,
    answer,
    case,
    expect_whole,
    held,
    look_away,
    mails,
    room,
    said,
    say,
    send,
)
from tests.browser.seed_online import MANY
from tests.browser.server import Server
from tests.files.samples import pdf, picture

pytestmark = pytest.mark.browser

AT_ONCE: Final = 1_000  # milliseconds between cause and change (issue 3, point 4)
SOON: Final = 6_000  # what the background loop does in its next round
SLOWEST_RETURN: Final = 20_000  # pages come back one after the other, up to 15 seconds apart
QUESTION: Final = "Mohon PDRB menurut lapangan usaha tahun 2024 dan 2025 untuk skripsi saya."
PICTURE: Final[FilePayload] = {"name": "tabel.png", "mimeType": "image/png", "buffer": picture()}
PAPER: Final[FilePayload] = {"name": "lampiran.pdf", "mimeType": "application/pdf", "buffer": pdf()}


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["online"]


@pytest.fixture
def later(server: Server, scenes: dict[str, Scene]) -> Iterator[LaterServer]:
    """The same office on other days."""
    made = LaterServer(server)
    try:
        yield made
    finally:
        made.remove()


def search_and_ask(phone: Page, scene: Scene, words: str) -> None:
    """The search does not answer; its last offer leads to the form."""
    phone.goto(scene.url("cari/"))
    phone.locator("#q-search").press_sequentially(words)
    expect(phone.locator("#results .hit").first).to_be_visible()
    phone.wait_for_url(f"**/cari/?q={words}&**")  # every letter has been searched for
    phone.locator("#q-search").blur()  # the suggestions go with the focus
    phone.locator("#results .hit [name=bukan]").first.click()
    expect(phone.get_by_text("yang Anda sisihkan")).to_be_visible()
    phone.get_by_role("link", name="Tanya petugas").click()


def fill_in(phone: Page, subject: str) -> None:
    phone.locator("#id_subject").fill(subject)
    phone.locator("#id_question").fill(QUESTION)
    phone.locator("#id_purpose").select_option(index=1)


def send_question(phone: Page) -> str:
    """Ends in the room; its address."""
    phone.locator("#ask-form button.large").click()
    phone.wait_for_url("**/konsultasi/*/")
    return phone.url


def test_somebody_new_makes_an_account_with_the_code_from_the_mail_and_asks(
    scene: Scene, server: Server, window: Open
) -> None:
    phone = window("phone", **PHONE)
    search_and_ask(phone, scene, "pdrb")
    phone.get_by_role("link", name="Buat akun").click()
    phone.locator("#id_email").fill("ani.baru@contoh.example")
    phone.locator("#id_password1").fill("sepeda-hujan-pagi-7")
    phone.get_by_role("button", name="Kirim kodenya").click()
    expect(phone.locator("#id_code")).to_be_visible()
    (mail,) = mails(server, "ani.baru@contoh.example")
    found = re.search(r"^ {4}([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)$", mail, re.MULTILINE)
    assert found is not None, mail
    phone.locator("#id_code").fill(found[1])
    phone.locator("form:has(#id_code) button").first.click()

    # The questions of the guest book, once; then the form of the question.
    phone.locator("#id_name").fill("Ani Baru")
    phone.get_by_label("Perempuan").check()
    phone.locator("#id_birth_year").fill("2003")
    phone.get_by_label("D4/S1").check()
    phone.get_by_label("Pelajar/mahasiswa").check()
    phone.get_by_label("Lembaga penelitian dan pendidikan").check()
    phone.get_by_role("button", name="Simpan dan lanjutkan").click()
    phone.wait_for_url("**/tanya/**")
    fill_in(phone, "PDRB 2025")
    send_question(phone)
    expect(said(phone, QUESTION)).to_be_visible()
    phone.goto(scene.origin + "/akun/")
    expect(phone.get_by_role("link", name="PDRB 2025")).to_be_visible()


def test_a_question_from_the_search_to_the_rating(scene: Scene, window: Open) -> None:
    phone, desk = (
        window("phone", scene=scene, officer="play", **PHONE),
        window("desk", scene=scene, officer="oki"),
    )
    desk.goto(scene.url("kotak-masuk/?tampilan=belum-diambil"))

    # The search does not answer; the question goes to the office, with a file.
    search_and_ask(phone, scene, "pdrb")
    fill_in(phone, "PDRB menurut lapangan usaha")
    phone.locator("#ask-form input[type=file]").set_input_files([PAPER])
    send_question(phone)
    expect(said(phone, QUESTION)).to_be_visible()
    expect(phone.get_by_text("Petugas sedang membaca")).to_be_visible()
    expect(phone.locator("#thread .msg-file", has_text="lampiran.pdf")).to_be_visible()

    # The officer sees what was searched, takes it, and asks back.
    desk.goto(scene.url("kotak-masuk/?tampilan=semua"))
    desk.locator(".inbox-row .subject", has_text="PDRB menurut lapangan usaha").click()
    expect(desk.locator("#context")).to_contain_text("Yang dicari sebelum bertanya")
    take(desk)
    desk.locator("#ask-back summary").first.click()
    desk.locator("#ask-back [name=items][value=area]").check()
    desk.get_by_role("button", name="Tanyakan kepada pengguna layanan").click()
    expect(desk.get_by_text("Sudah ditanyakan")).to_be_visible()

    # The client fills in what was missing; only then the officer can state it complete.
    expect(phone.locator("#state").get_by_text("Yang masih kami tanyakan")).to_be_visible(timeout=SOON)
    expect(desk.get_by_role("button", name="Nyatakan lengkap")).to_have_count(0)
    phone.locator("#id_area").fill("Kabupaten Way Kanan")
    phone.get_by_role("button", name="Kirim yang kurang").click()
    expect(phone.locator("#thread")).to_contain_text("Dilengkapi: Wilayah")
    complete = desk.get_by_role("button", name="Nyatakan lengkap")
    expect(complete).to_be_visible(timeout=AT_ONCE)
    complete.click()
    for page in (phone, desk):
        expect(page.locator(".promise-words")).to_contain_text("jatuh tempo", timeout=AT_ONCE)
        page.locator(".why summary", has_text="Mengapa?").click()
        expect(page.locator(".why li").first).to_be_visible()
        assert page.locator(".why li").count() >= 4  # three working days and what they add up to

    # They talk: each word at once on the other side, with a picture and a paper.
    say(phone, "Terima kasih, saya tunggu.")
    expect(said(desk, "Terima kasih, saya tunggu.")).to_be_visible(timeout=AT_ONCE)
    expect(phone.locator("#thread .msg-state").last).to_have_text("Dibaca", timeout=AT_ONCE)
    desk.locator("#message-text").press_sequentially("Baik")
    expect(phone.get_by_text("Petugas sedang menulis")).to_be_visible(timeout=AT_ONCE)
    desk.locator("#composer [name=kind][value=message]").check()
    desk.locator("#composer summary", has_text="Berkas").click()
    desk.locator("#composer input[type=file]").set_input_files([PICTURE, PAPER])
    send(desk).click()
    expect(phone.locator("#thread .msg-file", has_text="lampiran.pdf")).to_have_count(2, timeout=SOON)
    expect(phone.locator("#thread .msg-file img")).to_be_visible(timeout=SOON)
    shown = phone.locator("#thread .msg-file img")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    expect(desk.locator("#thread .msg-file", has_text="lampiran.pdf")).to_have_count(2)
    opened = phone.request.get(
        scene.origin + str(phone.locator(".msg-file a", has_text="lampiran").last.get_attribute("href"))
    )
    assert (opened.status, opened.body()) == (200, PAPER["buffer"])

    # An internal note stays inside; the answer cites its source.
    desk.locator("#composer [name=kind][value=note]").check()
    say(desk, "Cek dulu dengan seksi neraca.")
    desk.locator("#cite summary").first.click()
    desk.locator("#cite-q").press_sequentially("pdrb")
    desk.locator("#catalogue-hits [name=cite]").first.click()
    expect(desk.locator("#composer [name=uncite]")).to_be_visible()
    answer(desk, "PDRB 2025 tumbuh 4,8 persen.")
    expect(said(phone, "PDRB 2025 tumbuh 4,8 persen.")).to_be_visible(timeout=AT_ONCE)
    expect(phone.locator("#thread .citation")).to_be_visible()
    assert "seksi neraca" not in phone.content()
    phone.reload()
    assert "seksi neraca" not in phone.content()

    # A video meeting: the office invites, the client chooses, both have the way in.
    desk.get_by_role("link", name="Pertemuan lanjutan").click()
    desk.locator("select[name=kind]").select_option("video")
    desk.get_by_role("button", name="Undang memilih waktu").click()
    expect(desk.get_by_text("Diundang memilih waktu", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Pertemuan lanjutan").first.click()
    phone.locator("label:has([name=starts_at])").first.click()
    phone.get_by_role("button", name="Pilih waktu ini").click()
    for page in (phone, desk):
        link = page.locator(".join a")
        expect(link).to_have_attribute("href", re.compile(r"^https://temu\.contoh\.go\.id/"), timeout=SOON)
    desk.get_by_role("link", name="Percakapan", exact=True).click()
    phone.get_by_role("link", name="Percakapan", exact=True).click()
    expect(phone.locator("#thread")).to_contain_text("Pertemuan lanjutan disepakati")
    expect(phone.locator("#state")).to_contain_text("Tetap terbuka untuk pertemuan lanjutan")

    # Done; the client rates it, once.
    desk.locator("#elsewhere summary").first.click()
    desk.get_by_role("button", name="Tutup: selesai").click()
    expect(desk.locator("#standing")).to_contain_text("Selesai")
    expect(phone.locator("#state")).to_contain_text("Ditutup: selesai", timeout=AT_ONCE)
    rate = phone.locator("#state a[href*=penilaian]")
    expect(rate).to_be_visible(timeout=SOON)
    rate.click()
    expect(phone.locator(".questionnaire fieldset")).to_have_count(9)
    for question in phone.locator(".questionnaire fieldset").all():
        question.locator("label").last.click()
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_role("heading", name="Terima kasih")).to_be_visible()


def take(desk: Page) -> None:
    """In hand, unless the duty roster has given it already."""
    button, held = (
        desk.locator("form[action$='/pengambilan/'] button"),
        desk.get_by_text("Anda yang memegang"),
    )
    expect(button.or_(held).first).to_be_visible()
    if button.is_visible():
        with suppress(Error):  # given at this very moment
            button.click(timeout=2_000)
    expect(held).to_be_visible()


def test_silence_is_warned_of_kept_open_by_one_tap_then_closed_and_reopened_by_a_late_word(
    scene: Scene, later: LaterServer, window: Open, watch: Watch
) -> None:
    watch.expects_cut = True
    there = Scene(later.url, scene.code, scene.name, scene.tokens, scene.sessions)
    later.start()
    desk, phone = case(window, there, "silent"), room(window, there, "silent")
    answer(desk, "Penduduk 2025: 480.900 jiwa.")
    expect(phone.locator("#state")).to_contain_text("Tanpa pesan dari Anda")

    # Day three: a mail whose link leads to one button.
    later.live_on(3)
    phone.goto("about:blank")
    warning = awaited_mail(later, "silent@contoh.example", "/masih-perlu/")
    link = re.search(r"http\S+/masih-perlu/", warning)
    assert link is not None
    phone.goto(link[0])
    phone.get_by_role("button", name="Ya, biarkan terbuka").click()
    expect(phone.get_by_text("percakapan ini tetap kami buka")).to_be_visible()

    # The days begin anew: on the eighth it is still open, on the eleventh it is closed.
    phone.goto("about:blank")
    later.live_on(8)
    phone.goto(there.url("konsultasi/{room_silent}/"))
    expect(phone.locator("#state form[action$='/masih-perlu/']")).to_be_visible()
    phone.goto("about:blank")
    later.live_on(11)
    phone.goto(there.url("konsultasi/{room_silent}/"))
    expect(phone.locator("#state")).to_contain_text("Ditutup karena", timeout=SOON)

    # A late word opens it again, with everything that was said.
    say(phone, "Maaf terlambat, saya masih perlu.")
    expect(phone.locator("#state")).not_to_contain_text("Ditutup", timeout=AT_ONCE)
    desk.goto(there.url("kotak-masuk/{case_silent}/"))
    expect(said(desk, "Penduduk 2025: 480.900 jiwa.")).to_be_visible()
    expect(said(desk, "Maaf terlambat, saya masih perlu.")).to_be_visible()


def awaited_mail(server: LaterServer, to: str, part: str) -> str:
    """The mail with that part in it, which the background loop sends."""
    late = monotonic() + 10
    while True:
        found = [each for each in mails(server, to) if part in each]
        if found:
            return found[-1]
        assert monotonic() < late, "no such mail came"
        sleep(0.05)


def test_messages_outlive_a_cut_of_the_line(scene: Scene, window: Open, server: Server, watch: Watch) -> None:
    phone, desk = room(window, scene, "cut"), case(window, scene, "cut")
    say(phone, "Sebelum putus")
    watch.expects_cut = True
    phone.context.set_offline(True)
    say(desk, "Saat putus, satu")
    say(desk, "Saat putus, dua")
    phone.context.set_offline(False)
    expect(said(phone, "Saat putus, dua")).to_be_visible(timeout=SLOWEST_RETURN)
    say(phone, "Sesudah putus")
    expect(said(desk, "Sesudah putus")).to_be_visible(timeout=AT_ONCE)
    texts = ["Sebelum putus", "Saat putus, satu", "Saat putus, dua", "Sesudah putus"]
    expect_whole(server, scene.tokens["room_cut"], (phone, desk), texts)


def test_messages_outlive_a_restart_of_the_server(
    scene: Scene, window: Open, server: Server, watch: Watch
) -> None:
    phone, desk = room(window, scene, "reload"), case(window, scene, "reload")
    watch.expects_cut = True
    server.stop()
    try:
        expect(phone.locator("[data-live-banner]")).to_contain_text("terputus", timeout=5_000)
    finally:
        server.start()
    say(desk, "Kami kembali")
    expect(said(phone, "Kami kembali")).to_be_visible(timeout=SLOWEST_RETURN)
    expect(phone.locator("[data-live-banner]")).to_be_hidden(timeout=SLOWEST_RETURN)
    say(phone, "Baik")
    expect(said(desk, "Baik")).to_be_visible(timeout=SLOWEST_RETURN)
    expect_whole(server, scene.tokens["room_reload"], (phone, desk), ["Kami kembali", "Baik"])


def test_a_phone_that_slept_has_everything_when_it_is_looked_at(
    scene: Scene, window: Open, server: Server, watch: Watch
) -> None:
    phone, desk = room(window, scene, "sleep"), case(window, scene, "sleep")
    watch.expects_cut = True
    look_away(phone, True)
    phone.context.set_offline(True)
    texts = [f"Pesan {number}" for number in range(1, 4)]
    for text in texts:
        say(desk, text)
    expect(desk.locator("#thread .msg-state").last).to_have_text("Terkirim")
    phone.context.set_offline(False)
    look_away(phone, False)
    expect(said(phone, texts[-1])).to_be_visible(timeout=AT_ONCE)
    expect(desk.locator("#thread .msg-state").last).to_have_text("Dibaca", timeout=SLOWEST_RETURN)
    expect_whole(server, scene.tokens["room_sleep"], (phone, desk), texts)


def test_a_message_that_comes_while_the_one_before_is_being_fetched_is_not_missed(
    scene: Scene, window: Open, server: Server
) -> None:
    phone, desk = room(window, scene, "slow"), case(window, scene, "slow")
    underway: list[Route] = []
    phone.route("**/pesan/?sejak=*", lambda route: route.continue_() if underway else underway.append(route))
    phone.evaluate(
        "() => { window.heard = [];"
        " document.addEventListener('sapa:signal', event => heard.push(...event.detail.names ?? [])) }"
    )
    heard = "number => heard.filter(name => name === 'message.sent').length === number"
    say(desk, "Satu")
    phone.wait_for_function(heard, arg=1)
    slow = underway[0].fetch()
    say(desk, "Dua")
    phone.wait_for_function(heard, arg=2)
    underway[0].fulfill(response=slow)
    expect(said(phone, "Dua")).to_be_visible(timeout=AT_ONCE)
    expect_whole(server, scene.tokens["room_slow"], (phone, desk), ["Satu", "Dua"])


def test_a_message_sent_by_an_impatient_finger_is_there_once(
    scene: Scene, window: Open, server: Server
) -> None:
    phone, desk = room(window, scene, "twice"), case(window, scene, "twice")
    for page, text in ((phone, "Dua kali dari ponsel"), (desk, "Dua kali dari meja")):
        page.locator("#message-text").fill(text)
        send(page).dblclick()
        expect(said(page, text)).to_have_count(1)
        expect(page.locator("#message-text")).to_have_value("")
    say(phone, "Selesai")
    expect(said(desk, "Selesai")).to_be_visible(timeout=AT_ONCE)
    texts = ["Dua kali dari ponsel", "Dua kali dari meja", "Selesai"]
    expect_whole(server, scene.tokens["room_twice"], (phone, desk), texts)


def test_the_same_conversation_in_two_tabs_stays_the_same(scene: Scene, window: Open, server: Server) -> None:
    first = room(window, scene, "tabs")
    second = first.context.new_page()
    second.goto(first.url)
    desk = case(window, scene, "tabs")
    say(first, "Dari yang pertama")
    expect(said(second, "Dari yang pertama")).to_be_visible(timeout=AT_ONCE)
    say(second, "Dari yang kedua")
    expect(said(first, "Dari yang kedua")).to_be_visible(timeout=AT_ONCE)
    # Both at once, while the office writes as well.
    pages = {first: "Bersamaan satu", second: "Bersamaan dua", desk: "Bersamaan tiga"}
    for page, text in pages.items():
        page.locator("#message-text").fill(text)
    for page in pages:
        send(page).click()
    for page in pages:
        for text in pages.values():
            expect(said(page, text)).to_have_count(1)
    expect_whole(
        server, scene.tokens["room_tabs"], (first, second, desk), ["Dari yang pertama", "Dari yang kedua"]
    )


def test_what_is_sent_without_a_line_stays_in_its_field_and_goes_once_later(
    scene: Scene, window: Open, server: Server, watch: Watch
) -> None:
    phone, desk = room(window, scene, "offline"), case(window, scene, "offline")
    watch.expects_cut = True
    phone.context.set_offline(True)
    phone.locator("#message-text").fill("Dari terowongan")
    send(phone).click()
    expect(phone.locator("[data-line]")).to_contain_text("Belum terkirim", timeout=5_000)
    expect(phone.locator("#message-text")).to_have_value("Dari terowongan")
    phone.context.set_offline(False)
    expect(phone.locator("[data-line]")).to_contain_text("kembali", timeout=SLOWEST_RETURN)
    send(phone).dblclick()
    expect(said(desk, "Dari terowongan")).to_be_visible(timeout=SLOWEST_RETURN)
    expect(phone.locator("#message-text")).to_have_value("")
    expect_whole(server, scene.tokens["room_offline"], (phone, desk), ["Dari terowongan"])


def test_what_is_sent_while_another_program_holds_the_database_waits_and_is_there_once(
    scene: Scene, window: Open, server: Server
) -> None:
    phone, desk = room(window, scene, "twice"), case(window, scene, "twice")
    with held(server, seconds=5):
        phone.locator("#message-text").fill("Sementara basis data dipegang")
        send(phone).dblclick()
        phone.wait_for_timeout(1_000)
        expect(phone.locator("#message-text")).to_have_value("Sementara basis data dipegang")
    expect(said(phone, "Sementara basis data dipegang")).to_have_count(1, timeout=SLOWEST_RETURN)
    expect(phone.locator("#message-text")).to_have_value("")
    expect(phone.locator("[data-line]")).to_be_hidden()
    expect(said(desk, "Sementara basis data dipegang")).to_have_count(1, timeout=SLOWEST_RETURN)
    expect_whole(server, scene.tokens["room_twice"], (phone, desk), ["Sementara basis data dipegang"])


def test_what_the_server_could_not_take_stays_in_its_field_with_a_sentence_and_goes_once_later(
    scene: Scene, window: Open, server: Server, watch: Watch
) -> None:
    phone, desk = room(window, scene, "offline"), case(window, scene, "offline")
    watch.expects_cut = True

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    phone.route("**/pesan/", refuse)
    phone.locator("#message-text").fill("Saat ada gangguan")
    send(phone).click()
    expect(phone.locator("[data-line]")).to_contain_text("Belum terkirim: ada gangguan", timeout=5_000)
    expect(phone.locator("#message-text")).to_have_value("Saat ada gangguan")
    phone.unroute("**/pesan/")
    send(phone).click()
    expect(said(desk, "Saat ada gangguan")).to_be_visible(timeout=SLOWEST_RETURN)
    expect(phone.locator("#message-text")).to_have_value("")
    expect(phone.locator("[data-line]")).to_be_hidden()
    expect_whole(server, scene.tokens["room_offline"], (phone, desk), ["Saat ada gangguan"])


def test_ctrl_enter_sends_and_the_cursor_stays_while_messages_arrive(
    scene: Scene, window: Open, server: Server
) -> None:
    phone, desk = room(window, scene, "keys"), case(window, scene, "keys")
    field = desk.locator("#message-text")
    field.click()
    desk.keyboard.type("Lewat papan ketik")
    desk.keyboard.press("Control+Enter")
    expect(said(phone, "Lewat papan ketik")).to_be_visible(timeout=AT_ONCE)
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    desk.keyboard.type("Setengah ")
    say(phone, "Pesan di tengah ketikan")
    expect(said(desk, "Pesan di tengah ketikan")).to_be_visible(timeout=AT_ONCE)
    expect(field).to_be_focused()
    desk.keyboard.type("kalimat")
    expect(field).to_have_value("Setengah kalimat")
    desk.keyboard.press("Control+Enter")
    expect(said(phone, "Setengah kalimat")).to_be_visible(timeout=AT_ONCE)
    # What is half written outlives the page.
    desk.keyboard.type("Konsep")
    expect(desk.locator("#kept")).to_contain_text("Tersimpan")
    desk.reload()
    expect(field).to_have_value("Konsep")


def test_a_long_conversation_opens_at_its_end_and_unfolds_backwards(
    scene: Scene, window: Open, server: Server
) -> None:
    phone = room(window, scene, "long")
    expect(said(phone, "Kabar ke-33.")).to_have_count(1)
    at_its_end = "list => list.scrollHeight - list.scrollTop - list.clientHeight < 2"
    phone.wait_for_function(at_its_end, arg=phone.locator("#thread").element_handle())
    expect(said(phone, "Kabar ke-2.")).to_have_count(0)
    while phone.locator("#earlier").count():
        before = phone.locator("#thread [id^=pesan-]").count()
        phone.locator("#earlier a").click()
        expect(phone.locator("#thread [id^=pesan-]")).not_to_have_count(before)
    expect_whole(
        server, scene.tokens["room_long"], (phone,), [f"Kabar ke-{number}." for number in range(1, MANY)]
    )


def test_a_colleague_who_looks_is_shown_and_only_notes(scene: Scene, window: Open) -> None:
    desk, other = case(window, scene, "note"), case(window, scene, "note", "oki")
    expect(other.locator("#composer")).to_contain_text("Nana")
    expect(other.locator("#composer [name=kind]")).to_have_count(1)
    other.locator("#message-text").fill("Saya punya tabelnya.")
    other.locator("#note-form button").click()
    expect(said(other, "Saya punya tabelnya.")).to_have_count(1)
    expect(said(desk, "Saya punya tabelnya.")).to_be_visible(timeout=AT_ONCE)
    phone = room(window, scene, "note")
    expect(phone.locator("#thread")).not_to_contain_text("Saya punya tabelnya.")


def test_without_scripts_both_sides_talk_by_plain_forms(scene: Scene, window: Open, server: Server) -> None:
    phone = room(window, scene, "plain", java_script_enabled=False)
    desk = case(window, scene, "plain", java_script_enabled=False)
    for page, text in ((phone, "Tanpa skrip"), (desk, "Kami juga")):
        page.locator("#message-text").fill(text)
        send(page).click()
        expect(said(page, text)).to_have_count(1)
    phone.reload()
    desk.locator("#composer summary", has_text="Berkas").click()
    desk.locator("#composer input[type=file]").set_input_files([PAPER])
    send(desk).click()
    expect(desk.locator("#thread .msg-file")).to_be_visible()
    desk.locator("#ask-back summary").first.click()
    desk.locator("#ask-back [name=other]").fill("Nama kecamatan")
    desk.get_by_role("button", name="Tanyakan kepada pengguna layanan").click()
    expect(desk.locator("#thread")).to_contain_text("Nama kecamatan")
    phone.reload()
    expect(phone.locator("#state")).to_contain_text("Nama kecamatan")
    expect_whole(server, scene.tokens["room_plain"], (phone, desk), ["Tanpa skrip", "Kami juga"])


def test_a_file_that_is_refused_costs_no_word_of_the_message(scene: Scene, window: Open) -> None:
    phone = room(window, scene, "files")
    phone.locator("#message-text").fill("Ini lampirannya")
    phone.locator("#composer summary", has_text="Lampirkan").click()
    fake: FilePayload = {"name": "gambar.png", "mimeType": "image/png", "buffer": b"MZ" + bytes(200)}
    phone.locator("#composer input[type=file]").set_input_files([PAPER, fake])
    send(phone).click()
    expect(phone.locator("#composer .notice")).to_contain_text("gambar.png")
    expect(phone.locator("#message-text")).to_have_value("Ini lampirannya")
    expect(phone.locator("#composer .held")).to_contain_text("lampiran.pdf")
    send(phone).click()
    expect(phone.locator("#thread .msg-file", has_text="lampiran.pdf")).to_be_visible()
    expect(said(phone, "Ini lampirannya")).to_have_count(1)
    expect(phone.locator("#composer .held")).to_have_count(0)


def test_what_is_half_written_beside_the_conversation_outlives_every_refresh(
    scene: Scene, window: Open
) -> None:
    desk = window("desk", scene=scene, officer="nana")
    desk.clock.install()
    desk.goto(scene.url("kotak-masuk/{case_half}/"))
    phone = room(window, scene, "half")
    desk.locator("#elsewhere summary").first.click()
    desk.locator("#why-colleague").fill("Lanjutkan besok pagi")
    desk.locator("#ask-back summary").first.click()
    desk.locator("#ask-back [name=items][value=area]").check()
    desk.locator("#message-text").focus()

    # The client writes: the state beside the conversation is fetched again.
    desk.locator("#message-text").blur()
    with desk.expect_response("**/keadaan/"):
        say(phone, "Mohon juga per desa")
    expect(said(desk, "Mohon juga per desa")).to_be_visible()
    expect(desk.locator("#why-colleague")).to_have_value("Lanjutkan besok pagi")
    expect(desk.locator("#ask-back [name=items][value=area]")).to_be_checked()

    # Half a minute goes by: the clock beside the conversation is drawn again.
    with desk.expect_response("**/keadaan/"):
        desk.clock.run_for(31_000)
    desk.wait_for_timeout(200)
    expect(desk.locator("#elsewhere")).to_have_attribute("open", "")
    expect(desk.locator("#why-colleague")).to_have_value("Lanjutkan besok pagi")

    # Nobody redraws what is being typed.
    desk.locator("#why-colleague").press("End")
    desk.locator("#why-colleague").press_sequentially(", ya")
    desk.clock.run_for(31_000)
    expect(desk.locator("#why-colleague")).to_be_focused()
    expect(desk.locator("#why-colleague")).to_have_value("Lanjutkan besok pagi, ya")


def test_what_is_wrong_in_a_form_stays_shown_while_the_page_is_kept_fresh(scene: Scene, window: Open) -> None:
    phone, desk = room(window, scene, "wrong"), case(window, scene, "wrong")
    desk.locator("#ask-back summary").first.click()
    desk.locator("#ask-back [name=items][value=years]").check()
    desk.get_by_role("button", name="Tanyakan kepada pengguna layanan").click()
    expect(desk.get_by_text("Sudah ditanyakan")).to_be_visible()
    phone.locator("#id_year_from").fill("2026")
    phone.locator("#id_year_until").fill("2019")
    phone.get_by_role("button", name="Kirim yang kurang").click()
    wrong = phone.locator("#state .field.invalid")
    expect(wrong).to_contain_text("Tahun terakhir lebih awal")
    say(desk, "Kami tunggu")
    expect(said(phone, "Kami tunggu")).to_be_visible()
    phone.wait_for_timeout(300)
    expect(wrong).to_contain_text("Tahun terakhir lebih awal")
    expect(phone.locator("#id_year_until")).to_have_value("2019")


def test_on_plain_http_every_message_has_a_key_that_nobody_can_guess(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, officer="lan", **PHONE)
    # What a browser leaves out of a page that came without TLS from another machine of the LAN.
    page.add_init_script("delete Crypto.prototype.randomUUID")
    page.goto(scene.url("konsultasi/{room_lan}/"))
    assert page.evaluate("typeof crypto.randomUUID") == "undefined"
    key = page.locator("#composer [name=key]")
    keys = [key.input_value()]
    for number in range(3):
        say(page, f"Tanpa TLS {number}")
        expect(key).not_to_have_value(keys[-1])
        keys.append(key.input_value())
    assert len(set(keys)) == 4
    assert [each for each in keys[1:] if not re.fullmatch("[0-9a-f]{32}", each)] == []
