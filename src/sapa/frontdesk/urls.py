"""Addresses of `frontdesk`: the desk, the board, the visitor's number; kiosk, own phone and reception."""

from django.urls import URLPattern, path

from sapa.frontdesk.views import answers, board, client, desk, kiosk, numbers, phone, reception, ticket

DESK = "<str:office>/meja/"
AT = "<str:office>/antrean/<int:ticket>/"
TICKET = "<str:office>/tiket/<str:token>/"
BOARD = "<str:office>/papan/<str:device>/"
KIOSK = "<str:office>/kios/<str:device>/"
PHONE = "<str:office>/buku-tamu/"
RECEPTION = "<str:office>/loket/"
CLIENT = "<str:office>/loket/pengunjung/<int:client>/"

urlpatterns: list[URLPattern] = [
    path(DESK, desk.show, name="workspace"),
    path(DESK + "daftar/", desk.waiting, name="workspace_waiting"),
    path(DESK + "kursi/", desk.sit, name="seat"),
    path(DESK + "kursi/tinggalkan/", desk.leave, name="seat_leave"),
    path("<str:office>/panggilan/", numbers.call, name="call"),
    path("<str:office>/panggilan/<int:call>/", desk.announced, name="call_announced"),
    path(AT + "panggilan-ulang/", numbers.recall, name="recall"),
    path(AT + "pelayanan/", numbers.start, name="service_start"),
    path(AT + "jeda/", numbers.hold, name="ticket_hold"),
    path(AT + "kembali/", numbers.return_to_line, name="ticket_return"),
    path(AT + "tidak-datang/", numbers.no_show, name="no_show"),
    path(AT + "pembatalan/", numbers.withdraw, name="ticket_withdraw"),
    path(AT + "pengalihan/", numbers.transfer, name="ticket_transfer"),
    path(AT + "rujukan/", numbers.refer, name="ticket_refer"),
    path(AT + "jawaban/", answers.answer, name="answer"),
    path(AT + "kebutuhan-data/", answers.note_need, name="data_need"),
    path(AT + "kebutuhan-data/<int:need>/hapus/", answers.drop_need, name="data_need_drop"),
    path(AT + "penyelesaian/", answers.finish, name="finish"),
    path(BOARD, board.show, name="board"),
    path(BOARD + "panggilan/", board.lines, name="board_lines"),
    path(BOARD + "panggilan/<int:call>/pengumuman/", board.announce, name="announce"),
    path(TICKET, ticket.show, name="ticket"),
    path(TICKET + "keadaan/", ticket.state, name="ticket_state"),
    path(TICKET + "slip/", ticket.slip, name="slip"),
    path(TICKET + "terlambat/", ticket.change, {"what": "late"}, name="ticket_late"),
    path(TICKET + "hadir/", ticket.change, {"what": "back"}, name="ticket_back"),
    path(TICKET + "batal/", ticket.change, {"what": "give_up"}, name="ticket_give_up"),
    path(KIOSK, kiosk.start, name="kiosk"),
    path(KIOSK + "langkah/<str:step>/", kiosk.step, name="kiosk_step"),
    path(KIOSK + "nomor/", kiosk.number, name="kiosk_number"),
    path(KIOSK + "bahasa/", kiosk.language, name="kiosk_language"),
    path(KIOSK + "instansi/", kiosk.suggestions, name="kiosk_suggestions"),
    path(PHONE, phone.guestbook, name="guestbook"),
    path(PHONE + "kenal/", phone.recognition_of, name="guestbook_known"),
    path(PHONE + "instansi/", phone.suggestions, name="guestbook_suggestions"),
    path(RECEPTION, reception.index, name="reception"),
    path(RECEPTION + "hari-ini/", reception.today, name="reception_today"),
    path(RECEPTION + "pencarian/", reception.search, name="reception_search"),
    path(RECEPTION + "isian/", reception.form, name="reception_form"),
    path(RECEPTION + "kunjungan/", reception.create, name="reception_visits"),
    path(RECEPTION + "kunjungan/<int:visit>/kartu/", reception.see_identity, name="identity"),
    path(
        RECEPTION + "kunjungan/<int:visit>/kartu/koreksi/",
        reception.correct_identity,
        name="identity_correction",
    ),
    path(RECEPTION + "kunjungan/<int:visit>/tanpa-email/", reception.waive_email, name="email_waiver"),
    path(CLIENT, client.show, name="client_record"),
    path(CLIENT + "koreksi/", client.correct, name="client_correct"),
    path(CLIENT + "persetujuan/penarikan/", client.withdraw_consent, name="client_consent_withdraw"),
    path(CLIENT + "penghapusan/", client.erase, name="client_erase"),
    path(CLIENT + "telepon/", client.verify_phone, name="client_phone"),
    path(CLIENT + "gabungan/<int:merge>/pisah/", client.unmerge, name="client_unmerge"),
    path(RECEPTION + "instansi/", reception.suggestions, name="reception_suggestions"),
]
