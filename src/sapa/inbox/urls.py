"""Addresses of this package: the client's room, and the officers' inbox."""

from django.urls import URLPattern, path

from sapa.inbox.views import ask, cases, closures, inbox, room, shared

ROOM = "<str:office>/konsultasi/<str:token>/"
CASE = "<str:office>/kotak-masuk/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("<str:office>/tanya/", ask.ask, name="ask"),
    path("<str:office>/tanya/konsep/", ask.keep, name="ask_draft"),
    path(ROOM, room.show, name="consultation_room"),
    path(ROOM + "pesan/", room.messages_, name="room_messages"),
    path(ROOM + "sebelumnya/", room.earlier, name="room_earlier"),
    path(ROOM + "cari/", room.find, name="room_find"),
    path(ROOM + "keadaan/", room.state, name="room_state"),
    path(ROOM + "mengetik/", room.typing, name="room_typing"),
    path(ROOM + "konsep/", room.keep, name="room_draft"),
    path(ROOM + "kelengkapan/", room.completion, name="room_completion"),
    path(ROOM + "penutupan/", room.closure, name="room_closure"),
    path(ROOM + "masih-perlu/", room.still_needed, name="still_needed"),
    path(ROOM + "lagi/", ask.again, name="ask_again"),
    path(ROOM + "percakapan.pdf", room.pdf, name="room_pdf"),
    path("<str:office>/kotak-masuk/", inbox.show, name="inbox"),
    path("<str:office>/kotak-masuk/daftar/", inbox.rows, name="inbox_rows"),
    path("<str:office>/kotak-masuk/jawaban-siap/", shared.canned_answers, name="canned_answers"),
    path("<str:office>/kotak-masuk/jawaban-siap/<int:canned>/", shared.canned_removal, name="canned_removal"),
    path("<str:office>/kotak-masuk/persetujuan/", shared.policy, name="inbox_policy"),
    path("<str:office>/kotak-masuk/jawaban-umum/", shared.public_answers, name="public_answers"),
    path("<str:office>/kotak-masuk/jawaban-umum/<int:public>/", shared.publication, name="public_answer"),
    path(CASE, cases.show, name="inbox_case"),
    path(CASE + "keadaan/", cases.state, name="case_state"),
    path(CASE + "pesan/", cases.messages_, name="case_messages"),
    path(CASE + "sebelumnya/", cases.earlier, name="case_earlier"),
    path(CASE + "cari/", cases.find, name="case_find"),
    path(CASE + "konsep/", cases.keep, name="case_draft"),
    path(CASE + "mengetik/", cases.typing, name="case_typing"),
    path(CASE + "pengambilan/", cases.claim, name="case_claim"),
    path(CASE + "pelepasan/", cases.release, name="case_release"),
    path(CASE + "penyerahan/", cases.hand_over, name="case_handover"),
    path(CASE + "rujukan/", cases.forward, name="case_forwarding"),
    path(CASE + "pernyataan-lengkap/", cases.accept, name="case_acceptance"),
    path(CASE + "tanya-balik/", cases.ask_back, name="case_asking"),
    path(CASE + "kelengkapan/<int:item>/", cases.settle_item, name="case_item"),
    path(CASE + "penutupan/", closures.closure, name="case_closure"),
    path(CASE + "pembukaan/", closures.reopening, name="case_reopening"),
    path(CASE + "persetujuan/<int:answer>/", cases.review, name="case_review"),
    path(CASE + "jawaban-umum/", cases.publication, name="case_publication"),
    path(CASE + "percakapan.pdf", cases.pdf, name="case_pdf"),
]
