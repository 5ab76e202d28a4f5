from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "sapa.meetings"
    label = "meetings"
