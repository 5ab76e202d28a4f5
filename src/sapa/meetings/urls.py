"""Addresses of appointments: the client's page, the officer's page, the settings."""

from django.urls import URLPattern, path

from sapa.meetings.views import case, client, settings

CLIENT = "<str:office>/konsultasi/<str:token>/pertemuan/"
CASE = "<str:office>/kotak-masuk/<str:code>/pertemuan/"

urlpatterns: list[URLPattern] = [
    path(CLIENT, client.choose, name="meeting_choose"),
    path(CLIENT + "keadaan/", client.state, name="meeting_state"),
    path(CLIENT + "janji/", client.book, name="meeting_book"),
    path(CLIENT + "pembatalan/", client.cancel, name="meeting_cancel"),
    path(CLIENT + "kedatangan/", client.arrive, name="meeting_arrive"),
    path(CLIENT + "pertemuan.ics", client.entry, name="meeting_ics"),
    path(CASE, case.show, name="case_meeting"),
    path(CASE + "keadaan/", case.state, name="case_meeting_state"),
    path(CASE + "undangan/", case.offer, name="case_meeting_offer"),
    path(CASE + "janji/", case.book, name="case_meeting_booking"),
    path(CASE + "cara/", case.change_way, name="case_meeting_way"),
    path(CASE + "percobaan/", case.retry, name="case_meeting_retry"),
    path(CASE + "pembatalan/", case.cancel, name="case_meeting_cancellation"),
    path(CASE + "hasil/", case.outcome, name="case_meeting_outcome"),
    path("<str:office>/pengaturan/pertemuan/", settings.edit, name="settings_meetings"),
]
