"""Addresses of the own notifications and choices, and of the service worker."""

from django.urls import URLPattern, path

from sapa.notifications.views import choices, given_up, lists, worker

OWN = "akun/pemberitahuan/"
GIVEN_UP = "<str:office>/pengaturan/pekerjaan/kiriman/<int:delivery>/"

urlpatterns: list[URLPattern] = [
    path(OWN, lists.index, name="notifications"),
    path(OWN + "lonceng/", lists.bell, name="notification_bell"),
    path(OWN + "terbaru/", lists.latest, name="notification_latest"),
    path(OWN + "dilihat/", lists.see_all, name="notifications_seen"),
    path(OWN + "<int:notification>/", lists.show, name="notification"),
    path(OWN + "pilihan/", choices.index, name="notification_choices"),
    path(OWN + "perangkat/", choices.allow_device, name="notification_device"),
    path(
        OWN + "perangkat/<int:subscription>/hapus/", choices.forget_device, name="notification_device_removal"
    ),
    path(OWN + "alamat/", choices.trust_address, name="notification_address"),
    path(OWN + "berhenti/<str:link>/", choices.stop, name="notification_stop"),
    path(GIVEN_UP + "percobaan/", given_up.retry, name="settings_delivery_retry"),
    path(GIVEN_UP + "pembuangan/", given_up.drop, name="settings_delivery_drop"),
    path("sw.js", worker.script, name="service_worker"),
]
