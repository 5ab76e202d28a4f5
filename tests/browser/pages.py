"""Every page in its states: what the tests of barriers, of width and of weight look at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import FilePayload, Page

from tests.browser.actors import next_page, see
from tests.browser.conftest import Scene

Act = Callable[[Page], None]


@dataclass(frozen=True)
class State:
    """A page as somebody sees it: `name` is the name of its address, `path` the address without the origin."""

    name: str
    path: str
    what: str = ""
    officer: str = ""
    act: Act | None = None
    room: str = "page"  # page, kiosk, board or paper: how wide it is looked at
    status: int = 200

    def __str__(self) -> str:
        return f"{self.name} {self.what}".strip().replace(" ", "-")

    def open(self, page: Page, scene: Scene) -> None:
        """After this the page shows the state."""
        response = page.goto(scene.origin + self.path.format(code=scene.code, **scene.tokens))
        assert response is not None
        assert response.status == self.status, f"{self}: {response.status}"
        if self.act:
            self.act(page)
        see(page)


def press(selector: str) -> Act:
    """Touch a button and wait for what comes."""

    def act(page: Page) -> None:
        with next_page(page):
            page.locator(selector).first.click()

    return act


def send(selector: str = "main form [type=submit]") -> Act:
    """Send a form as it stands: the browser's own checks are not what is tried here."""
    return press(selector)


def open_parts(page: Page) -> None:
    """Everything that can be unfolded is."""
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def type_into_box(page: Page) -> None:
    """The suggestions stand under the box."""
    page.get_by_role("combobox").press_sequentially("kepadat")
    page.get_by_role("option").first.wait_for()


def open_dialog(key: str) -> Act:
    return lambda page: page.locator(f"[data-opens={key}]").click()


def send_answer(page: Page) -> None:
    page.locator("#id_answer").fill("")
    press("#answer-form button[data-key=f]")(page)


def wait_for_form(page: Page) -> None:
    page.locator("main form").first.wait_for()


GOOD_LIST: Final = b"kind,title,external_id\nstatic_table,Luas tanam,baru-1\n"
OTHER_LIST: Final = b"No;Nama Data;OPD;Warna\nd-1;Jumlah koperasi;Dinas Koperasi;biru\n"
BAD_LIST: Final = b"kind,title,external_id\nnovel,,baru-1\n"


def choose_list(contents: bytes) -> Act:
    def act(page: Page) -> None:
        file = FilePayload(name="daftar.csv", mimeType="text/csv", buffer=contents)
        page.locator("#id_file").set_input_files(file)
        send()(page)

    return act


def try_nowhere(page: Page) -> None:
    """A source on this machine: no network is asked, and the page says why it does not come."""
    page.locator("#id_url").fill("http://127.0.0.1:9")
    press("[name=try]")(page)


def bad_code(page: Page) -> None:
    page.locator("#id_code").fill("ADU-0000-0000-0000")
    press("form:has(#id_code) [type=submit]")(page)


def idle(page: Page) -> None:
    """The warning before a shared screen starts again."""
    page.evaluate("document.querySelector('idle-reset dialog').showModal()")


def fill_nothing(page: Page) -> None:
    press("form:has(#id_subject) [type=submit]")(page)


def find_known(page: Page) -> None:
    page.locator("[name=contact]").fill("sari@contoh.example")
    press("form:has([name=contact]) [type=submit]")(page)


def search(text: str) -> Act:
    def act(page: Page) -> None:
        page.locator("[name=q]").fill(text)
        press("form[role=search] [type=submit]")(page)

    return act


def sign_in_wrongly(page: Page) -> None:
    page.locator("#id_login").fill("rini@bps.example")
    page.locator("#id_password").fill("bukan-ini-sandinya")
    press("main form [type=submit]")(page)


def plan_too_much(page: Page) -> None:
    page.locator("#id_weeks").fill("99")
    press("form:has(#id_weeks) [type=submit]")(page)


