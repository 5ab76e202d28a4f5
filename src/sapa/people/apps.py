from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sapa.people"
    label = "people"
