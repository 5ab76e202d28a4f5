"""Addresses of `feedback`."""

from django.urls import URLPattern, path

from sapa.feedback.views import complaints, rating, register, slips, tablet

RECORD = "<str:office>/register-pengaduan/<int:complaint>/"
urlpatterns: list[URLPattern] = [
    path("<str:office>/penilaian/<str:token>/", rating.show, name="rating"),
    path("<str:office>/tiket/<str:token>/penilaian/", rating.of_ticket, name="ticket_rating"),
    path("<str:office>/tablet/<str:device>/", tablet.show, name="rating_tablet"),
    path("<str:office>/pengaduan/", complaints.create, name="complaint"),
    path("<str:office>/pengaduan/cari/", complaints.find, name="complaint_find"),
    path("<str:office>/pengaduan/<str:code>/", complaints.follow, name="complaint_follow"),
    path("<str:office>/pengaduan/<str:code>/tanggapan/", complaints.respond, name="complaint_response"),
    path("<str:office>/register-pengaduan/", register.index, name="complaints"),
    path("<str:office>/kotak-saran/", slips.create, name="slip_entry"),
    path(RECORD, register.show, name="complaint_record"),
    path(f"{RECORD}verifikasi/", register.verify, name="complaint_verification"),
    path(f"{RECORD}golongan/", register.classify, name="complaint_class"),
    path(f"{RECORD}subjek/", register.name_subject, name="complaint_subject"),
    path(f"{RECORD}tindak-lanjut/", register.begin, name="complaint_begin"),
    path(f"{RECORD}penerusan/", register.forward, name="complaint_forwarding"),
    path(f"{RECORD}jawaban/", register.answer, name="complaint_answer"),
    path(f"{RECORD}penolakan/", register.reject, name="complaint_rejection"),
    path(f"{RECORD}bukan-kewenangan/", register.disclaim, name="complaint_disclaimer"),
]
