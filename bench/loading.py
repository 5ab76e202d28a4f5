"""A list of many lines taken over by `sapa catalogue load`, beside the same rows written with nothing but SQL."""

import argparse
import csv
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.measure import ROOT, machine, table

HEAD = ("kind", "title", "external_id", "summary", "area_bps", "level", "year_from", "year_until")
WORDS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench loading", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        file = Path(data) / "list.csv"
        write(file, wanted.lines)
        environment = os.environ | {"SAPA_DATA": data, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        sapa(environment, "migrate", "-v", "0")
        sapa(environment, "office", "load", "1808")
        load = ("catalogue", "load", str(file), "--office", "1808")
        rows: list[tuple[str, float, int]] = []
        rows.append(("SQL alone", *bare(file, Path(data) / "bare.sqlite3")))
        rows.append(("all are new", *sapa(environment, *load)))
        rows.append(("nothing changed", *sapa(environment, *load)))
        write(file, wanted.lines, changed=True)
        rows.append(("one in ten changed", *sapa(environment, *load)))
    print(f"{wanted.lines:,} lines. {machine()}\n")
    heads = ("", "seconds", "of SQL alone", "lines a second", "memory, MiB")
    floor = rows[0][1]
    table(
        heads,
        [
            (name, f"{took:.1f}", f"{took / floor:.1f}", f"{wanted.lines / took:,.0f}", memory // 1024)
            for name, took, memory in rows
        ],
    )


def write(file: Path, lines: int, *, changed: bool = False) -> None:
    """The list; the same each time, with another title on every tenth line when it is `changed`."""
    chance = random.Random(1)
    words = ["".join(chance.choices("aiueonrstkmgdbplh", k=chance.randint(3, 9))) for _each in range(WORDS)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEAD)
        for line in range(lines):
            title = " ".join(chance.choices(words, k=7)) + (" lagi" if changed and line % 10 == 0 else "")
            summary = " ".join(chance.choices(words, k=15))
            writer.writerow(("static_table", title, f"x{line}", summary, "1808", "district", 2010, 2024))


def sapa(environment: dict[str, str], *words: str) -> tuple[float, int]:
    """Seconds, and the most memory in KiB that this process had."""
    began = perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "sapa", *words], env=environment, stdout=told, stderr=told
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            raise SystemExit(told.read().decode())
    return perf_counter() - began, usage.ru_maxrss


def bare(file: Path, kept: Path) -> tuple[float, int]:
    """The same rows read and written in parts of a thousand, each its own transaction; no check, no search."""
    began = perf_counter()
    with sqlite3.connect(kept) as database, file.open(encoding="utf-8", newline="") as opened:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute(f"CREATE TABLE entry (id INTEGER PRIMARY KEY, {', '.join(HEAD)})")
        database.execute("CREATE UNIQUE INDEX once ON entry (kind, external_id)")
        rows = csv.reader(opened)
        next(rows)
        part: list[list[str]] = []
        for row in rows:
            part.append(row)
            if len(part) == 1_000:
                keep(database, part)
                part = []
        keep(database, part)
    return perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def keep(database: sqlite3.Connection, part: list[list[str]]) -> None:
    places = ", ".join("?" * len(HEAD))
    database.executemany(f"INSERT INTO entry ({', '.join(HEAD)}) VALUES ({places})", part)
    database.commit()


if __name__ == "__main__":
    main()
