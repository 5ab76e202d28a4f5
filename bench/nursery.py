"""Starts `sapa` processes that have loaded the program already, so that a bench may kill hundreds of them.

Each line on standard input is a subcommand of `sapa`, answered with the number of its new process, or
`kill` and such a number, answered when that process is gone (SIGKILL). All are killed at the end of the input.
"""

import os
import signal
import sys
from importlib import import_module

from django.core.management import execute_from_command_line
from django.db.migrations.loader import MigrationLoader

CHILDREN: set[int] = set()


def born(arguments: list[str]) -> int:
    """A new process that runs `sapa` with the arguments, as if it had just been started."""
    child = os.fork()
    if child:
        CHILDREN.add(child)
        return child
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    try:
        execute_from_command_line(["sapa", *arguments])
    finally:
        os._exit(0)


def killed(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    CHILDREN.discard(child)
    return child


def main() -> None:
    import_module("sapa.asgi")
    import_module("sapa.urls")
    MigrationLoader(None)
    for line in sys.stdin:
        command, *rest = line.split()
        print(killed(int(rest[0])) if command == "kill" else born([command, *rest]), flush=True)
    for child in list(CHILDREN):
        killed(child)


if __name__ == "__main__":
    main()
