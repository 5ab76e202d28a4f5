"""`sapa catalogue sync` and `sapa catalogue source`: the sources of an office from the command line."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any, Final

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.catalogue.models import Source, SourceRun
from sapa.catalogue.sources import administering, running
from sapa.catalogue.sources.base import Page
from sapa.catalogue.sources.registry import READERS
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.ui import dates

Outcome = SourceRun.Outcome
WIDTH: Final = 24
ACTIONS: Final = ("sync", "source")


def add_arguments(actions: Any) -> None:
    """The two actions with their arguments."""
    sync = actions.add_parser("sync", help=_("read a source of the catalogue now"))
    sync.add_argument("source", help=_("the name of the source"))
    sync.add_argument("--since", type=_day, metavar="2026-01-01", help=_("only what changed since"))
    source: ArgumentParser = actions.add_parser("source", help=_("the sources of the catalogue"))
    which = source.add_subparsers(dest="which", required=True, metavar="{add,list,remove}")
    listing = which.add_parser("list", help=_("all sources with their last reading"))
    adding = which.add_parser("add", help=_("add a source"))
    adding.add_argument("source", help=_("the name of the source"))
    adding.add_argument("--kind", required=True, choices=list(READERS))
    adding.add_argument(
        "--config", default="{}", metavar="JSON", help=_("its settings (see the operator's guide)")
    )
    adding.add_argument(
        "--every", type=int, default=24, metavar="HOURS", help=_("hours between two readings")
    )
    adding.add_argument("--by-command", action="store_true", help=_("never by itself"))
    removing = which.add_parser("remove", help=_("remove a source and withdraw its entries"))
    removing.add_argument("source", help=_("the name of the source"))
    removing.add_argument("--keep", action="store_true", help=_("its entries stay, as the office's own"))
    for each in (sync, listing, adding, removing):
        needed = each is adding
        each.add_argument("--office", required=needed, help=_("the four-digit code, for example 1808"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = _("“%(value)s” is not a date like 2026-11-25.") % {"value": text[:40]}
        raise ArgumentTypeError(sentence) from None


def run(options: dict[str, Any], office: Office | None, out: OutputWrapper, err: OutputWrapper) -> None:
    """Do what was asked. A CommandError ends with 1 when something was not done, with 2 when it was asked wrongly."""
    with scopes_disabled():
        if options["action"] == "sync":
            _sync(_called(options["source"], office), options["since"], out, err)
        elif options["which"] == "list":
            _list(office, out)
        elif options["which"] == "add":
            assert office is not None
            _add(office, options, out)
        else:
            _remove(_called(options["source"], office), keep=options["keep"], out=out)


def _sync(source: Source, since: date | None, out: OutputWrapper, err: OutputWrapper) -> None:
    at = now()
    bar = _Bar(err, at)
    try:
        found = running.sync(source, at=at, since=since, tell=bar.tell)
    except Refused as refusal:
        raise CommandError(str(refusal.sentence)) from refusal
    except KeyboardInterrupt:
        raise CommandError(_("Stopped. The next reading goes on from here.")) from None
    finally:
        bar.end()
    out.write(report(found))
    for sentence in found.problems:
        err.write(f"- {sentence}")
    if found.outcome != Outcome.DONE:
        raise CommandError(str(Outcome(found.outcome).label))


def report(found: SourceRun) -> str:
    """What came, in one line."""
    took = (found.ended_at - found.began_at).total_seconds() if found.ended_at else 0
    return _(
        "%(source)s: %(added)s added, %(changed)s changed, %(unchanged)s as before, %(withdrawn)s withdrawn,"
        " %(failed)s failed, in %(minutes)s min %(seconds)s s."
    ) % {
        "source": found.source.name,
        "added": str(found.added),
        "changed": str(found.changed),
        "unchanged": str(found.unchanged),
        "withdrawn": str(found.withdrawn),
        "failed": str(found.failed),
        "minutes": str(int(took // 60)),
        "seconds": str(int(took % 60)),
    }


class _Bar:
    """How far a reading is: in its place on a terminal, a line for each part elsewhere."""

    def __init__(self, err: OutputWrapper, at: datetime) -> None:
        self._err, self._is_terminal, self._last, self._width = err, err.isatty(), "", 0
        self._at, self._is_first = at, True

    def tell(self, found: SourceRun, page: Page) -> None:
        if self._is_first and found.began_at < self._at:
            when = dates.moment(found.began_at, found.source.office.zone)
            self._write(_("This goes on with the reading that began %(when)s.") % {"when": when}, "\n")
        self._is_first = False
        done = found.added + found.changed + found.unchanged
        part = page.done / page.total if page.total else 0.0
        bar = ("#" * round(part * WIDTH)).ljust(WIDTH, ".")
        text = f"[{bar}] {page.done}/{page.total} {page.what} · {done}"
        if self._is_terminal:
            self._write(f"\r{text.ljust(self._width)}", "")
            self._err.flush()
            self._width = len(text)
        elif f"{page.done}" != self._last:
            self._write(text, "\n")
        self._last = f"{page.done}"

    def end(self) -> None:
        if self._is_terminal and self._width:
            self._write("", "\n")

    def _write(self, text: str, ending: str) -> None:
        # On a terminal what goes to standard error is red; that a reading goes on is no error.
        self._err.write(text, style_func=str, ending=ending)


def _list(office: Office | None, out: OutputWrapper) -> None:
    rows = Source.objects.select_related("office").order_by("office__code", "name")
    for source in rows.filter(office=office) if office else rows:
        last = SourceRun.objects.filter(source=source).order_by("-id").first()
        zone = source.office.zone
        due = dates.moment(source.due_at, zone) if source.due_at else _("by command")
        state = f"{dates.moment(last.began_at, zone)}: {Outcome(last.outcome).label}" if last else "–"
        out.write(
            "\t".join([source.office.code, source.name, source.kind, due, state, json.dumps(source.config)])
        )


def _add(office: Office, options: dict[str, Any], out: OutputWrapper) -> None:
    try:
        config = json.loads(options["config"])
        if not isinstance(config, dict):
            raise TypeError
    except (ValueError, TypeError):
        sentence = _('--config must be JSON like {"domain": "1808"}.')
        raise CommandError(sentence, returncode=2) from None
    every = None if options["by_command"] else options["every"]
    try:
        source = administering.add(
            office,
            name=options["source"],
            kind=options["kind"],
            config=config,
            every_hours=every,
            by=None,
            at=now(),
        )
    except Refused as refusal:
        raise CommandError(str(refusal.sentence)) from refusal
    out.write(_("The source %(name)s is added.") % {"name": source.name})


def _remove(source: Source, *, keep: bool, out: OutputWrapper) -> None:
    try:
        entries = administering.remove(source, keep=keep, by=None, at=now())
    except Refused as refusal:
        raise CommandError(str(refusal.sentence)) from refusal
    words = {"name": source.name, "entries": str(entries)}
    if keep:
        out.write(_("The source %(name)s is removed; its %(entries)s entries stay.") % words)
    else:
        out.write(_("The source %(name)s is removed; its %(entries)s entries are withdrawn.") % words)


def _called(name: str, office: Office | None) -> Source:
    """The source of this name. A CommandError when there is none, or one in several offices."""
    rows = Source.objects.select_related("office__parent").filter(name=name)
    found = list(rows.filter(office=office) if office else rows)
    if len(found) == 1:
        return found[0]
    if found:
        offices = ", ".join(each.office.code for each in found)
        sentence = _("Several offices have a source %(name)s: choose one with --office (%(offices)s).")
        raise CommandError(sentence % {"name": name, "offices": offices}, returncode=2)
    sentence = _("There is no source %(name)s. `sapa catalogue source list` shows all of them.")
    raise CommandError(sentence % {"name": name[:40]}, returncode=2)
