"""Addresses of this package."""

from django.urls import URLPattern, path

from sapa.files import views

urlpatterns: list[URLPattern] = [
    path("berkas/<str:signed>/", views.show, name="file"),
]
