from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "sapa.roster"
    label = "roster"
