"""The `sapa` command: every subcommand is a Django command of one of the packages."""

import os
import sys


def main() -> None:
    """Run `sapa SUBCOMMAND ...`; without one, list the commands. Exit codes are Django's: 0 good, 1 failed, 2 usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
    from django.core.management import ManagementUtility

    utility = ManagementUtility(["sapa", *sys.argv[1:]])
    utility.prog_name = "sapa"
    utility.execute()


if __name__ == "__main__":
    main()
