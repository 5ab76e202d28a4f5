from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "sapa.activity"
    label = "activity"
