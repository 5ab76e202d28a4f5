"""The database that the tests copy is the one that the migrations of today make."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from tests import migrated, runner


def test_every_migration_has_been_run_on_it(tmp_path: Path) -> None:
    migrated.copy_to(tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        run = set(copy.execute("SELECT app, name FROM django_migrations"))
    assert run == set(MigrationLoader(None).disk_migrations)


def test_a_changed_line_or_a_new_migration_asks_for_another_one(tmp_path: Path) -> None:
    folder = tmp_path / "offices" / "migrations"
    folder.mkdir(parents=True)
    first, second = folder / "0001_first.py", folder / "0002_second.py"
    first.write_text("operations = []")
    found = [migrated.fingerprint_of([first])]
    second.write_text("operations = []")
    found += [migrated.fingerprint_of([first, second]), migrated.fingerprint_of([second, first])]
    second.write_text("operations = [1]")
    found.append(migrated.fingerprint_of([first, second]))
    assert found[1] == found[2]
    assert len(set(found)) == 3


def test_in_ci_an_empty_database_is_migrated(tmp_path: Path) -> None:
    home = str(tmp_path)
    assert runner.clean_environment(home, anew=True)["SAPA_TESTS_MIGRATED"] == f"{home}/migrated"
    assert "SAPA_TESTS_MIGRATED" not in runner.clean_environment(home, anew=False)
