"""A database in which every migration has been run: made once, copied by whoever needs one.

Running all migrations on an empty database takes as long as a thousand tests, copying the result takes none. A copy is
as good as the original while no migration changes, so its name carries a fingerprint of them all. CI begins with an
empty folder and an empty server: there every run migrates an empty database of either kind once.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.apps import apps
from psycopg import sql

from tests.machine import ROOT


def folder() -> Path:
    """Where migrated files are kept from one run to the next; tests/runner.py gives CI an empty one."""
    return Path(os.environ.get("SAPA_TESTS_MIGRATED") or ROOT / ".pytest_cache" / "migrated")


def copy_to(target: Path) -> None:
    """`target` is a migrated SQLite database of its own."""
    shutil.copyfile(file(), target)


def file() -> Path:
    """The migrated SQLite database that is copied; made now if it is not there."""
    kept = folder()
    kept.mkdir(parents=True, exist_ok=True)
    ready = kept / f"{fingerprint()}.sqlite3"
    with alone(kept / "lock"):
        if not ready.exists():
            for old in kept.glob("*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory() as place:
                made = Path(place) / "made.sqlite3"
                migrate(f"sqlite:///{made}")
                # Under its name only when it is whole: a run may be stopped while it copies.
                shutil.copyfile(made, kept / "half")
                (kept / "half").rename(ready)
    return ready


def database() -> str:
    """The name of the migrated database on this PostgreSQL server; made now if it is not there."""
    name = f"sapa_migrated_{fingerprint()}"
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        # All workers come at once; the first one makes it, the lock ends with the connection.
        server.execute("SELECT pg_advisory_lock(hashtext('sapa_migrated'))")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            ready, half = sql.Identifier(name), sql.Identifier(f"{name}_half")
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(half))
            server.execute(sql.SQL("CREATE DATABASE {}").format(half))
            migrate(urlsplit(address)._replace(path=f"/{name}_half").geturl())
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(half, ready))
    return name


def migrate(address: str) -> None:
    """Every migration has been run on the empty database at this address, by the command that operators use."""
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "sapa", "migrate", "-v", "0"],
            cwd=ROOT,
            env=os.environ | {"SAPA_DATA": data, "DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr


@cache
def fingerprint() -> str:
    """Another one as soon as any migration or the program that runs them is another."""
    folders = (Path(each.path) / "migrations" for each in apps.get_app_configs())
    return fingerprint_of(path for each in folders for path in each.glob("*.py"))


def fingerprint_of(paths: Iterable[Path]) -> str:
    sum_of_all = hashlib.sha256(django.__version__.encode())
    for path in sorted(paths):
        own = hashlib.sha256(path.read_bytes()).hexdigest()
        sum_of_all.update(f"{path.parent.parent.name}/{path.name} {own}\n".encode())
    return sum_of_all.hexdigest()[:20]


@contextmanager
def meanwhile(environment: dict[str, str]) -> Iterator[None]:
    """Beside what is done inside, the database on the PostgreSQL server of `environment` is made; whoever needs it
    earlier waits for it, whoever finds it not made makes it."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.migrated"]
    nowhere, settings = subprocess.DEVNULL, {"DJANGO_SETTINGS_MODULE": "sapa.settings"}
    making = subprocess.Popen(command, cwd=ROOT, env=environment | settings, stdout=nowhere, stderr=nowhere)
    try:
        yield
    finally:
        making.terminate()
        making.wait()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Inside is one process at a time."""
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    django.setup()
    database()
