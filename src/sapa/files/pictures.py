"""Pictures: whether they are whole, how large, and a small copy of our own making without anything hidden in it."""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

# A telephone's camera makes 12 to 50 million points. A few bytes can claim to be as many: what is decoded whole
# (PNG, WebP, GIF; a JPEG is shrunk while it is read) stays below 16 million, 64 MB of memory.
MOST_POINTS: Final = 64_000_000
MOST_DECODED_POINTS: Final = 16_000_000
THUMBNAIL_POINTS: Final = 480
_FORMATS: Final = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
# One at a time: eight threads that decode at once would need more memory than a small computer has.
_decoding: Final = threading.Lock()


@dataclass(frozen=True)
class Thumbnail:
    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    thumbnail: Thumbnail | None


def look_at(file: IO[bytes], key: str) -> Picture:
    """Size and small copy of a picture of kind `key`. Refuses what is damaged or has too many points."""
    from PIL import Image

    # The limit is our own, below: theirs would warn first and speak of an attack.
    Image.MAX_IMAGE_PIXELS = None
    try:
        file.seek(0)
        with Image.open(file, formats=[_FORMATS[key]]) as image:
            width, height = image.size
            if width * height > MOST_POINTS:
                raise Refused(
                    _(
                        "This picture has more than %(millions)s million points."
                        " Please make it smaller and send it again."
                    )
                    % {"millions": MOST_POINTS // 1_000_000},
                    code="too_many_points",
                )
            # A progressive JPEG is only complete when all of it has been read: it cannot be shrunk on the way.
            shrinks = key == "jpeg" and not image.info.get("progressive")
            if not shrinks and width * height > MOST_DECODED_POINTS:
                image.verify()
                return Picture(width, height, None)
            with _decoding:
                return Picture(width, height, _shrink(image))
    except Refused:
        raise
    except Exception as problem:
        # A decoder that is fed nonsense fails in many ways; each of them means that the picture is not whole.
        raise Refused(
            _("This picture is damaged or incomplete. Please send it again."), code="damaged"
        ) from problem


def _shrink(image: "Opened") -> Thumbnail:
    """The picture as it would hang on the wall, at most THUMBNAIL_POINTS wide and high, without its metadata."""
    from PIL import Image, ImageOps

    most = (THUMBNAIL_POINTS, THUMBNAIL_POINTS)
    image.draft("RGB", most)
    turned = ImageOps.exif_transpose(image)
    has_holes = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    plain = turned.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail(most, Image.Resampling.LANCZOS)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    written = BytesIO()
    bare.save(written, "WEBP", quality=72, method=4)
    return Thumbnail(written.getvalue(), *bare.size)