def bad_pattern(page: Page) -> None:
    page.locator("#id_valid_until").fill("2024-01-01")
    press("form:has(#id_valid_until) [type=submit]")(page)


def leave_backwards(page: Page) -> None:
    page.locator("#id_until_on").fill("2024-01-01")
    press("form:has(#id_until_on) [type=submit]")(page)


def type_search(page: Page) -> None:
    page.locator("#q-search").press_sequentially("kepadat")
    page.wait_for_url("**/cari/?q=kepadat&**")
    page.locator("#results [data-hit]").first.wait_for()


def open_numbers(page: Page) -> None:
    """The officer has opened the numbers of a table to cite one."""
    open_parts(page)
    page.locator("#cite-q").press_sequentially("jumlah penduduk menurut kecamatan")
    page.locator("#catalogue-hits [type=button]").first.click()
    page.locator("#catalogue-hits tbody button").first.wait_for()


def no_notice(page: Page) -> None:
    page.locator("#id_notice_hours").fill("")
    press("form:has(#id_notice_hours) [type=submit]")(page)


def ask_backwards(page: Page) -> None:
    open_parts(page)
    page.locator("#id_year_from").fill("2025")
    page.locator("#id_year_until").fill("2020")
    press("#ask-form > .row [type=submit]")(page)


def say_nothing(page: Page) -> None:
    page.locator("#composer > .row-between > [type=submit]").click()
    page.locator("#composer .notice.error").wait_for()


def name_the_client(page: Page) -> None:
    page.locator("[name=subject]").fill("Untuk Laras Puspita")
    press("main form.form [type=submit]")(page)


