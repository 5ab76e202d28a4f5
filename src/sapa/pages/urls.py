"""Addresses of the landing page, the standard, the language switch, health, and the settings."""

from django.urls import URLPattern, path

from sapa.pages.views import landing, site
from sapa.pages.views.settings import institutions, office, people, room, times, work
from sapa.pages.views.standard import standard

SETTINGS = "<str:office>/pengaturan/"

urlpatterns: list[URLPattern] = [
    path("", landing.index, name="home"),
    path("bahasa/", site.language, name="set_language"),
    path("sehat/", site.health, name="health"),
    path("denyut/", site.pulse, name="pulse"),
    path("sumber/", site.source, name="source"),
    path("<str:office>/", landing.office, name="office"),
    path("<str:office>/standar/", standard, name="standard"),
    path(SETTINGS, office.index, name="settings"),
    path(SETTINGS + "standar/", office.standard, name="settings_standard"),
    path(SETTINGS + "hari-libur/", times.days_off, name="settings_holidays"),
    path(SETTINGS + "hari-libur/keputusan/", times.confirm_year, name="settings_decree"),
    path(
        SETTINGS + "hari-libur/<int:holiday>/pembatalan/",
        times.withdraw_day_off,
        name="settings_holiday_withdrawal",
    ),
    path(SETTINGS + "jam/", times.hours, name="settings_hours"),
    path(SETTINGS + "jam/<str:hours>/", times.week, name="settings_week"),
    path(SETTINGS + "jam/<int:hours>/hapus/", times.drop_week, name="settings_week_removal"),
    path(SETTINGS + "penutupan/", times.closures, name="settings_closures"),
    path(
        SETTINGS + "penutupan/<int:closure>/pembatalan/",
        times.withdraw_closure,
        name="settings_closure_withdrawal",
    ),
    path(SETTINGS + "meja/", room.desks, name="settings_desks"),
    path(SETTINGS + "meja/<int:desk>/", room.desk, name="settings_desk"),
    path(SETTINGS + "layanan/", room.services, name="settings_services"),
    path(SETTINGS + "layanan/<int:service>/", room.service, name="settings_service"),
    path(SETTINGS + "petugas/", people.index, name="settings_officers"),
    path(SETTINGS + "petugas/<int:officer>/peran/", people.change_role, name="settings_role"),
    path(SETTINGS + "petugas/<int:officer>/pemberhentian/", people.dismiss, name="settings_dismissal"),
    path(SETTINGS + "perangkat/", room.devices, name="settings_devices"),
    path(SETTINGS + "perangkat/<int:device>/", room.device, name="settings_device"),
    path(SETTINGS + "perangkat/<int:device>/pencabutan/", room.revoke_device, name="settings_revocation"),
    path(SETTINGS + "instansi/", institutions.index, name="settings_institutions"),
    path(
        SETTINGS + "instansi/<int:institution>/pengesahan/",
        institutions.confirm,
        name="settings_institution_confirmation",
    ),
    path(
        SETTINGS + "instansi/<int:institution>/nama/", institutions.rename, name="settings_institution_name"
    ),
    path(
        SETTINGS + "instansi/<int:institution>/penggabungan/",
        institutions.merge,
        name="settings_institution_merge",
    ),
    path(SETTINGS + "pekerjaan/", work.index, name="settings_work"),
    path(SETTINGS + "pekerjaan/<int:reaction>/percobaan/", work.retry, name="settings_work_retry"),
    path(SETTINGS + "antrean/", room.policy, name="settings_policy"),
]
