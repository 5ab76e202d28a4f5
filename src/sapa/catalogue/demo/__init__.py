"""The demonstration catalogue of Tulang Bawang and Lampung: written here, titles as an office would have them."""

from datetime import datetime
from pathlib import Path
from typing import Final

from sapa.catalogue import long_tables
from sapa.catalogue.loading import load_file
from sapa.offices.models import Office

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "figures"


def load(office: Office, *, at: datetime) -> None:
    """The office and those above it have their demonstration entries, absences and figures, marked as such."""
    for each in office.lineage():
        for file in sorted(HERE.glob(f"{each.code}-*.csv")):
            if not file.stem.endswith(FIGURES):
                load_file(each, file, at=at, is_demo=True)
        for file in sorted(HERE.glob(f"{each.code}-*{FIGURES}.csv")):
            long_tables.load(each, file.read_text(encoding="utf-8"), at=at)
