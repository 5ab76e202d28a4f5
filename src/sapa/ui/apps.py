"""The Django application of the look."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "sapa.ui"
    label = "ui"
