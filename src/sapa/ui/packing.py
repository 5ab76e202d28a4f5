"""Style sheets and scripts as they go over the wire: without remarks and indentation, and in one file what the pages of
a room load together. Made by `collectstatic`; with DEBUG the files are sent as they are (docs/decisions/0018)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STAFF: Final = ("ui/js/submit-once.js", "ui/js/live-region.js", "ui/js/count-down.js", "ui/js/shortcuts.js")
_TALK: Final = (
    "ui/js/conversation.js",
    "ui/js/keep-saved.js",
    "ui/js/copy-text.js",
    "files/file-picker.js",
)
JOINED: Final[dict[str, tuple[str, ...]]] = {
    "ui/css/page.css": ("ui/css/sapa.css", "ui/css/rare.css"),
    "ui/css/staff.css": ("ui/css/sapa.css", "ui/css/rare.css", "ui/css/desk.css"),
    # A conversation, at the client's and at the office's: the heaviest pages go without the rare elements.
    "ui/css/talk.css": ("ui/css/sapa.css", "ui/css/inbox.css"),
    "ui/css/case.css": ("ui/css/sapa.css", "ui/css/desk.css", "ui/css/inbox.css", "ui/css/figures.css"),
    "ui/js/staff.js": _STAFF,
    "ui/js/live.js": ("ui/js/live-region.js", "ui/js/count-down.js"),
    "ui/js/talk.js": _TALK,
    "ui/js/case.js": (*_STAFF, *_TALK, "ui/js/figure-cells.js"),
}
# Only what stands at the beginning of a line: inside a line it may be a part of an address or of a word.
_REMARK: Final = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?|^[ \t]*//[^\n]*\n", re.MULTILINE | re.DOTALL)
_INDENT: Final = re.compile(r"\n\s+")

Paths = dict[str, tuple[Storage, str]]


def slim(text: str) -> str:
    """The same rules or statements without the remarks that have lines of their own, and without indentation."""
    return _INDENT.sub("\n", _REMARK.sub("", text)).strip() + "\n"


def joined(name: str, parts: list[str]) -> str:
    """One file that does what its parts did. A script that fails still leaves the others working."""
    if name.endswith(".css"):
        return "".join(parts)
    return "".join(f"try{{\n{part}}}catch(e){{setTimeout(()=>{{throw e}})}}\n" for part in parts)


class PackedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Collected files: packed, then named by their content and compressed."""

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            self._pack(paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _pack(self, paths: Paths) -> None:
        ours = {each.label for each in apps.get_app_configs() if each.name.startswith("sapa.")}
        texts = {}
        for name, (storage, path) in paths.items():
            if name.endswith((".css", ".js")) and name.partition("/")[0] in ours and "/vendor/" not in name:
                with storage.open(path) as file:
                    texts[name] = slim(file.read().decode())
        for name, parts in JOINED.items():
            texts[name] = joined(name, [texts[part] for part in parts])
        for name, text in texts.items():
            self.delete(name)
            self._save(name, ContentFile(text.encode()))
            paths[name] = (self, name)
