"""Writers of SQLite queue up: one at a time, the next one at once, a killed one holds nobody."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

HOLD = textwrap.dedent(
    """
    import os, sys, time
    os.environ["DJANGO_SETTINGS_MODULE"] = "sapa.settings"
    import django
    django.setup()
    from django.db import connection, transaction
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS note (at integer)")
        cursor.execute("INSERT INTO note VALUES (1)")
        print("holding", flush=True)
        time.sleep(float(sys.argv[1]))
    print("done", flush=True)
    """
)


@pytest.fixture
def writer(tmp_path: Path):  # type: ignore[no-untyped-def]
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(seconds)],
            env=environment | {"SAPA_DATA": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_writer_waits_for_the_first_and_then_writes(writer) -> None:  # type: ignore[no-untyped-def]
    first = writer(1.5)
    assert line(first) == "holding"
    second = writer(0)
    assert [line(first), line(second), line(second)] == ["done", "holding", "done"]


def test_a_killed_writer_gives_its_turn_back_at_once(writer) -> None:  # type: ignore[no-untyped-def]
    first = writer(60)
    assert line(first) == "holding"
    second = writer(0)
    time.sleep(0.2)
    first.send_signal(signal.SIGKILL)
    assert [line(second), line(second)] == ["holding", "done"]
