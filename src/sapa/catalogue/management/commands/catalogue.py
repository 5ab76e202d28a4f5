"""`sapa catalogue`: load entries, classifications or absences from a file, read sources, make the search anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from sapa.catalogue import loading
from sapa.catalogue.search import keeping
from sapa.catalogue.sources import commanding
from sapa.catalogue.sources.files.mapping_files import mapping_in
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.management.commands.office import office_called
from sapa.offices.marked_yaml import FileRefused
from sapa.offices.models import Office

TOLD_EVERY: Final = 10_000


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused or, of a source, not all of it read, 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Load entries, classifications or absences from a file; make the search anew.")
        parser.add_argument("--language", choices=["id", "en"], default=settings.LANGUAGE_CODE)
        actions = parser.add_subparsers(dest="action", required=True, metavar="{load,index,sync,source}")
        load = actions.add_parser("load", help=_("add the rows of a CSV or XLSX file, or bring them in line"))
        load.add_argument("file", help=_("the CSV or XLSX file; its first line names the columns"))
        load.add_argument(
            "--mapping",
            metavar="FILE",
            help=_("a YAML file that says what the columns are, where they are others"),
        )
        load.add_argument(
            "--dry-run", action="store_true", help=_("say what would change, and change nothing")
        )
        load.add_argument(
            "--replace",
            action="store_true",
            help=_("withdraw what the file does not hold: codes of its version, or absences"),
        )
        load.add_argument("--office", required=True, help=_("the four-digit code, for example 1808"))
        actions.add_parser("index", help=_("make this machine's search over all catalogues anew"))
        commanding.add_arguments(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            if options["action"] == "index":
                rows = keeping.rebuild()
                self.stdout.write(_("The search knows %(rows)s rows.") % {"rows": str(rows)})
                return
            office = office_called(options["office"]) if options["office"] else None
            if options["action"] in commanding.ACTIONS:
                commanding.run(options, office, self.stdout, self.stderr)
                return
            assert office is not None, "load asks for it"
            self._load(office, options)

    def _load(self, office: Office, options: dict[str, Any]) -> None:
        name = options["file"]
        try:
            layout = mapping_in(Path(options["mapping"])) if options["mapping"] else None
        except FileRefused as error:
            raise CommandError(
                "\n".join(f"{options['mapping']}: {each}" for each in error.problems)
            ) from error
        except Refused as error:
            raise CommandError(str(error.sentence)) from error
        try:
            loaded = loading.load_file(
                office,
                Path(name),
                at=now(),
                layout=layout,
                replaces=options["replace"],
                dry_run=options["dry_run"],
                tell=self._tell,
            )
        except FileRefused as error:
            raise CommandError("\n".join(f"{name}: {problem}" for problem in error.problems)) from error
        except Refused as error:
            raise CommandError(str(error.sentence)) from error
        except KeyboardInterrupt:
            sentence = _("Stopped. What was written stays; load the same file again, and the rest comes.")
            raise CommandError(sentence) from None
        for note in loaded.notes:
            self.stderr.write(f"{name}: {note}")
        said = {
            "office": office.name,
            "added": str(loaded.added),
            "changed": str(loaded.changed),
            "unchanged": str(loaded.unchanged),
        }
        if loaded.withdrawn:
            number = {"number": str(loaded.withdrawn)}
            if options["dry_run"]:
                self.stdout.write(_("%(number)s rows would be withdrawn.") % number)
            else:
                self.stdout.write(_("%(number)s rows withdrawn.") % number)
        if options["dry_run"]:
            self.stdout.write(
                _("%(office)s: %(added)s would be added, %(changed)s changed, %(unchanged)s stay as before.")
                % said
            )
            return
        self.stdout.write(
            _("%(office)s: %(added)s added, %(changed)s changed, %(unchanged)s as before.") % said
        )

    def _tell(self, what: str, done: int, total: int) -> None:
        """Large files say how far they are: in place on a terminal, else a line now and then."""
        if done < TOLD_EVERY or (done % TOLD_EVERY and done != total):
            return
        if what == "looked":
            sentence = _("%(done)s rows looked through") % {"done": str(done)}
        elif what == "compared":
            sentence = _("%(done)s of %(total)s rows compared") % {"done": str(done), "total": str(total)}
        else:
            sentence = _("%(done)s of %(total)s rows written") % {"done": str(done), "total": str(total)}
        in_place = self.stderr.isatty()
        text, ending = (f"\r{sentence}", "") if in_place else (sentence, "\n")
        self.stderr.write(text, style_func=str, ending=ending)  # that it goes on is no error: not red
        if in_place and done == total:
            self.stderr.write("", style_func=str)
