"""Which kinds of files are taken, and what a file is by its first bytes, whatever its name says."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A kind that is taken. `extensions` are those its name may have, the usual one first."""

    key: str
    media_type: str
    extensions: tuple[str, ...]
    label: str | Promise
    is_picture: bool = False


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."

KINDS: Final = {
    kind.key: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), _("a PDF document")),
        Kind("png", "image/png", ("png",), _("a PNG picture"), is_picture=True),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _("a JPEG picture"), is_picture=True),
        Kind("webp", "image/webp", ("webp",), _("a WebP picture"), is_picture=True),
        Kind("gif", "image/gif", ("gif",), _("a GIF picture"), is_picture=True),
        Kind("docx", _OFFICE + "wordprocessingml.document", ("docx",), _("a Word document")),
        Kind("xlsx", _OFFICE + "spreadsheetml.sheet", ("xlsx",), _("an Excel workbook")),
        Kind("pptx", _OFFICE + "presentationml.presentation", ("pptx",), _("a PowerPoint presentation")),
        Kind("odt", _OPEN + "text", ("odt",), _("an OpenDocument text")),
        Kind("ods", _OPEN + "spreadsheet", ("ods",), _("an OpenDocument spreadsheet")),
        Kind("csv", "text/csv", ("csv", "tsv"), _("a CSV table")),
        Kind("txt", "text/plain", ("txt",), _("a text file")),
    )
}
_BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in KINDS.values()}
BY_EXTENSION: Final = {extension: kind for kind in KINDS.values() for extension in kind.extensions}
# What a file field says it takes: a hint for the chooser of the browser, never a check.
ACCEPT: Final = ",".join(f".{extension}" for kind in KINDS.values() for extension in kind.extensions)

# first bytes, at which offset -> a kind that is taken
_TAKEN: Final = (
    (0, b"%PDF-", "pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
)
# first bytes, at which offset -> what it is called when it is refused
_REFUSED: Final = (
    (0, b"MZ", _("a Windows program")),
    (0, b"\x7fELF", _("a Linux program")),
    (0, b"\xca\xfe\xba\xbe", _("a program")),
    (0, b"\xcf\xfa\xed\xfe", _("a program")),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", _("a Windows shortcut")),
    (0, b"Rar!", _("an archive (RAR)")),
    (0, b"7z\xbc\xaf\x27\x1c", _("an archive (7z)")),
    (0, b"\x1f\x8b", _("an archive (gzip)")),
    (0, b"BZh", _("an archive (bzip2)")),
    (0, b"\xfd7zXZ\x00", _("an archive (xz)")),
    (257, b"ustar", _("an archive (tar)")),
    (0, b"II*\x00", _("a TIFF picture (save it as JPEG)")),
    (0, b"MM\x00*", _("a TIFF picture (save it as JPEG)")),
    (0, b"8BPS", _("a Photoshop picture")),
    (0, b"\x00\x00\x01\x00", _("an icon")),
    (0, b"SQLite format 3\x00", _("a database")),
    (0, b"ID3", _("a sound recording")),
    (0, b"OggS", _("a sound or video recording")),
    (0, b"\x1aE\xdf\xa3", _("a video recording")),
    (8, b"AVI ", _("a video recording")),
    (8, b"WAVE", _("a sound recording")),
    (0, b"SAS     ", _("a SAS file")),
    (0, b"$FL2", _("an SPSS file")),
    (0, b"PAR1", _("a Parquet file")),
)
HEAD: Final = 1024
ARCHIVE: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_named(media_type: str) -> Kind:
    """The kind of a file that was taken."""
    return _BY_MEDIA_TYPE[media_type]


def kind_of(head: bytes) -> Kind | None:
    """The kind that these first bytes belong to; office files and text need a longer look (content.py)."""
    for offset, mark, key in _TAKEN:
        if head.startswith(mark, offset) and (key != "webp" or head.startswith(b"RIFF")):
            return KINDS[key]
    return None


def stranger(head: bytes, *, is_text: bool) -> str | Promise:
    """What a file of a kind that is not taken is called; empty when it is not known."""
    if head.startswith(b"ftyp", 4):
        return _phone_picture(head[8:12])
    # A table may begin with the letters MZ (Mozambique): a program does not go on with letters only.
    for offset, mark, name in () if is_text else _REFUSED:
        if head.startswith(mark, offset):
            return name
    if head.startswith(b"#!"):
        return _("a script")
    if head.startswith(b"{\\rtf"):
        return _("an RTF document")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")):
        return _("a web page")
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        return _("an SVG or XML file")
    return ""


def _phone_picture(brand: bytes) -> str | Promise:
    if brand in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}:
        return _("a HEIC picture (save it as JPEG)")
    return _("an AVIF picture (save it as JPEG)") if brand in {b"avif", b"avis"} else _("a video recording")