HERE: Final = "/{code}/"
TICKETS: Final = ("waiting", "priority", "called", "serving", "held", "finished", "no_show", "withdrawn")
PUBLIC: Final = [
    State("home", "/"),
    State("office", HERE),
    State("office", HERE, "suggestions", act=type_into_box),
    State("standard", HERE + "standar/"),
    State("standard", HERE + "standar/", "unfolded", act=open_parts),
    State("search", HERE + "cari/", "topics"),
    State("search", HERE + "cari/?q=kemiskinan+kabupaten", "hits"),
    State("search", HERE + "cari/?q=inflasi+kabupaten+ada+ga", "absent"),
    State("search", HERE + "cari/?q=resep+rendang", "nothing"),
    State("search", HERE + "cari/?q=x", "too short"),
    State("search", HERE + "cari/", "typed", act=type_search),
    State("search", HERE + "cari/?q=penduduk+2024", "choices", act=open_parts),
    State("search", HERE + "cari/?q=penduduk&hal=2", "second page"),
    State("search", HERE + "cari/?q=pendudk", "read as"),
    State("search", HERE + "cari/?q=pendudk&persis=1", "exactly"),
    State("search", HERE + "cari/?q=tb", "ambiguous"),
    State("search", HERE + "cari/?q=penduduk+kota+bandung", "elsewhere"),
    State("search", HERE + "cari/?q=penduduk&tahun=1900", "nothing chosen"),
    State("catalogue_entry", HERE + "katalog/{entry_table}/", "table"),
    State("catalogue_entry", HERE + "katalog/{entry_answer}/?q=desil", "answer"),
    State("catalogue_entry", HERE + "katalog/{entry_code}/", "code"),
    State("catalogue_entry", HERE + "katalog/{entry_figures}/", "figures"),
    State("catalogue_numbers", HERE + "katalog/{entry_figures}/angka/"),
    State("catalogue_numbers", HERE + "katalog/{entry_figures}/angka/?sel=1808020%7CJumlah%7C2025", "cited"),
    State("catalogue_numbers", HERE + "katalog/{entry_figures}/angka/?dari=2025&kata=menggala", "bars"),
    State("catalogue_numbers", HERE + "katalog/{entry_figures}/angka/?kata=zzz", "none"),
    State("catalogue_entry", HERE + "katalog/{entry_withdrawn}/", "withdrawn", status=410),
    State("search_thanks", HERE + "cari/terjawab/"),
    State("guestbook", HERE + "buku-tamu/", "services"),
    State("guestbook", HERE + "buku-tamu/?layanan=consultation", "empty", act=open_parts),
    State("guestbook", HERE + "buku-tamu/?layanan=consultation", "errors", act=fill_nothing),
    State("guestbook", HERE + "buku-tamu/?layanan=errand", "errand"),
    State("guestbook_known", HERE + "buku-tamu/?layanan=consultation", act=find_known),
    *(State("ticket", HERE + f"tiket/{{ticket_{each}}}/", each) for each in TICKETS),
    State("ticket", HERE + "tiket/{ticket_waiting}/", "unfolded", act=open_parts),
    State("slip", HERE + "tiket/{ticket_waiting}/slip/", room="paper"),
    State("rating", HERE + "penilaian/{rating_unrated}/", "empty"),
    State("rating", HERE + "penilaian/{rating_unrated}/", "errors", act=send()),
    State("rating", HERE + "penilaian/{rating_rated}/", "thanks"),
    State("rating", HERE + "penilaian/{rating_expired}/", "expired", status=410),
    State("rating", HERE + "penilaian/unknown/", "unknown", status=404),
    State("ticket_rating", HERE + "tiket/{ticket_waiting}/penilaian/"),
    State("complaint", HERE + "pengaduan/", "empty"),
    State("complaint", HERE + "pengaduan/", "unfolded", act=open_parts),
    State("complaint", HERE + "pengaduan/", "errors", act=press("form:has(#id_text) [type=submit]")),
    State("complaint_find", HERE + "pengaduan/", act=bad_code),
    *(
        State("complaint_follow", HERE + f"pengaduan/{{complaint_{each}}}/", each)
        for each in ("new", "verified", "answered", "rejected", "not_ours", "proposal")
    ),
    State("complaint_follow", HERE + "pengaduan/{complaint_verified}/", "unfolded", act=open_parts),
    State(
        "complaint_response",
        HERE + "pengaduan/{complaint_answered}/",
        "errors",
        act=send("#response-form button"),
    ),
    State("complaint_follow", HERE + "pengaduan/{complaint_new}/?baru", "just lodged"),
    State("complaint_follow", HERE + "pengaduan/ADU-0000/", "unknown", status=404),
]
MEETINGS: Final = [
    State("meeting_choose", HERE + "konsultasi/{meeting_offered}/pertemuan/", "offered", "client_offered"),
    State(
        "meeting_book",
        HERE + "konsultasi/{meeting_offered}/pertemuan/",
        "errors",
        "client_offered",
        send("form:has(#id_starts_at) .actions [type=submit]"),
    ),
    State(
        "meeting_choose",
        HERE + "konsultasi/{meeting_booked}/pertemuan/",
        "booked",
        "client_booked",
        open_parts,
    ),
    State(
        "meeting_choose", HERE + "konsultasi/{meeting_booked}/pertemuan/?pindah", "moving", "client_booked"
    ),
    State("meeting_choose", HERE + "konsultasi/{meeting_neither}/pertemuan/", "neither", "client_neither"),
    State("case_meeting", HERE + "kotak-masuk/{case_offered}/pertemuan/", "offered", "rini"),
    State("case_meeting", HERE + "kotak-masuk/{case_booked}/pertemuan/", "booked", "rini", open_parts),
    State("case_meeting", HERE + "kotak-masuk/{case_booked}/pertemuan/?pindah=1", "moving", "rini"),
    State(
        "case_meeting_booking",
        HERE + "kotak-masuk/{case_neither}/pertemuan/",
        "errors",
        "rini",
        send("form:has(#id_starts_at) .actions [type=submit]"),
    ),
    State("settings_api", HERE + "pengaturan/api/", "", "hadi"),
    State(
        "settings_api", HERE + "pengaturan/api/", "errors", "hadi", send("form:has(#id_name) [type=submit]")
    ),
    State(
        "settings_webhook",
        HERE + "pengaturan/api/",
        "errors",
        "hadi",
        send("form:has(#id_url) [type=submit]"),
    ),
    State("api_reference", "/api/v1/"),
    State("settings_meetings", HERE + "pengaturan/pertemuan/", "", "hadi"),
    State(
        "settings_meetings",
        HERE + "pengaturan/pertemuan/",
        "errors",
        "hadi",
        no_notice,
    ),
]
INBOX: Final = HERE + "kotak-masuk/"
VIEWS: Final = ("untuk-kami", "milik-saya", "belum-diambil", "untuk-klien", "hampir-jatuh-tempo", "semua")
ONLINE: Final = [
    State("ask", HERE + "tanya/", "draft", "wulan"),
    State("ask", HERE + "tanya/", "errors", "wulan", ask_backwards),
    State("consultation_room", HERE + "konsultasi/{room_answered}/", "conversation", "laras"),
    State("room_find", HERE + "konsultasi/{room_answered}/cari/?kata=desa", "found", "laras"),
    State("room_find", HERE + "konsultasi/{room_answered}/cari/?kata=zzz", "nothing", "laras"),
    *(
        State("consultation_room", HERE + f"konsultasi/{{room_{each}}}/", each, "laras", open_parts)
        for each in (
            *("requested", "back", "accepted", "answered", "done", "silent", "old"),
            *("aside", "double"),
        )
    ),
    State(
        "consultation_room",
        HERE + "konsultasi/{room_accepted}/",
        "empty message",
        "laras",
        say_nothing,
    ),
    State("still_needed", HERE + "konsultasi/{room_answered}/masih-perlu/", "", "laras"),
    State("inbox_case", INBOX + "{kst_answered}/", "notes", "rini"),
    *(
        State("inbox_case", INBOX + f"{{kst_{each}}}/", each, "rini", open_parts)
        for each in (
            "requested",
            "back",
            "accepted",
            "answered",
            "colleague",
            "pending",
            "done",
            "old",
            "gone",
            "aside",
            "double",
        )
    ),
    State("inbox_case", INBOX + "{kst_accepted}/", "head", "gita", open_parts),
    State("inbox_case", INBOX + "{kst_accepted}/", "numbers", "rini", open_numbers),
    State("inbox_case", INBOX + "{kst_pending}/", "author", "tono", open_parts),
    State("inbox", INBOX, "", "rini"),
    *(State("inbox", INBOX + f"?tampilan={each}", each, "rini") for each in VIEWS),
    State("inbox", INBOX + "?tampilan=milik-saya", "empty", "wawan"),
    State("inbox", INBOX + "?cari=padi", "found", "rini"),
    State("inbox", INBOX + "?cari=zzz", "nothing", "rini"),
    State("case_find", INBOX + "{kst_answered}/cari/?kata=desa", "found", "rini"),
    State("case_find", INBOX + "{kst_answered}/cari/?kata=zzz", "nothing", "rini"),
    State("canned_answers", INBOX + "jawaban-siap/", "", "rini"),
    State("search_failures", HERE + "pencarian-gagal/", "", "rini"),
    State("search_failures", HERE + "pencarian-gagal/", "settled", "rini", open_parts),
    State("search_failures", HERE + "pencarian-gagal/?dicoba=resep+rendang", "still nothing", "rini"),
    State("search_failures", HERE + "pencarian-gagal/?dicoba=penduduk", "found now", "rini"),
    State("failure_word", HERE + "pencarian-gagal/kata/?q=resep+rendang", "", "rini"),
    State("failure_absence", HERE + "pencarian-gagal/tidak-tersedia/?q=resep+rendang", "", "rini"),
    State("failure_absence", HERE + "pencarian-gagal/tidak-tersedia/", "errors", "rini", send()),
    State("failure_entry", HERE + "pencarian-gagal/entri/?q=resep+rendang", "", "rini"),
    State("words", HERE + "kata-kata/", "", "gita"),
    State("words", HERE + "kata-kata/?coba=penduduk+tb+2024", "tried", "rini"),
    State("words", HERE + "kata-kata/?cari=zzzz", "none", "rini"),
    State(
        "canned_answers",
        INBOX + "jawaban-siap/",
        "errors",
        "rini",
        send("form:has(#id_title) [type=submit]"),
    ),
    State("inbox", INBOX, "head", "gita"),
    State("inbox_policy", INBOX + "persetujuan/", "", "gita"),
    State("public_answers", INBOX + "jawaban-umum/", "", "gita"),
    State("case_publication", INBOX + "{kst_answered}/jawaban-umum/", "", "rini"),
    State("case_publication", INBOX + "{kst_answered}/jawaban-umum/", "errors", "rini", name_the_client),
]
OFFICERS: Final = [
    State("workspace", HERE + "meja/", "seats", "wawan"),
    State("workspace", HERE + "meja/", "called", "tono"),
    State("workspace", HERE + "meja/", "serving", "rini"),
    State("workspace", HERE + "meja/", "unfolded", "rini", open_parts),
    State("workspace", HERE + "meja/?daftar", "list", "rini"),
    State("workspace", HERE + "meja/", "errors", "rini", send_answer),
    State("workspace", HERE + "meja/", "transfer", "rini", open_dialog("transfer")),
    State("workspace", HERE + "meja/", "referral", "rini", open_dialog("refer")),
    State("workspace", HERE + "meja/", "keys", "rini", lambda page: page.keyboard.press("?")),
    State("workspace", HERE + "meja/", "front office", "maya"),
    State("reception", HERE + "loket/", "", "maya"),
    State("reception_search", HERE + "loket/", "found", "maya", search("Sari")),
    State("reception_search", HERE + "loket/", "nobody", "maya", search("Zzz")),
    State("reception_form", HERE + "loket/", "", "maya", press("button[value=consultation]")),
    State("client_record", HERE + "loket/pengunjung/{visitor_id}/", "", "rini"),
    State("complaints", HERE + "register-pengaduan/?daftar=semua", "", "gita"),
    *(
        State("complaint_record", HERE + f"register-pengaduan/{{record_{each}}}/", each, "gita")
        for each in ("answered", "forwarded", "slip")
    ),
    State("complaint_record", HERE + "register-pengaduan/{record_new}/", "unfolded", "gita", open_parts),
    State("complaint_record", HERE + "register-pengaduan/{record_verified}/", "unfolded", "gita", open_parts),
    State("slip_entry", HERE + "kotak-saran/", "", "gita", open_parts),
    State("slip_entry", HERE + "kotak-saran/", "errors", "maya", send()),
    State("reports", HERE + "laporan/", "", "gita"),
    State("reports", HERE + "laporan/?periode=2025-01", "empty", "gita"),
    State("promise_report", HERE + "laporan/janji/", "", "gita"),
    State("online_report", HERE + "laporan/daring/", "", "gita"),
    State("skm_report", HERE + "laporan/skm/", "", "gita"),
    State("visits_report", HERE + "laporan/kunjungan/", "", "gita"),
    State("complaints_report", HERE + "laporan/pengaduan/", "", "gita"),
    State("settings", HERE + "pengaturan/", "", "hadi"),
    State("settings_standard", HERE + "pengaturan/standar/", "", "hadi"),
    State("settings_holidays", HERE + "pengaturan/hari-libur/", "", "hadi"),
    State("settings_hours", HERE + "pengaturan/jam/", "", "hadi"),
    State("settings_week", HERE + "pengaturan/jam/baru/", "", "hadi"),
    State("settings_closures", HERE + "pengaturan/penutupan/", "", "hadi"),
    State("settings_desks", HERE + "pengaturan/meja/", "", "hadi"),
    State("settings_desk", HERE + "pengaturan/meja/{desk_id}/", "", "hadi"),
    State("settings_services", HERE + "pengaturan/layanan/", "", "hadi"),
    State("settings_service", HERE + "pengaturan/layanan/{service_id}/", "", "hadi"),
    State("settings_officers", HERE + "pengaturan/petugas/", "", "hadi"),
    State(
        "settings_officers",
        HERE + "pengaturan/petugas/",
        "errors",
        "hadi",
        press("form:has(#id_email) [type=submit]"),
    ),
    State("settings_devices", HERE + "pengaturan/perangkat/", "", "hadi"),
    State("settings_device", HERE + "pengaturan/perangkat/{poster_id}/", "", "hadi"),
    State("settings_institutions", HERE + "pengaturan/instansi/", "", "gita"),
    State("settings_lists", HERE + "pengaturan/sumber/berkas/", "", "hadi", open_parts),
    State("settings_lists", HERE + "pengaturan/sumber/berkas/", "plan", "hadi", choose_list(GOOD_LIST)),
    State(
        "settings_lists", HERE + "pengaturan/sumber/berkas/", "lines to mend", "hadi", choose_list(BAD_LIST)
    ),
    State("settings_lists", HERE + "pengaturan/sumber/berkas/", "columns", "hadi", choose_list(OTHER_LIST)),
    State("settings_correspondences", HERE + "pengaturan/klasifikasi/", "", "gita", open_parts),
    State("settings_correspondences_confirmed", HERE + "pengaturan/klasifikasi/pasti/", "", "gita"),
    State("settings_sources", HERE + "pengaturan/sumber/", "", "hadi"),
    State("settings_source_new", HERE + "pengaturan/sumber/baru/webapi/", "webapi", "hadi"),
    State("settings_source_new", HERE + "pengaturan/sumber/baru/sdmx/", "sdmx", "hadi"),
    State(
        "settings_source_new",
        HERE + "pengaturan/sumber/baru/ckan/",
        "errors",
        "hadi",
        send("form:has(#id_url) [type=submit]"),
    ),
    State("settings_source_new", HERE + "pengaturan/sumber/baru/ckan/", "tried", "hadi", try_nowhere),
    State("settings_source", HERE + "pengaturan/sumber/{source}/", "", "gita", open_parts),
    State("settings_work", HERE + "pengaturan/pekerjaan/", "", "hadi"),
    State("settings_policy", HERE + "pengaturan/antrean/", "", "hadi"),
    State("account", "/akun/", "", "rini"),
    State("notifications", "/akun/pemberitahuan/", "", "rini"),
    State("notifications", "/akun/pemberitahuan/", "nothing", "hadi"),
    State("notification_choices", "/akun/pemberitahuan/pilihan/", "", "rini"),
    State("notification_stop", "/akun/pemberitahuan/berhenti/{stop_link}/"),
    State("notification_stop", "/akun/pemberitahuan/berhenti/{stop_link}/", "done", act=send()),
    State("file", "/berkas/x/", "forged", "rini", status=403),
    State("roster", HERE + "jaga/", "asked", "rini"),
    State("roster", HERE + "jaga/", "planner", "gita"),
    State("roster", HERE + "jaga/?minggu=2024-01-01", "past and empty", "gita"),
    State("roster_plan", HERE + "jaga/", "errors", "gita", plan_too_much),
    State("roster_swap", HERE + "jaga/tukar/", "", "rini"),
    State("roster_swap", HERE + "jaga/tukar/", "nothing to swap", "maya"),
    State("roster_swap", HERE + "jaga/tukar/", "partner", "rini", press(".shift-list a")),
    State("roster_day", HERE + "jaga/hari/", "", "gita"),
    State("roster_day", HERE + "jaga/hari/?tanggal=2024-01-02", "past", "gita"),
    State("roster_pattern", HERE + "jaga/pola/", "", "gita"),
    State("roster_pattern", HERE + "jaga/pola/", "errors", "gita", bad_pattern),
    State("roster_leaves", HERE + "jaga/cuti/", "", "gita"),
    State("roster_leaves", HERE + "jaga/cuti/", "empty", "tono"),
    State("roster_leaves", HERE + "jaga/cuti/", "errors", "rini", leave_backwards),
]
ACCOUNTS: Final = [
    State("account_login", "/akun/login/", "empty"),
    State("account_login", "/akun/login/", "errors", act=sign_in_wrongly),
    State("account_signup", "/akun/signup/"),
    State("account_request_login_code", "/akun/login/code/"),
    State("account_request_login_code", "/akun/login/code/", "errors", act=send()),
    State("socialaccount_login_cancelled", "/akun/dinas/batal/"),
    State("socialaccount_login_error", "/akun/dinas/gagal/"),
    State("profile", "/akun/profil/", "", "rini"),
    State("profile", "/akun/profil/?next=/akun/", "errors", "rini", send()),
    State("account_reset_password", "/akun/password/reset/"),
    State("account_inactive", "/akun/inactive/"),
    State("account_email", "/akun/email/", "", "rini"),
    State("account_change_password", "/akun/password/change/", "", "rini"),
    State("account_logout", "/akun/logout/", "", "rini"),
    State("account_reauthenticate", "/akun/reauthenticate/", "", "rini"),
    State("mfa_index", "/akun/mfa/", "", "rini"),
]
DEVICES: Final = [
    State("kiosk", HERE + "kios/{kiosk}/", "start", room="kiosk"),
    State("board", HERE + "papan/{board}/", room="board"),
    State("rating_tablet", HERE + "tablet/{tablet1}/", "idle", room="kiosk"),
]
ERRORS: Final = [
    State("404", HERE + "tidak-ada/", status=404),
    State("403", HERE + "pengaturan/", "", "rini", status=403),
]
STATES: Final = PUBLIC + MEETINGS + ONLINE + OFFICERS + ACCOUNTS + DEVICES + ERRORS

