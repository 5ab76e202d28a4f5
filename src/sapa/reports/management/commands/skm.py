"""sapa skm: the satisfaction index of an office between two dates."""

import argparse
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.feedback.skm import BY_ELEMENT, Element
from sapa.offices.models import Office
from sapa.reports.period import EARLIEST, LATEST, Kind, Period
from sapa.reports.satisfaction import Report, mean_of, report
from sapa.ui.dates import number, short_date


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-11-25") from None
    if not EARLIEST <= found <= LATEST:
        raise argparse.ArgumentTypeError(f"{text} lies outside {EARLIEST.year} to {LATEST.year}")
    return found


class Command(BaseCommand):
    help = (
        "Compute the satisfaction index SKM (PermenPANRB 14/2017) from the ratings given between two dates."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", required=True, help="BPS code of the office, for example 1808")
        parser.add_argument(
            "--from", dest="first", type=_date, required=True, metavar="DATE", help="first day"
        )
        parser.add_argument(
            "--to", dest="last", type=_date, required=True, metavar="DATE", help="last day, included"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        office = Office.objects.select_related("parent__parent").filter(code=options["office"]).first()
        if office is None:
            raise CommandError(
                f"There is no office with the code {options['office']!r}. See `sapa office list`."
            )
        if options["last"] < options["first"]:
            raise CommandError("--to lies before --from. Exchange the two dates.")
        with scope(office=office):
            made = report(office, Period(Kind.CUSTOM, options["first"], options["last"]))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(office, made), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines(office, made)))


def as_json(office: Office, made: Report) -> dict[str, Any]:
    """The report for machines: decimals as text, so that nothing is rounded on the way. Withheld figures are null."""
    result = made.result
    published = result.published is not None
    return {
        "office": office.code,
        "from": made.period.first.isoformat(),
        "to": made.period.last.isoformat(),
        "count": result.count,
        "index": _text(result.published),
        "category": str(result.grade) if published else None,
        "index_without_cost": _text(result.without_cost) if published else None,
        "weakest": [str(each) for each in result.weakest] if published else [],
        "elements": {
            str(each): {
                "answered": found.answered,
                "missing": found.missing,
                "mean": _text(mean_of(found)) if published else None,
                "converted": _text(found.converted) if published else None,
            }
            for each in Element
            for found in [result.elements[each]]
        },
        "sample": {
            "received": made.adequacy.received,
            "needed": made.adequacy.needed,
            "population": made.adequacy.population,
            "enough": made.adequacy.enough,
        },
        "flags": sorted(str(each) for each in result.flags),
    }


def lines(office: Office, made: Report) -> list[str]:
    """The report for people."""
    result = made.result
    said = [
        f"{office.name} ({office.code})",
        f"{short_date(made.period.first)} – {short_date(made.period.last)}",
        "",
        *_headline(made),
        _("Ratings: %(received)s; needed for %(population)s visits served: %(needed)s")
        % {
            "received": number(made.adequacy.received),
            "population": number(made.adequacy.population),
            "needed": number(made.adequacy.needed),
        },
        *(f"! {flag}" for flag in made.flags),
    ]
    if result.published is None:
        return said
    said.append("")
    width = max(len(str(BY_ELEMENT[each].name)) for each in Element)
    for each in Element:
        found = result.elements[each]
        mean, converted = number(mean_of(found), 4), number(found.converted, 2)
        said.append(f"{BY_ELEMENT[each].name!s:<{width}}  {mean:>7}  {converted:>7}  n={found.answered}")
    if made.weakest:
        said += ["", _("Weakest: %(elements)s") % {"elements": ", ".join(made.weakest)}]
    return said


def _headline(made: Report) -> list[str]:
    result = made.result
    if result.published is None or result.grade is None:
        return [_("The index is not published.")]
    return [
        _("SKM index: %(index)s, category %(grade)s (%(quality)s)")
        % {"index": number(result.published, 2), "grade": result.grade, "quality": result.grade.quality},
        _("Without cost, which is free by design: %(index)s") % {"index": number(result.without_cost, 2)},
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
