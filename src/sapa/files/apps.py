from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "sapa.files"
    label = "files"
