"""Addresses of the search and of what it finds."""

from django.urls import URLPattern, path

from sapa.catalogue.views import codes, entries, picking, searching

CODES = "<str:office>/pengaturan/klasifikasi/"

urlpatterns: list[URLPattern] = [
    path("<str:office>/cari/", searching.show, name="search"),
    path("<str:office>/cari/tanggapan/", searching.respond, name="search_response"),
    path("<str:office>/cari/terjawab/", searching.thanks, name="search_thanks"),
    path("<str:office>/katalog/<int:entry>/", entries.show, name="catalogue_entry"),
    path(CODES, codes.index, name="settings_correspondences"),
    path(f"{CODES}usulan/", codes.suggest, name="settings_correspondence_suggestions"),
    path(
        f"{CODES}<int:correspondence>/konfirmasi/", codes.confirm, name="settings_correspondence_confirmation"
    ),
    path(f"{CODES}<int:correspondence>/penolakan/", codes.refuse, name="settings_correspondence_refusal"),
    # Before the inbox's own addresses: a part of its composer.
    path("<str:office>/kotak-masuk/katalog/", picking.show, name="catalogue_pick"),
]
