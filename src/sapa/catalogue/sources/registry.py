"""The kinds of sources by name; a reader is imported when it is asked for."""

from typing import Final

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.catalogue.sources.base import Reader
from sapa.core.errors import Refused

# A new kind: a folder with a READER, and a line in both tables.
READERS: Final[dict[str, str]] = {
    "webapi": "sapa.catalogue.sources.webapi.reader.READER",
    "file": "sapa.catalogue.sources.files.reader.READER",
    "ckan": "sapa.catalogue.sources.ckan.reader.READER",
    "sdmx": "sapa.catalogue.sources.sdmx.reader.READER",
}
NAMES: Final = {
    "webapi": gettext_lazy("BPS WebAPI"),
    "file": gettext_lazy("File (CSV, XLSX)"),
    "ckan": gettext_lazy("Data portal (CKAN)"),
    "sdmx": gettext_lazy("SDMX service"),
}


def reader_of(kind: str) -> Reader:
    """The reader of this kind. Refused when there is none."""
    path = READERS.get(kind)
    if path is None:
        known = ", ".join(READERS)
        raise Refused(
            _("There is no kind of source called “%(kind)s”. Known are: %(known)s.")
            % {"kind": kind[:40], "known": known},
            code="kind",
        )
    found: Reader = import_string(path)
    return found
