from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "sapa.reports"
    label = "reports"
