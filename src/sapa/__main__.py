"""The `sapa` command: every subcommand is a Django command of one of the packages."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError

from sapa import __version__


def main() -> None:
    """Run `sapa SUBCOMMAND ...`; without one, list the commands. Exit codes are Django's: 0 good, 1 failed, 2 usage."""
    # Database, key and backups hold personal data: what this program makes is its own user's only.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
    if sys.argv[1:] in (["--version"], ["version"]):
        print(__version__)  # noqa: T201  # the answer of a command
        return
    from django.core.management import ManagementUtility

    utility = ManagementUtility(["sapa", *sys.argv[1:]])
    utility.prog_name = "sapa"
    try:
        utility.execute()
    except ImproperlyConfigured as wrong:
        sys.exit(f"sapa: {wrong}")
    except DatabaseError:
        _explain_unready_database()
        raise


def _explain_unready_database() -> None:
    """End with one sentence when the database does not answer or was never prepared; else the fault is ours."""
    from sapa.core.readiness import require_current_database

    try:
        require_current_database()
    except CommandError as unready:
        sys.exit(f"sapa: {unready}")


if __name__ == "__main__":
    main()
