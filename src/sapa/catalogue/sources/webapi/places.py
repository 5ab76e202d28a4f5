"""The site of an office at BPS: its domain, what area it stands for, and where its pages are."""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from typing import Final

from sapa.catalogue import regions
from sapa.catalogue.models import Level

NATION: Final = "0000"
# What BPS's own addresses of tables call the kinds of tables.
STATIC, DYNAMIC = 1, 2
_UNSLUGGED: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Domain:
    """A site of BPS: `code` 1808, `url` https://tulangbawangkab.bps.go.id."""

    code: str
    name: str
    url: str

    @property
    def region_code(self) -> str:
        """The code of BPS of its area; blank for the nation."""
        return "" if self.code == NATION else self.code.removesuffix("00")

    @property
    def level(self) -> str:
        """How large the area is for which it speaks."""
        if self.code == NATION:
            return Level.NATIONAL
        return Level.PROVINCE if self.code.endswith("00") else Level.REGENCY

    @property
    def area(self) -> str:
        """The name of the area as people read it."""
        region = regions.by_bps(self.region_code)
        if region is None:
            return "Indonesia" if self.code == NATION else self.name
        return f"Provinsi {region.name}" if region.kind == "province" else region.name

    @property
    def kemendagri(self) -> str:
        region = regions.by_bps(self.region_code)
        return region.kemendagri if region else ""

    @property
    def producer(self) -> str:
        return "Badan Pusat Statistik" if self.code == NATION else f"BPS {self.area}"

    @property
    def mfd(self) -> str:
        """The seven digits of the master file of areas, as SIMDASI wants them."""
        return self.code.ljust(7, "0")


def table_url(domain: Domain, language: str, kind: int, number: str, title: str) -> str:
    """The page of a table: its number and kind stand there in base64, as the WebAPI's own hash_id shows."""
    hashed = b64encode(f"{number}#{kind}".encode()).decode()
    return f"{domain.url}/{language}/statistics-table/{kind}/{hashed}/{slug(title)}.html"


def dated_url(domain: Domain, language: str, model: str, day: date | None, number: str, title: str) -> str:
    """The page of a publication or press release; the site's first page when its day is unknown."""
    if day is None:
        return domain.url
    return f"{domain.url}/{language}/{model}/{day:%Y/%m/%d}/{number}/{slug(title)}.html"


def slug(title: str) -> str:
    """The title as it stands in an address."""
    return _UNSLUGGED.sub("-", title.casefold()).strip("-")[:120] or "-"
