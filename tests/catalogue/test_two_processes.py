"""Two processes of one node write the same index, one after the other; who searches in a third finds both."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import migrated
from tests.machine import ROOT


def started(folder: Path, *words: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"SAPA_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "sapa", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )


def ended(process: "subprocess.Popen[str]") -> str:
    said, _nothing = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def test_two_processes_load_at_once_and_a_third_finds_everything(tmp_path: Path) -> None:
    migrated.copy_to(tmp_path / "sapa.sqlite3")
    ended(started(tmp_path, "office", "load", "1808"))
    files = []
    for name in ("padi", "karet"):
        rows = "".join(
            f"static_table,Produksi {name} nomor {number},{name}-{number}\n" for number in range(40)
        )
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text("kind,title,external_id\n" + rows)
    for process in [started(tmp_path, "catalogue", "load", str(file), "--office", "1808") for file in files]:
        assert "40" in ended(process)
    found = json.loads(
        ended(started(tmp_path, "search", "produksi", "--office", "1808", "--json", "--limit", "100"))
    )
    titles = sorted(row["title"] for row in found["results"])
    assert titles == sorted(
        f"Produksi {name} nomor {number}" for name in ("padi", "karet") for number in range(40)
    )
