"""The catalogue that the questions are judged on: the demonstration's, with the whole of KBLI 2020 and KBJI 2014."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django_scopes import scopes_disabled

from sapa.catalogue import demo
from sapa.catalogue.loading import load_file
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import keeping
from sapa.core.time import use
from sapa.offices.models import Office
from tests.cast import make_office

CLASSIFICATIONS: Final = ("kbli2020.csv", "kbji2014.csv")
AT: Final = datetime(2026, 11, 23, 3, tzinfo=UTC)


def filled(shared_data: Path) -> Office:
    """The office of Tulang Bawang in a database that holds nothing but its tree and the catalogues."""
    at_its_time()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    office = loaded(make_office(), shared_data)
    keeping.rebuild()
    return office


def again() -> Office:
    """The office as the run before left it in SAPA_DATA, its tables brought up to date and its index made anew."""
    at_its_time()
    call_command("migrate", verbosity=0)
    with scopes_disabled():
        office = Office.objects.get(code="1808")
    keeping.rebuild()
    return office


def at_its_time() -> None:
    """What is newest ("terbaru") and "5 tahun terakhir" count from the catalogue's time, in whatever year this runs."""
    use(lambda: AT)


def loaded(office: Office, shared_data: Path) -> Office:
    """The office with the demonstration's catalogue, the nation with both classifications."""
    demo.load(office, at=AT)
    nation = list(office.lineage())[-1]
    for name in CLASSIFICATIONS:
        load_file(nation, shared_data / "classifications" / name, at=AT)
    return office


def rows() -> list[Entry | Absence]:
    """Everything that can be found."""
    with scopes_disabled():
        entries = Entry.objects.filter(published_at__isnull=False, withdrawn_at=None).order_by("pk")
        absences = Absence.objects.filter(withdrawn_at=None).order_by("pk")
        return [*entries, *absences]
