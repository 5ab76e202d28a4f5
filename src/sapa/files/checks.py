"""Settings of files that contradict each other, named before the first person meets them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from sapa.files import clamd

# The message and the borders of the form around the file.
AROUND = 100_000


@register()
def settings_of_files(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """A file as large as SAPA_FILE_LIMIT_MB gets through, and SAPA_CLAMD names a place."""
    found: list[CheckMessage] = []
    if settings.BODY_LIMIT < settings.FILE_LIMIT + AROUND:
        least = settings.FILE_LIMIT + AROUND
        found.append(
            Error(
                "SAPA_BODY_LIMIT is smaller than a file may be (SAPA_FILE_LIMIT_MB).",
                hint=f"Leave SAPA_BODY_LIMIT out, or set it to at least {least}.",
                id="files.E001",
            )
        )
    if settings.CLAMD:
        try:
            clamd.target(settings.CLAMD)
        except ImproperlyConfigured as problem:
            found.append(Error(str(problem), id="files.E002"))
    return found
