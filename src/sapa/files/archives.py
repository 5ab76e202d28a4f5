"""Office files are archives: what is inside, and whether opening it would be safe. Nothing is ever unpacked to disk."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import IO, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.files.kinds import ARCHIVE, KINDS, Kind

# A workbook of a whole province has a few hundred members; its sheets are text that packs 20 to 80 times.
MOST_MEMBERS: Final = 3_000
MOST_DIRECTORY_BYTES: Final = 1_000_000
MOST_EXPANDED_BYTES: Final = 200_000_000
MOST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 2_000_000
MOST_NESTED_BYTES: Final = 20_000_000
_BLOCK: Final = 256 * 1024
_OFFICE: Final = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
_OPEN: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# A member's name -> what such an archive is called
_OTHERS: Final = (
    ("AndroidManifest.xml", _("an Android app")),
    ("META-INF/MANIFEST.MF", _("a Java program")),
    ("META-INF/container.xml", _("an e-book")),
)


def kind_of(file: IO[bytes], *, nested: bool = False) -> tuple[Kind | None, str | Promise]:
    """The kind of office file, or None and what the archive is called. Refuses what is damaged, locked, a bomb,
    or holds macros or further archives, except the workbooks behind the charts of a document."""
    try:
        with zipfile.ZipFile(_bounded(file)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, OSError) as problem:
        raise _damaged() from problem
    _refuse_bomb(members, file)
    names = {member.filename for member in members}
    heads: dict[str, bytes] = {}
    for member in members:
        head = _content(file, member, keep=4096 if member.filename == "mimetype" else 4)
        heads[member.filename] = head
        if head.startswith(ARCHIVE):
            _look_into(file, member, nested=nested)
    _refuse_macros(names)
    if "[Content_Types].xml" in names:
        types = _content(file, archive.getinfo("[Content_Types].xml"), keep=MOST_DIRECTORY_BYTES)
        return _office_kind(types.replace(b"\0", b"")), _("an archive (ZIP)")
    if "mimetype" in names:
        return _open_kind(file, archive, heads["mimetype"].strip()), _("another OpenDocument file or e-book")
    return None, next((title for name, title in _OTHERS if name in names), _("an archive (ZIP)"))


def _bounded(file: IO[bytes]) -> IO[bytes]:
    """The file again, when the list of its members is short enough to be read at all."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        raise _damaged()
    count, directory = struct.unpack_from("<HI", tail, found + 10)
    if count > MOST_MEMBERS or directory > MOST_DIRECTORY_BYTES:
        raise _bomb()
    file.seek(0)
    return file


def _refuse_bomb(members: list[zipfile.ZipInfo], file: IO[bytes]) -> None:
    """Refuse by what the list of members says; `_content` sees to it that the list says the truth."""
    size = file.seek(0, 2)
    expanded = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or expanded > MOST_EXPANDED_BYTES:
        raise _bomb()
    if expanded > RATIO_COUNTS_FROM and expanded > MOST_RATIO * size:
        raise _bomb()
    places = sorted((member.header_offset, member.header_offset + member.compress_size) for member in members)
    if any(end > begin for (_first, end), (begin, _last) in pairwise(places)):
        raise _bomb()  # members that share their bytes: a small file that expands without end
    for member in members:
        if member.flag_bits & 0x1:
            raise _locked()
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _damaged()
        if ".." in member.filename.split("/") or member.filename.startswith("/"):
            raise _damaged()
    if len({member.filename.lower() for member in members}) < len(members):
        raise _damaged()  # two readers would see two different documents


def _content(file: IO[bytes], member: zipfile.ZipInfo, *, keep: int) -> bytes:
    """The first `keep` bytes of a member. All of it is expanded and forgotten: it must be as long as it says."""
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(ARCHIVE):
        raise _damaged()
    file.seek(sum(struct.unpack_from("<HH", header, 26)), 1)
    kept, size, checksum = bytearray(), 0, 0
    for piece in _pieces(file, member):
        kept += piece[: max(0, keep - len(kept))]
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if size > member.file_size:
            raise _bomb()
    if size != member.file_size or checksum != member.CRC:
        raise _damaged()
    return bytes(kept)


def _pieces(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member expands to, never more than a block at a time."""
    blocks = _blocks(file, member.compress_size)
    if member.compress_type == zipfile.ZIP_STORED:
        yield from blocks
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in blocks:
            waiting, is_full = block, True
            while (waiting or is_full) and not inflater.eof:
                piece = inflater.decompress(waiting, _BLOCK)
                waiting, is_full = inflater.unconsumed_tail, len(piece) == _BLOCK
                yield piece
    except zlib.error as problem:
        raise _damaged() from problem


def _blocks(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        block = file.read(min(size, _BLOCK))
        if not block:
            raise _damaged()
        size -= len(block)
        yield block


def _look_into(file: IO[bytes], member: zipfile.ZipInfo, *, nested: bool) -> None:
    """An archive inside: one level of office files behind charts is usual, anything else is not."""
    folder = member.filename.rpartition("/")[0]
    if nested or not folder.endswith("/embeddings") or member.file_size > MOST_NESTED_BYTES:
        raise Refused(
            _(
                "This document has another archive inside, which we cannot check. Please send the parts one by one."
            ),
            code="nested_archive",
        )
    kind, _title = kind_of(BytesIO(_content(file, member, keep=member.file_size)), nested=True)
    if kind is None:
        raise Refused(
            _(
                "This document has another archive inside, which we cannot check. Please send the parts one by one."
            ),
            code="nested_archive",
        )


def _refuse_macros(names: set[str]) -> None:
    for name in names:
        low = name.lower()
        basic = low.startswith("basic/") and not low.endswith(("/", "script-lb.xml", "script-lc.xml"))
        scripts = low.startswith("scripts/") and not low.endswith("/")
        if "vbaproject" in low or "/macrosheets/" in low or basic or scripts:
            raise _macros()


def _office_kind(types: bytes) -> Kind | None:
    if b"macroenabled" in types.lower():
        raise _macros()
    found = [key for mark, key in _OFFICE.items() if mark in types]
    return KINDS[found[0]] if len(found) == 1 else None


def _open_kind(file: IO[bytes], archive: zipfile.ZipFile, media_type: bytes) -> Kind | None:
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = _content(file, archive.getinfo("META-INF/manifest.xml"), keep=MOST_DIRECTORY_BYTES)
        if b"encryption-data" in manifest:
            raise _locked()
    return KINDS[_OPEN[media_type]] if media_type in _OPEN else None


def _damaged() -> Refused:
    return Refused(
        _("This file is damaged or incomplete. Please open it yourself, save it anew and send that."),
        code="damaged",
    )


def _bomb() -> Refused:
    return Refused(
        _("This file would become far too large when it is opened. Please send a smaller one, or as a PDF."),
        code="bomb",
    )


def _locked() -> Refused:
    return Refused(
        _(
            "This file is locked with a password, so we cannot check it. Please remove the password and send it again."
        ),
        code="locked",
    )


def _macros() -> Refused:
    return Refused(
        _(
            "This document has macros (small programs). Please save it without macros, or as a PDF, and send that."
        ),
        code="macros",
    )
