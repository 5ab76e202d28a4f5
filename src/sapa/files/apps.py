"""Files that people send: checked by content, quarantined until scanned, private by signed address."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "sapa.files"
    label = "files"

    def ready(self) -> None:
        from sapa.files import checks  # noqa: F401  registers itself
