"""Addresses of the search and of what it finds."""

from django.urls import URLPattern, path

from sapa.catalogue.views import codes, entries, failing, lists, numbers, picking, searching, sources, wording

CODES = "<str:office>/pengaturan/klasifikasi/"
SOURCES = "<str:office>/pengaturan/sumber/"

urlpatterns: list[URLPattern] = [
    path("<str:office>/cari/", searching.show, name="search"),
    path("<str:office>/cari/saran/", searching.suggestions, name="search_suggestions"),
    path("<str:office>/cari/tanggapan/", searching.respond, name="search_response"),
    path("<str:office>/cari/terjawab/", searching.thanks, name="search_thanks"),
    path("<str:office>/katalog/<int:entry>/", entries.show, name="catalogue_entry"),
    path("<str:office>/pengaturan/sumber/berkas/", lists.load, name="settings_lists"),
    path("<str:office>/pengaturan/sumber/ketiadaan.xlsx", lists.absences, name="settings_absences"),
    path(CODES, codes.index, name="settings_correspondences"),
    path(f"{CODES}pasti/", codes.confirmed, name="settings_correspondences_confirmed"),
    path(f"{CODES}usulan/", codes.suggest, name="settings_correspondence_suggestions"),
    path(
        f"{CODES}<int:correspondence>/konfirmasi/", codes.confirm, name="settings_correspondence_confirmation"
    ),
    path(f"{CODES}<int:correspondence>/penolakan/", codes.refuse, name="settings_correspondence_refusal"),
    path("<str:office>/katalog/<int:entry>/angka/", numbers.show, name="catalogue_numbers"),
    path("<str:office>/katalog/<int:entry>/angka.csv", numbers.csv, name="catalogue_numbers_csv"),
    path("<str:office>/katalog/<int:entry>/angka.xlsx", numbers.xlsx, name="catalogue_numbers_xlsx"),
    path(SOURCES, sources.index, name="settings_sources"),
    path(f"{SOURCES}<int:source>/", sources.show, name="settings_source"),
    path(f"{SOURCES}baru/<str:kind>/", sources.new, name="settings_source_new"),
    path(f"{SOURCES}<int:source>/jeda/", sources.pause, name="settings_source_pause"),
    path(f"{SOURCES}<int:source>/pembacaan/", sources.read, name="settings_source_reading"),
    path(f"{SOURCES}<int:source>/penghapusan/", sources.remove, name="settings_source_removal"),
    # Before the inbox's own addresses: a part of its composer.
    path("<str:office>/kotak-masuk/katalog/", picking.show, name="catalogue_pick"),
    path(
        "<str:office>/kotak-masuk/katalog/<int:entry>/angka/", picking.numbers, name="catalogue_pick_numbers"
    ),
    path("<str:office>/pencarian-gagal/", failing.show, name="search_failures"),
    path("<str:office>/pencarian-gagal/kata/", failing.word, name="failure_word"),
    path("<str:office>/pencarian-gagal/tidak-tersedia/", failing.absence, name="failure_absence"),
    path("<str:office>/pencarian-gagal/entri/", failing.entry, name="failure_entry"),
    path("<str:office>/pencarian-gagal/selesai/", failing.settlement, name="failure_settlement"),
    path(
        "<str:office>/pencarian-gagal/selesai/<int:settled>/pembatalan/",
        failing.reopening,
        name="failure_reopening",
    ),
    path("<str:office>/kata-kata/", wording.show, name="words"),
    path("<str:office>/kata-kata/padam/", wording.switching, name="word_switching"),
    path("<str:office>/kata-kata/<int:rule>/", wording.removal, name="word_removal"),
]
