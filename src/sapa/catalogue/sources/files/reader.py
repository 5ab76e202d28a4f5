"""A file as a source: looked through whole, then told in pages; nothing of it is told while anything is wrong."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import ABSENCE, Item, Page, SourceError
from sapa.catalogue.sources.checking import unknown
from sapa.catalogue.sources.files.layouts import Layout, layout_of, problems_of
from sapa.catalogue.sources.files.records import Looked, Record, Records
from sapa.offices.marked_yaml import FileRefused

KNOWN: Final = ("path", "mapping")
AT_ONCE: Final = 1_000


class FileReader:
    """Config: `path` of the file, and a `mapping` where its first line does not say what it is.

    The file always tells everything: `since` makes no difference."""

    def check(self, config: Mapping[str, Any]) -> list[str]:
        """What is wrong with this configuration, a sentence each."""
        found = unknown(config, KNOWN)
        if not config.get("path") or not isinstance(config["path"], str):
            found.append(_("“path” says where the file lies."))
        elif not Path(config["path"]).is_file():
            found.append(
                _("There is no file %(name)s. Put it there, or upload it anew.")
                % {"name": Path(config["path"]).name}
            )
        mapping = config.get("mapping")
        if mapping is not None:
            found += problems_of(mapping)
        return found

    def hurried(self) -> "FileReader":
        """A file answers at once."""
        return self

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        """The rows of the file, a thousand a page; with mistakes one page that tells them, then the refusal."""
        layout = layout_of(config["mapping"]) if config.get("mapping") else None
        path = Path(config["path"])
        try:
            with path.open("rb") as file, closing(Records(file, layout)) as records:
                yield from _told(path, file, records, layout, cursor)
        except OSError as error:
            raise SourceError(
                _("The file %(name)s cannot be read: %(reason)s")
                % {"name": path.name, "reason": error.strerror or ""},
                permanent=False,
            ) from error


def _told(
    path: Path, file: BinaryIO, records: Records, layout: Layout | None, cursor: Mapping[str, Any]
) -> Iterator[Page]:
    known = path.stat()
    mark = f"{known.st_size} {known.st_mtime_ns}"
    goes_on = cursor.get("mark") == mark
    after = int(cursor.get("line", 0)) if goes_on else 0
    done = int(cursor.get("rows", 0)) if goes_on else 0
    total = int(cursor.get("total", 0)) if goes_on else 0
    if not goes_on or cursor.get("looks"):
        try:
            looked = records.look()
        except FileRefused as refusal:
            sentences = tuple(str(problem) for problem in refusal.problems)
            yield Page((), {}, problems=sentences, failed=len(sentences), what=path.name)
            raise SourceError(
                _(
                    "The file %(name)s has mistakes: nothing of it was taken over. Mend it, then read it again."
                )
                % {"name": path.name},
                permanent=True,
            ) from refusal
        total = looked.rows
        looks = _must_look(looked)
        if done == 0 and looked.notes:
            yield Page((), {}, problems=_notes(looked), what=path.name)
    else:
        looks = False
    rows = records.read(after=after)
    while part := list(islice(rows, AT_ONCE)):
        done += len(part)
        items = tuple(_item(record) for record in part)
        place = {"mark": mark, "line": part[-1].line, "rows": done, "total": total}
        place |= {"looks": looks}
        # The file tells everything that its source has to tell, of whatever kind.
        ends = (*Entry.Kind.values, ABSENCE) if done >= total else ()
        yield Page(items, place, ends=ends, done=done, total=total, what=path.name)


def _must_look(looked: Looked) -> bool:
    """Whether whoever goes on must know all the codes: for who is whose parent, and what comes twice."""
    return bool(looked.layout.parents or looked.notes)


def _notes(looked: Looked) -> tuple[str, ...]:
    left = looked.notes_left
    more = [_("… and %(number)s more lines.") % {"number": str(left)}] if left else []
    return (*looked.notes, *more)


def _item(record: Record) -> Item:
    values = dict(record.values)
    if "indicator" in values:
        return Item(ABSENCE, "", values)
    kind, number, version = (values.pop(name) for name in ("kind", "external_id", "version"))
    return Item(kind, number, values, version=version, parent_code=record.parent_code)


READER: Final = FileReader()
