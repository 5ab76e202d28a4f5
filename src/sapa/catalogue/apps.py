from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "sapa.catalogue"
    label = "catalogue"
