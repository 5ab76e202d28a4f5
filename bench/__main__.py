"""Run benches by name: on SQLite, or on a PostgreSQL server that is started for it and gone afterwards."""

import argparse
import os
import subprocess
import sys
from contextlib import nullcontext

from tests import postgres

BENCHES = {
    "front": "an empty view through the front, beside bare Django",
    "desk": "the officer's clicks: the desk, a number issued, a number called",
    "tickets": "eight processes take 2,000 numbers at once",
    "streams": "2,000 pages that listen to one process",
    "conversation": "a message, a page of thirty, a request, an answer; how soon the other side sees it",
    "inbox": "fifty rows out of 100,000 consultations and 1,000,000 messages",
    "search": "a million titles: the search beside the bare engine, FTS5 and PostgreSQL",
    "loading": "a list of 100,000 lines taken over, beside the same rows in SQL alone",
    "faults": "web process and worker killed at random moments while people write",
    "relevance": "judged questions: this search, the same without its parts, FTS5, PostgreSQL",
    "stemming": "families of words that a search should treat as one, and places that it must not alter",
    "idle": "everything together when nobody asks anything",
}
# PostgreSQL as an office runs it: what a number costs contains that it survives a power cut.
DURABLE = ("autovacuum=off",)


def main() -> int:
    listed = "\n".join(f"  {name:<14}{what}" for name, what in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description=f"Measure, and print tables with ratios. Without a name: all of them.\n\n{listed}",
        epilog="Options after one name go to that bench: bin/bench desk --waiting 200",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("name", nargs="?", choices=BENCHES, help=argparse.SUPPRESS)
    wanted, rest = parser.parse_known_args()
    if rest and wanted.name is None:
        parser.error(f"say first which bench: {rest[0]} is none")
    worst = 0
    with postgres.server(settings=DURABLE) if wanted.postgres else nullcontext() as url:
        environment = os.environ | ({"DATABASE_URL": url} if url else {})
        environment.pop("SAPA_DATA", None)  # each bench has a folder of its own
        for name in [wanted.name] if wanted.name else BENCHES:
            print(f"\n# {name}: {BENCHES[name]}\n", flush=True)
            ended = subprocess.run(
                [sys.executable, "-m", f"bench.{name}", *rest], env=environment, check=False
            )
            worst = max(worst, ended.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
