from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sapa.notifications"
    label = "notifications"
