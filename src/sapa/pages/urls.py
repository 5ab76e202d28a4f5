"""Addresses of the landing page, the language switch, health, and the officer's workspace."""

from django.urls import URLPattern, path

from sapa.pages.views import landing, site
from sapa.pages.views.standard import standard

urlpatterns: list[URLPattern] = [
    path("", landing.index, name="home"),
    path("bahasa/", site.language, name="set_language"),
    path("sehat/", site.health, name="health"),
    path("<str:office>/", landing.office, name="office"),
    path("<str:office>/standar/", standard, name="standard"),
]
