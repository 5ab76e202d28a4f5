"""What bin/test runs: every test on SQLite, those that use the database again on PostgreSQL, and an honest count."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import migrated, postgres
from tests.machine import ROOT

NOTHING_COLLECTED = 5


@dataclass
class Outcome:
    """One run of pytest: how it ended and what it counted."""

    engine: str
    exit_code: int = 0
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # reason -> tests
    could_not_run: str = ""

    def __str__(self) -> str:
        if self.could_not_run:
            return f"{self.engine}: could not run"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"
        return f"{self.engine}: {counts} in {self.seconds:.0f} s"


def arguments(given: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run every test: on SQLite, then on PostgreSQL those that use the database. Redis and browser"
        " tests run where redis-server and Chromium are installed; what could not run is named at the end."
        " Everything else on the command line (paths, -k, -x, --lf, ...) goes to pytest.",
        allow_abbrev=False,
        epilog="The last line is `N passed, N failed, N skipped`. Exit code 0: nothing failed.",
    )
    parser.add_argument(
        "--no-skip", action="store_true", help="a test that cannot run here counts as a failure (CI)"
    )
    parser.add_argument("--sqlite", action="store_true", help="only on SQLite")
    parser.add_argument("--postgres", action="store_true", help="only on PostgreSQL")
    parser.add_argument(
        "-n", dest="processes", help="how many test processes (default for all tests: one more than cores)"
    )
    return parser.parse_known_args(given)


def run(engine: str, options: Sequence[str], environment: dict[str, str]) -> Outcome:
    """Run pytest once and read its own report."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}", *options],
            cwd=ROOT,
            env=environment | {"SAPA_DATA": f"{folder}/data"},
            check=False,
        )
        outcome = Outcome(engine, ended.returncode, time.monotonic() - began)
        if report.exists():
            read(report, outcome)
    return outcome


def read(report: Path, outcome: Outcome) -> None:
    """Count what the report says; a test that failed and then failed to tidy up is one failure."""
    for case in ElementTree.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is not None:
            outcome.skipped[skipped.get("message") or "no reason given"] += 1
        else:
            outcome.passed += 1


def clean_environment(home: str, *, anew: bool) -> dict[str, str]:
    """What the tests see of the surroundings: nothing that would let them reach a real installation.

    With `anew` no migrated database of an earlier run is used either: an empty one is migrated.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        # Images for CI like to forbid compiled modules; every process of the tests would compile all of them again.
        if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PYTHONDONTWRITEBYTECODE")
        and (not name.startswith("SAPA_") or name in ("SAPA_CHROMIUM", "SAPA_SHARED_DATA"))
    }
    if not os.access(kept.get("HOME", ""), os.W_OK):
        kept["HOME"] = home  # Chromium wants to write there
    if anew:
        kept["SAPA_TESTS_MIGRATED"] = f"{home}/migrated"
    return kept | {"SAPA_SECRET_KEY": "tests only", "PYTHONUNBUFFERED": "1"}


def runs(wanted: argparse.Namespace, options: list[str]) -> list[Outcome]:
    """The run on SQLite, then the one on PostgreSQL, whose database is made ready meanwhile."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="sapa-home-") as home, ExitStack() as beside:
        environment = clean_environment(home, anew=wanted.no_skip)
        other, reason = environment, ""
        if not wanted.sqlite:
            try:
                other = environment | {"DATABASE_URL": beside.enter_context(postgres.server())}
            except postgres.CannotStart as problem:
                reason = str(problem)
        if not wanted.sqlite and not wanted.postgres and not reason:
            beside.enter_context(migrated.meanwhile(other | {"SAPA_DATA": f"{home}/data"}))
        if not wanted.postgres:
            print("== SQLite", flush=True)
            outcomes.append(run("SQLite", options, environment))
        if not wanted.sqlite:
            print("== PostgreSQL", flush=True)
            made = run("PostgreSQL", [*options, "--only-database"], other) if not reason else None
            outcomes.append(made or Outcome("PostgreSQL", could_not_run=reason))
    return outcomes


def from_here(option: str, here: Path) -> str:
    """A path given from another folder, as the project's folder sees it."""
    name, colons, test = option.partition("::")
    if option.startswith("-") or (ROOT / name).exists() or not (here / name).exists():
        return option
    return f"{here / name}{colons}{test}"


def exit_code(outcomes: Sequence[Outcome], *, no_skip: bool) -> int:
    """0 only when something ran, nothing failed and, with `no_skip`, nothing was left out."""
    broken = any(each.failed or each.exit_code not in (0, NOTHING_COLLECTED) for each in outcomes)
    left_out = any(each.skipped or each.could_not_run for each in outcomes)
    nothing = not any(each.passed or each.skipped for each in outcomes)
    return 1 if broken or nothing or (no_skip and left_out) else 0


def summary(outcomes: Sequence[Outcome], *, no_skip: bool) -> list[str]:
    """What to read at the end: each run, what could not run and why, and the plain count alone on the last line."""
    lines = ["", *map(str, outcomes)]
    for outcome in outcomes:
        if outcome.could_not_run:
            lines.append(f"Not run: all tests on {outcome.engine}: {outcome.could_not_run}")
        lines += [
            f"Not run on {outcome.engine}: {count} x {why}" for why, count in sorted(outcome.skipped.items())
        ]
        if outcome.exit_code not in (0, 1, NOTHING_COLLECTED):
            lines.append(f"{outcome.engine}: pytest itself ended with exit code {outcome.exit_code}")
    if no_skip and any(each.skipped or each.could_not_run for each in outcomes):
        lines.append("This counts as a failure because of --no-skip.")
    passed, failed = sum(each.passed for each in outcomes), sum(each.failed for each in outcomes)
    skipped = sum(each.skipped.total() for each in outcomes)
    return [*lines, f"{passed} passed, {failed} failed, {skipped} skipped"]


def main(given: Sequence[str], here: Path) -> int:
    wanted, rest = arguments(given)
    options = [from_here(each, here) for each in rest]
    # Starting processes costs more than it gains when only a few tests are asked for.
    # One process more than cores: some always wait for a browser, a lock or a clock.
    processes = wanted.processes or (str(min(os.cpu_count() or 1, 8) + 1) if not rest else "0")
    options += ["-n", processes, "--dist", "worksteal"] if processes != "0" else []
    outcomes = runs(wanted, options)
    print("\n".join(summary(outcomes, no_skip=wanted.no_skip)), flush=True)
    return exit_code(outcomes, no_skip=wanted.no_skip)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(os.environ.get("SAPA_CALLED_FROM", "."))))
