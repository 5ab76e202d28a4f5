"""A Sapa with the million entries in one catalogue, and its index, kept in bench/out from run to run."""

import multiprocessing
import resource
import shutil
import time
from pathlib import Path
from typing import Any

from bench.search.corpus import Corpus
from bench.search.peers import OUT

SUBJECTS = [
    "Kependudukan",
    "Pertanian",
    "Harga",
    "Ketenagakerjaan",
    "Industri",
    "Pendidikan",
    "Kesehatan",
    "Keuangan",
]


def at_home_in(folder: Path) -> None:
    """Database, index and static files of this process are those of the folder, whatever the bench began with."""
    from django.conf import settings
    from django.db import connection

    settings.SEARCH_FOLDER, settings.STATIC_ROOT = folder / "search", folder / "static"
    connection.settings_dict["NAME"] = str(folder / "sapa.sqlite3")


def filled(corpus: Corpus) -> tuple[Path, float]:
    """The folder of a Sapa with the million entries, and the seconds that writing them took (0: they stood there)."""
    folder = OUT / f"search-{corpus.entries}"
    folder.mkdir(parents=True, exist_ok=True)
    at_home_in(folder)
    from django.core.management import call_command
    from django_scopes import scopes_disabled

    from sapa.catalogue.models import Entry
    from sapa.core.time import now
    from sapa.offices.models import Office
    from tests.cast import make_office

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with scopes_disabled():
        generated = Entry.objects.filter(external_id__gt="")
        if generated.count() == corpus.entries:
            return folder, 0.0
        Entry.objects.all().delete()
        shutil.rmtree(folder / "search", ignore_errors=True)
        if not Office.objects.filter(code="0000").exists():
            make_office()  # with the province and the nation above it
        began = time.perf_counter()
        insert(corpus, Entry(office=Office.objects.get(code="0000"), published_at=now()))
        return folder, time.perf_counter() - began


def indexed(folder: Path, *, again: bool) -> tuple[float, float] | None:
    """The index is there; the seconds and the most MiB of memory that making it took, in a process of its own."""
    from sapa.catalogue.search.store import FORM

    if not again and list((folder / "search").glob(f"{FORM}-*/upto")):
        return None
    began = time.perf_counter()
    process = multiprocessing.get_context("spawn").Process(target=_make, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 0
    took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _make(folder: Path) -> None:
    at_home_in(folder)
    from sapa.catalogue.search import keeping

    keeping.rebuild()


def insert(corpus: Corpus, like: Any) -> None:
    from django.db import connection, transaction

    fields = [field for field in like._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields]
    names = [field.column for field in fields]
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO catalogue_entry ({', '.join(names)}) VALUES ({places})"
    at = {name: names.index(name) for name in names}
    kinds = ["dynamic_table", "static_table", "publication", "press_release", "indicator"]
    rows = []
    with transaction.atomic(), connection.cursor() as cursor:
        for number, title in enumerate(corpus.titles()):
            row = list(values)
            row[at["title"]], row[at["external_id"]] = title, f"{number:07d}"
            row[at["kind"]] = "classification_code" if number % 20 == 0 else kinds[number % 5]
            row[at["version"]] = "KBKI 2015" if number % 20 == 0 else ""
            row[at["subject"]] = SUBJECTS[number % len(SUBJECTS)]
            row[at["level"]] = ("regency", "province", "district")[number % 3]
            row[at["year_from"]], row[at["year_until"]] = 2010 + number % 10, 2020 + number % 6
            rows.append(row)
            if len(rows) == 5_000:
                cursor.executemany(statement, rows)
                rows = []
        if rows:
            cursor.executemany(statement, rows)
