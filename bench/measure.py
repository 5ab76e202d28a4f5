"""What every bench measures with: CPU and memory of a process, percentiles, and the table it prints."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Seconds of CPU, user and system, that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid: int) -> tuple[int, int]:
    """(RSS, PSS) of a process in bytes; PSS counts shared pages in part."""
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        sizes[name] = int(rest.split()[0]) * 1024
    return sizes["Rss"], sizes["Pss"]


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a markdown table; the first column is text, the others are figures."""
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " --: |" * (len(heads) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def machine() -> str:
    """The machine in one line, to stand above a table."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else "unknown processor"
    return f"{len(names) or os.cpu_count()} x {model}, Python {sys.version.split()[0]}"


@contextmanager
def server(app: str, **environment: str) -> Iterator[tuple[int, int]]:
    """A uvicorn process of its own that serves `app` of bench/apps.py on loopback: (pid, port)."""
    with tempfile.TemporaryDirectory() as data:
        (Path(data) / "static").mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.apps", app],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ
            | {"SAPA_DATA": data, "SAPA_LOG": "ERROR", "SAPA_WORK_IN_WEB": "false"}
            | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
            | environment,
        )
        assert process.stdout is not None
        try:
            yield process.pid, int(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()
