"""`sapa search`: the ranking of the page, and why."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.search import AbsenceHit, Filters, Hit, Results, search
from sapa.offices.management.commands.office import office_called


class Command(BaseCommand):
    """Exit codes: 0 something was found, 1 nothing was, 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Search the catalogue as the page does; with --explain also why.")
        parser.add_argument("query", help=_("what somebody would type"))
        parser.add_argument("--office", default="0000", help=_("the four-digit code, for example 1808"))
        parser.add_argument("--kind", choices=Entry.Kind.values, default="", help=_("only this kind"))
        parser.add_argument("--limit", type=int, default=10, help=_("so many results at most"))
        parser.add_argument("--json", action="store_true", help=_("for programs"))
        parser.add_argument("--explain", action="store_true", help=_("what each result owes its place to"))
        parser.add_argument("--language", choices=["id", "en"], default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            office = office_called(options["office"])
            results = search(
                office,
                options["query"],
                filters=Filters(kind=options["kind"]),
                limit=max(1, options["limit"]),
            )
            if options["json"]:
                found = _told(results, why=options["explain"])
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            else:
                self._write(results, why=options["explain"])
            if not results:
                raise CommandError(_("Nothing found."), returncode=1)

    def _write(self, results: Results, *, why: bool) -> None:
        if results.read_as:
            self.stdout.write(_("Read as: %(words)s") % {"words": results.read_as})
        if results.chips:
            understood = ", ".join(f"{chip.sort}: {chip.label}" for chip in results.chips)
            self.stdout.write(_("Understood: %(signs)s") % {"signs": understood})
        for each in results.in_order:
            self.stdout.write(_line(each))
            if why:
                self.stdout.write("    " + ", ".join(f"{name} {value:g}" for name, value in each.why))
        self.stdout.write(
            _("%(total)s found in %(milliseconds)s ms")
            % {
                "total": str(max(results.total, len(results.entries)) + len(results.absences)),
                "milliseconds": f"{results.took * 1000:.1f}",
            }
        )


def _line(each: Hit | AbsenceHit) -> str:
    if isinstance(each, AbsenceHit):
        return f"{each.score:7.2f}  {_('Not available')}  {each.absence.indicator}"
    entry = each.entry
    number = " ".join(filter(None, (entry.version, entry.external_id if entry.version else "")))
    facts = ", ".join(filter(None, (number, entry.area, entry.years)))
    return f"{each.score:7.2f}  {entry.get_kind_display()}  {entry.title}{f' ({facts})' if facts else ''}"


def _told(results: Results, *, why: bool) -> dict[str, Any]:
    rows = []
    for each in results.in_order:
        row: dict[str, Any] = {"score": round(each.score, 4)}
        if isinstance(each, Hit):
            entry = each.entry
            row |= {
                "kind": entry.kind,
                "version": entry.version,
                "id": entry.external_id,
                "title": entry.title,
                "office": entry.office.code,
                "area": entry.area,
                "years": entry.years,
                "url": entry.url,
            }
        else:
            row |= {"kind": "absence", "title": each.absence.indicator, "reason": each.absence.reason}
        if why:
            row["why"] = [{"name": name, "value": value} for name, value in each.why]
        rows.append(row)
    return {
        "read_as": results.read_as,
        "understood": [{"sort": chip.sort, "label": chip.label} for chip in results.chips],
        "total": results.total,
        "milliseconds": round(results.took * 1000, 2),
        "results": rows,
    }
