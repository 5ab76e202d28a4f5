"""Addresses of `feedback`."""

from django.urls import URLPattern, path

from sapa.feedback.views import complaints, rating, register, tablet

urlpatterns: list[URLPattern] = [
    path("<str:office>/penilaian/<str:token>/", rating.show, name="rating"),
    path("<str:office>/tiket/<str:token>/penilaian/", rating.of_ticket, name="ticket_rating"),
    path("<str:office>/tablet/<str:device>/", tablet.show, name="rating_tablet"),
    path("<str:office>/pengaduan/", complaints.create, name="complaint"),
    path("<str:office>/pengaduan/cari/", complaints.find, name="complaint_find"),
    path("<str:office>/pengaduan/<str:code>/", complaints.follow, name="complaint_follow"),
    path("<str:office>/register-pengaduan/", register.index, name="complaints"),
    path("<str:office>/register-pengaduan/<str:code>/", register.show, name="complaint_record"),
    path(
        "<str:office>/register-pengaduan/<str:code>/verifikasi/",
        register.verify,
        name="complaint_verification",
    ),
    path("<str:office>/register-pengaduan/<str:code>/jawaban/", register.answer, name="complaint_answer"),
    path(
        "<str:office>/register-pengaduan/<str:code>/penolakan/", register.reject, name="complaint_rejection"
    ),
]
