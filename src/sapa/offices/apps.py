from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "sapa.offices"
    label = "offices"
