from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "sapa.consultations"
    label = "consultations"
