"""Addresses of the own account; signing in and up, and the second step, are allauth's."""

from django.urls import URLPattern, path

from sapa.people.views import account

urlpatterns: list[URLPattern] = [
    path("akun/", account.show, name="account"),
    path("akun/nama/", account.rename, name="account_name"),
]
