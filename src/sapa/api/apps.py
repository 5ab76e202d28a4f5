from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "sapa.api"
    label = "api"
