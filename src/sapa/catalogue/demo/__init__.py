"""The demonstration catalogue of Tulang Bawang and Lampung: written here, titles as an office would have them."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Final

from django_scopes import scope

from sapa.catalogue import long_tables
from sapa.catalogue.loading import load_file
from sapa.catalogue.models import Correspondence, Entry
from sapa.offices.models import Office

HERE: Final = Path(__file__).resolve().parent
FIGURES: Final = "figures"
CORRESPONDENCES: Final = HERE / "correspondences.csv"


def load(office: Office, *, at: datetime) -> None:
    """The office and those above it have their demonstration entries, absences and figures, marked as such."""
    for each in office.lineage():
        for file in sorted(HERE.glob(f"{each.code}-*.csv")):
            if not file.stem.endswith(FIGURES):
                load_file(each, file, at=at, is_demo=True)
        for file in sorted(HERE.glob(f"{each.code}-*{FIGURES}.csv")):
            long_tables.load(each, file.read_text(encoding="utf-8"), at=at)
        _load_correspondences(each, at)


def _load_correspondences(office: Office, at: datetime) -> None:
    """What became of the office's codes of KBLI 2020, as if an officer had looked at each."""
    with scope(office=office), CORRESPONDENCES.open(encoding="utf-8") as lines:
        codes = Entry.objects.filter(kind=Entry.Kind.CLASSIFICATION_CODE, version__startswith="KBLI")
        known = {
            (code, version): pk for code, version, pk in codes.values_list("external_id", "version", "pk")
        }
        found = [
            Correspondence(
                here_id=known[here], there_id=known[there], relation=row["relation"], confirmed_at=at
            )
            for row in csv.DictReader(lines)
            if (here := (row["here"], row["here_version"])) in known
            and (there := (row["there"], row["there_version"])) in known
        ]
        Correspondence.objects.bulk_create(found, ignore_conflicts=True)