# Walked through by a test of their own, because one screen leads to the next.
WALKED: Final = {"kiosk_step", "kiosk_number"}
# Parts of pages, data and files: nobody looks at them by themselves.
PARTS: Final = {
    *("meeting_state", "meeting_ics", "case_meeting_state"),
    *("room_messages", "room_earlier", "room_state", "room_pdf", "ask_again"),
    *("inbox_rows", "case_state", "case_messages", "case_earlier", "case_pdf"),
    *("api", "api_document", "search_suggestions"),
    "settings_absences",
    *("notification", "notification_bell", "notification_latest", "service_worker"),
    *(
        "health",
        "pulse",
        "source",
        "workspace_waiting",
        "call_announced",
        "board_lines",
        "ticket_state",
        "catalogue_pick",
        "catalogue_pick_numbers",
        "catalogue_numbers_csv",
        "catalogue_numbers_xlsx",
        "reception_today",
    ),
    *("kiosk_suggestions", "guestbook_suggestions", "reception_suggestions", "mfa_download_recovery_codes"),
    *("mfa_login_webauthn", "account_data", "profile_suggestions"),
    # The office's own sign-in service: not found where none is configured (tests/people/test_single_sign_on.py).
    *("openid_connect_login", "openid_connect_callback"),
}
# Reached only in the middle of something that tests/people plays through: the pages are made of the same elements.
IN_BETWEEN: Final = {
    *("account_email_verification_sent", "account_confirm_login_code", "account_set_password"),
    *("account_confirm_password_reset_code", "account_complete_password_reset"),
    *("account_password_reset_completed", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn"),
    *("mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
}
