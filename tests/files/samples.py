"""Files to send, made here: whole ones of each kind, and such as nobody should send."""

import random
import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
# In two halves, so that no scanner on a developer's computer takes this file away.
EICAR = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").ljust(68)


def sent(name: str, content: bytes, media_type: str = "application/octet-stream") -> SimpleUploadedFile:
    """What a browser would send; `media_type` is what it claims."""
    return SimpleUploadedFile(name, content, content_type=media_type)


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    written = BytesIO()
    image = (
        Image.effect_noise(size, 60).convert("RGB")
        if size[0] * size[1] < 1_000_000
        else Image.new("RGB", size)
    )
    image.save(written, kind, **options)
    return written.getvalue()


def archive(members: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return written.getvalue()


def office(main: str = WORD, part: str = "word/document.xml", **more: bytes) -> bytes:
    """An office file of 2007 or later; `more` adds members, their names with `__` for `/` and `_` for `.`."""
    extra = {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    types = f'<Types><Override PartName="/{part}" ContentType="{main}"/></Types>'.encode()
    return archive({"[Content_Types].xml": types, part: b"<document>Inflasi</document>", **extra})


def open_document(kind: str = "text", /, **members: bytes) -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}".encode()
    whole = {"mimetype": media_type, "content.xml": b"<content/>", "META-INF/manifest.xml": b"<manifest/>"}
    return archive(whole | members, stored=("mimetype", "content.xml"))


def pdf(text: bytes = b"Inflasi") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\n"
        + text
        + b"\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def bomb_of_ratio(size: int = 60_000_000) -> bytes:
    """A Word document of some kilobytes that is 60 MB of nothing when it is opened."""
    return office(word__media__leer_xml=b"\0" * size)


def liar_about_size() -> bytes:
    """A document one of whose members says that it is short, and is not."""
    whole = bytearray(office(word__long_xml=b"A" * 5_000_000))
    said, lie = struct.pack("<I", 5_000_000), struct.pack("<I", 5)
    return bytes(whole.replace(said, lie))


def overlapping() -> bytes:
    """Members that share their bytes (the zip bomb of 2019): each says that it begins where another does."""
    members = {
        "[Content_Types].xml": WORD.encode(),
        "word/document.xml": bytes(random.Random(1).randbytes(5_000)),
    }
    whole = archive(members)
    directory = whole.rindex(b"PK\x01\x02")
    return whole[: directory + 42] + struct.pack("<I", 0) + whole[directory + 46 :]


def picture_of_many_points(width: int, height: int) -> bytes:
    """A PNG of some bytes that claims to be as large as that."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
