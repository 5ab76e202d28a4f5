from django.apps import AppConfig


class FrontdeskConfig(AppConfig):
    name = "sapa.frontdesk"
    label = "frontdesk"
