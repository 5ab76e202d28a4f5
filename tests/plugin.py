"""How the tests meet the machine: their databases, what they skip and why, servers of their own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests import machine, migrated

_folders: list[Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="only tests that use the database and no browser: what a second database engine is tried with",
    )


def pytest_configure(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="sapa-tests-", dir=machine.fast_folder()))
    _folders.append(folder)
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "sapa.core.sqlite":
        # A file, not ":memory:": threads and servers under test open connections of their own, and only a file has WAL.
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
    # Hundreds of accounts are made: the slow hash that protects real passwords would be most of the suite.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir()
    settings.FILES = folder / "files"
    settings.SEARCH_FOLDER = None  # in memory, up to date at every search
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_createdb: bool) -> bool:
    """The file that was copied is not emptied first. `--create-db` runs every migration in the tests' own process."""
    return connection.vendor == "sqlite" and not django_db_createdb


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_createdb: bool
) -> None:
    """The database of this process begins as a copy of the migrated one."""
    if django_db_createdb:
        return
    if connection.vendor == "sqlite":
        migrated.copy_to(Path(connection.settings_dict["TEST"]["NAME"]))
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.database()


@pytest.fixture(scope="module")
def kept_in_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a module's own fixtures write is there for every test of the module, and gone after the last one.

    It stands in a transaction around theirs, so none of them may ask for real transactions.
    """
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(autouse=True, scope="session")
def _tidy_up_quickly() -> Iterator[None]:
    """PostgreSQL empties a hundred small tables a hundred times sooner row by row than by TRUNCATE.

    Without its triggers the order of the tables does not matter; only a superuser may do that, as here.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(connection.ops, "sql_flush", deletions)
        yield


def deletions(style: object, tables: Iterable[str], **how: bool) -> list[str]:
    """What Django runs to empty the tables after a test that used real transactions."""
    assert not how.get("reset_sequences"), "sequences go on here"
    rows = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
    return ["SET LOCAL session_replication_role = replica", *rows]


def pytest_unconfigure(config: pytest.Config) -> None:
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        wanted = [item for item in items if _uses_database(item) and not item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
        items[:] = wanted
    for marker, reason in machine.reasons().items():
        for item in items:
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def _uses_database(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", ())
    return "db" in asked or "transactional_db" in asked or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server of this test process alone; mark the test `redis`."""
    program = machine.redis_server()
    assert program is not None, "tests that ask for redis_url carry the mark `redis`"
    folder = Path(tempfile.mkdtemp(prefix="sapa-redis-", dir="/tmp"))
    socket = folder / "socket"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        late = monotonic() + 10
        while not socket.exists():
            assert server.poll() is None, "redis-server did not start"
            assert monotonic() < late, "redis-server did not open its socket"
            sleep(0.02)
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def clamd_socket() -> Iterator[str]:
    """ClamAV's daemon of this test process alone, knowing two signatures of ours; mark the test `clamd`."""
    program = machine.clamd()
    assert program is not None, "tests that ask for clamd_socket carry the mark `clamd`"
    folder = Path(tempfile.mkdtemp(prefix="sapa-clamd-", dir="/tmp"))
    socket, signatures = folder / "socket", folder / "signatures"
    signatures.mkdir()
    eicar = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f:68:Eicar-Test-Signature:73"
    (signatures / "sapa.hsb").write_text(eicar + "\n")
    (signatures / "sapa.ndb").write_text(f"Sapa.Test.Harmful:0:*:{b'sapa-harmful-for-tests'.hex()}\n")
    config = folder / "clamd.conf"
    config.write_text(
        f"Foreground yes\nLocalSocket {socket}\nDatabaseDirectory {signatures}\nTemporaryDirectory {folder}\n"
        "StreamMaxLength 1M\nSelfCheck 86400\n"
    )
    said = (folder / "said").open("wb")
    server = subprocess.Popen([program, "--config-file", config], stdout=said, stderr=said)
    try:
        late = monotonic() + 30
        while not socket.exists():
            assert server.poll() is None, "clamd did not start: " + (folder / "said").read_text()
            assert monotonic() < late, "clamd did not open its socket: " + (folder / "said").read_text()
            sleep(0.02)
        yield str(socket)
    finally:
        server.terminate()
        server.wait()
        said.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser to drive; mark the test `browser`."""
    found = machine.chromium()
    assert found is not None, "tests that ask for chromium_path carry the mark `browser`"
    return found


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real files; mark the test `shared_data`."""
    found = machine.shared_data()
    assert found is not None, "tests that ask for shared_data carry the mark `shared_data`"
    return found
