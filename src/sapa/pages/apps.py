from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "sapa.pages"
    label = "pages"
