"""`sapa serve` and `sapa work` as an operator meets them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from sapa.offices.models import Device
from tests.beside import address_of_this_database
from tests.serving import listening

SAPA = [sys.executable, "-m", "sapa"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.django_db
def test_a_taken_port_is_refused_in_one_sentence(settings: Any) -> None:
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"^Port {port} is taken"):
            call_command("serve", port=port)


@pytest.mark.django_db
def test_without_collected_style_sheets_nothing_is_served(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(CommandError, match="`sapa collectstatic --noinput`"):
        call_command("serve")


def test_several_processes_need_postgresql_and_redis(settings: Any) -> None:
    settings.REDIS_URL = ""
    lacks = {"sqlite": "SQLite takes one process only", "postgresql": "Set REDIS_URL"}
    with pytest.raises(CommandError, match=lacks[connection.vendor]):
        call_command("serve", workers=2)


@pytest.mark.django_db
def test_work_once_says_how_much_it_did(capsys: Any) -> None:
    call_command("work", once=True)
    assert capsys.readouterr().out == "0 due rows were run.\n"


def environment(data: Path) -> dict[str, str]:
    """A new installation in `data`; nothing of this process's own set-up."""
    own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return own | {"SAPA_DATA": str(data), "SAPA_DEBUG": "true", "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("command", ["serve", "work", "office list", "demo load"])
def test_an_empty_database_is_refused_without_a_traceback(command: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [*SAPA, *command.split()],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "`sapa migrate`" in ran.stderr


def test_a_stopped_server_ends_its_streams_and_leaves_with_success(
    tmp_path: Path, board: Device, transactional_db: None
) -> None:
    setting = environment(tmp_path) | {"DATABASE_URL": address_of_this_database()}
    server = subprocess.Popen([*SAPA, "serve", "--port", "0"], env=setting, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert address is not None
        assert httpx.get(address[0] + "/sehat/", timeout=20).status_code == 200
        with listening(f"{address[0]}/1808/aliran/papan/{board.token}/") as page:
            assert page.next().name == "hello"
            server.send_signal(signal.SIGTERM)
            assert page.is_over()
        assert server.wait(10) == 0
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
