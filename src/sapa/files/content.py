"""What a file is, by its content. Neither its name nor what the browser says of it is believed (ASVS 5.2)."""

import re
import zipfile
from dataclasses import dataclass
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.files import archives, kinds, names, pictures
from sapa.files.kinds import KINDS, Kind
from sapa.files.pictures import Picture

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True)
class Checked:
    kind: Kind
    picture: Picture | None = None


def check(file: IO[bytes], *, name: str) -> Checked:
    """What the file is. Refuses, with a sentence that says why and what to send instead, whatever is not of
    a kind we take, is not what its name says, is damaged, or would harm whoever opens it."""
    file.seek(0)
    head = file.read(kinds.HEAD)
    kind = _kind(file, head, names.extension_of(name))
    extension = names.extension_of(name)
    if extension and extension not in kind.extensions:
        raise Refused(
            _(
                "The name of this file ends in .%(extension)s, but it is %(what)s. Please send the original file."
            )
            % {"extension": extension[:12], "what": kind.label},
            code="not_what_it_says",
        )
    if kind.is_picture or kind.key == "pdf":
        _refuse_second_face(file)
    if kind.key == "pdf":
        _refuse_torn_pdf(file)
    return Checked(kind, pictures.look_at(file, kind.key) if kind.is_picture else None)


def _kind(file: IO[bytes], head: bytes, extension: str) -> Kind:
    known = kinds.kind_of(head)
    if known is not None:
        return known
    if head.startswith(kinds.ARCHIVE):
        kind, title = archives.kind_of(file)
        if kind is None:
            raise _not_taken(title)
        return kind
    if head.startswith(kinds.COMPOUND):
        raise Refused(
            _(
                "This is an Office file of before 2007, or one with a password."
                " Please save it as .docx, .xlsx or .pptx without a password."
            ),
            code="old_office",
        )
    title = kinds.stranger(head, is_text=_CONTROL_BYTES.search(head) is None)
    if title:
        raise _not_taken(title)
    if not _is_text(file):
        raise _not_taken(_("of a kind we do not know"))
    return KINDS["csv" if extension in KINDS["csv"].extensions else "txt"]


def _is_text(file: IO[bytes]) -> bool:
    """Readable in UTF-8, in UTF-16 with its mark, or in the old encoding of Windows, without control characters."""
    file.seek(0)
    content = file.read()
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return _CONTROL.search(content.decode(encoding)) is None
        except UnicodeDecodeError:
            continue
    return False


def _refuse_second_face(file: IO[bytes]) -> None:
    """A picture or PDF that is an archive, too, is read in two ways by two programs."""
    file.seek(0)
    if zipfile.is_zipfile(file):
        raise Refused(
            _("This file has an archive hidden behind it. Please save it anew and send that."),
            code="two_faces",
        )


def _refuse_torn_pdf(file: IO[bytes]) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Refused(
            _("This PDF is damaged or incomplete. Please save it anew and send that."), code="damaged"
        )


def _not_taken(title: str | Promise) -> Refused:
    return Refused(
        _(
            "This file is %(what)s, which we cannot take."
            " Please send a PDF, a picture, an Office file, CSV or text; several files one by one."
        )
        % {"what": title},
        code="kind_not_taken",
    )
