"""What everything together weighs when nobody asks anything: `sapa serve`, web and worker in one process.

    bin/bench idle [--seconds 10]

Starts the real command on a new SQLite database with a demonstration office, asks for a few pages, waits, and
reads the proportional memory of the process and its CPU while idle.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from bench.measure import ROOT, cpu_of, machine, memory_of, table, threads_of

PORT = 8797


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sapa-bench-") as data:
        environment = os.environ | {"SAPA_DATA": data, "SAPA_LOG": "ERROR", "PYTHONPATH": str(ROOT / "src")}
        sapa = [sys.executable, "-m", "sapa"]
        for command in (
            ["migrate", "-v0"],
            ["office", "load", "1808"],
            ["collectstatic", "--noinput", "-v0"],
        ):
            subprocess.run([*sapa, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen(
            [*sapa, "serve", "--port", str(PORT)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            began = time.perf_counter()
            first = fetch_when_up("/1808/")
            for path in ("/1808/", "/1808/standar/", "/akun/login/", "/sehat/"):
                fetch_when_up(path)
            rss, pss = memory_of(process.pid)
            used, slept = cpu_of(process.pid), time.perf_counter()
            time.sleep(asked.seconds)
            idle = (cpu_of(process.pid) - used) / (time.perf_counter() - slept)
            print(machine() + "\n")
            table(
                ["idle, web and worker in one process", "measured", "allowed"],
                [
                    ["proportional memory, MB", f"{pss / 1e6:.0f}", 120],
                    ["resident memory, MB", f"{rss / 1e6:.0f}", ""],
                    ["threads", threads_of(process.pid), ""],
                    ["CPU while idle, % of a core", f"{100 * idle:.1f}", ""],
                    ["from start to the first page, s", f"{first - began:.1f}", 5],
                ],
            )
        finally:
            process.terminate()
            process.wait(20)


def fetch_when_up(path: str) -> float:
    """The instant at which the page has been read; asks again while the server is starting."""
    last = time.perf_counter() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as answer:
                answer.read()
            return time.perf_counter()
        except (urllib.error.URLError, ConnectionError):
            if time.perf_counter() > last:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    main()
