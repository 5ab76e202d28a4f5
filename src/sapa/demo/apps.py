"""The app of the demonstration: with SAPA_DEMO its clock may begin at another instant than the computer's."""

from datetime import UTC, datetime

from django.apps import AppConfig
from django.conf import settings

from sapa.core import time as present


class DemoConfig(AppConfig):
    name = "sapa.demo"
    label = "demo"

    def ready(self) -> None:
        """For screenshots: SAPA_DEMO_NOW=2026-11-24T10:40+07:00 is the instant at which the process starts."""
        if settings.DEMO and settings.DEMO_NOW:
            ahead = datetime.fromisoformat(settings.DEMO_NOW) - datetime.now(UTC)
            present.use(lambda: datetime.now(UTC) + ahead)
