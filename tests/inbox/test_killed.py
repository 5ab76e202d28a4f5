"""Web process and worker are killed at random moments while people write: nothing acknowledged is lost.

The short version of `bin/bench faults` (docs/faults.md): the same real processes, three rounds.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.beside import address_of_this_database
from tests.machine import ROOT

FAULTS = (
    "lost",
    "double",
    "out_of_order",
    "gaps",
    "without_event",
    "without_news",
    "fired_twice",
    "stuck",
    "given_up",
    "half_written",
    "refused",
    "server_errors",
)


@pytest.mark.django_db(transaction=True)
def test_after_three_rounds_of_killing_every_message_is_there_once_and_every_clock_has_fired(
    tmp_path: Path,
) -> None:
    (tmp_path / "static").mkdir()
    connection.close()
    done = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--rounds", "3", "--talks", "2", "--json"],
        cwd=ROOT,
        env=os.environ | {"SAPA_DATA": str(tmp_path), "DATABASE_URL": address_of_this_database()},
        capture_output=True,
        check=False,
    )
    assert done.stdout, done.stderr.decode()
    found: Any = json.loads(done.stdout)
    assert {name: found[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert (found["rounds"], found["clocks_due"], found["clocks_fired"]) == (3, 12, 12)
    assert found["acknowledged"] > 0
