"""`sapa catalogue`: load entries or absences from a CSV file, make the search anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.catalogue import loading
from sapa.catalogue.search import indexing
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.management.commands.office import office_called
from sapa.offices.marked_yaml import FileRefused


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused (nothing was changed), 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Load entries or absences of the catalogue from a CSV file; make the search anew."
        )
        parser.add_argument("--language", choices=["id", "en"], default=settings.LANGUAGE_CODE)
        actions = parser.add_subparsers(dest="action", required=True, metavar="{load,index}")
        load = actions.add_parser("load", help=_("add the rows of a CSV file, or bring them in line"))
        load.add_argument("file", help=_("the CSV file; its first line names the columns"))
        again = actions.add_parser("index", help=_("make the search over one office's catalogue anew"))
        for action in (load, again):
            action.add_argument("--office", required=True, help=_("the four-digit code, for example 1808"))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            office = office_called(options["office"])
            if options["action"] == "index":
                with scope(office=office):
                    rows = indexing.rebuild(office)
                self.stdout.write(_("The search knows %(rows)s rows.") % {"rows": str(rows)})
                return
            name = options["file"]
            try:
                loaded = loading.load_file(office, Path(name), at=now())
            except FileRefused as error:
                raise CommandError("\n".join(f"{name}: {problem}" for problem in error.problems)) from error
            except Refused as error:
                raise CommandError(str(error.sentence)) from error
            self.stdout.write(
                _("%(office)s: %(added)s added, %(changed)s changed, %(unchanged)s as before.")
                % {
                    "office": office.name,
                    "added": str(loaded.added),
                    "changed": str(loaded.changed),
                    "unchanged": str(loaded.unchanged),
                }
            )
