"""Addresses of `reports`."""

from django.urls import URLPattern, path

from sapa.reports.views import pages

urlpatterns: list[URLPattern] = [
    path("<str:office>/laporan/", pages.index, name="reports"),
    path("<str:office>/laporan/janji/", pages.promise, name="promise_report"),
    path("<str:office>/laporan/daring/", pages.online, name="online_report"),
    path("<str:office>/laporan/skm/", pages.skm, name="skm_report"),
    path("<str:office>/laporan/kunjungan/", pages.visits, name="visits_report"),
    path("<str:office>/laporan/pengaduan/", pages.complaints, name="complaints_report"),
]
