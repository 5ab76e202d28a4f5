"""The demonstration catalogue of Tulang Bawang and Lampung: written here, titles as an office would have them."""

from datetime import datetime
from pathlib import Path
from typing import Final

from sapa.catalogue.loading import load_file
from sapa.offices.models import Office

HERE: Final = Path(__file__).resolve().parent


def load(office: Office, *, at: datetime) -> None:
    """The office and those above it have their demonstration entries and absences, marked as such."""
    for each in office.lineage():
        for file in sorted(HERE.glob(f"{each.code}-*.csv")):
            load_file(each, file, at=at, is_demo=True)
