"""Where the catalogue of the office comes from: its sources, what the last readings brought, and reading now."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sapa.catalogue import rules
from sapa.catalogue.models import Source, SourceRun
from sapa.catalogue.source_forms import BY_COMMAND, FORMS, NEW, SourceForm, beginning, chosen
from sapa.catalogue.sources import administering, running, trying
from sapa.catalogue.sources.registry import NAMES
from sapa.catalogue.sources.sdmx.reader import is_installed
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.people.access import OfficerRequest, officer_view

MOST_RUNS: Final = 10
MOST_TRIALS: Final = 6
TONES: Final = {"running": "info", "done": "good", "partly": "warn", "failed": "bad", "cut": "warn"}


@officer_view(rules.can_keep_sources)
@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """All sources of the office with their last reading, and what can be added."""
    here = request.office
    context = {"office": here, "rows": _rows(here), "kinds": [(kind, NAMES[kind]) for kind in NEW]}
    return render(request, "catalogue/sources.html", context)


@officer_view(rules.can_keep_sources)
@require_http_methods(["GET", "POST"])
def new(request: OfficerRequest, kind: str) -> HttpResponse:
    """POST adds a source of this kind, or tries it first and shows what would come."""
    here = request.office
    if kind not in NEW:
        raise Http404("no such kind of source")
    form = FORMS[kind](request.POST or None, initial=beginning(kind, here.code), is_new=True)
    context: dict[str, Any] = {"office": here, "form": form, "kind": kind, "called": NAMES[kind]}
    context["is_missing"] = kind == "sdmx" and not is_installed()
    if request.method == "POST" and "try" in request.POST:
        # What it will be called is no matter yet.
        form.fields["name"].required = False
        context["tried"] = _tried(request, kind, form, {})
        form.fields["name"].required = True
    elif request.method == "POST" and form.is_valid():
        try:
            administering.add(
                here,
                name=form.cleaned_data["name"],
                kind=kind,
                config=form.config(),
                every_hours=form.pause,
                by=request.user,
                at=now(),
            )
        except Refused as refusal:
            form.add_error("name" if refusal.code in {"name", "taken"} else None, str(refusal))
        else:
            messages.success(request, _("The source is added. It is read in the background."))
            return redirect("settings_sources", office=here.code)
    return render(request, "catalogue/source_new.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_keep_sources)
@require_http_methods(["GET", "POST"])
def show(request: OfficerRequest, source: int) -> HttpResponse:
    """One source: its last readings with what failed in them; POST changes it, or tries the change first."""
    here = request.office
    found = get_object_or_404(Source, office=here, pk=source)
    before = chosen(found)
    form = FORMS[found.kind](request.POST or None, initial=before, is_new=False)
    tried = None
    if request.method == "POST" and "try" in request.POST:
        tried = _tried(request, found.kind, form, found.config)
    elif request.method == "POST" and form.is_valid():
        every = form.pause
        if form.cleaned_data["every_hours"] == before["every_hours"] != BY_COMMAND:
            every = found.every_hours  # an odd number of hours that was set by command
        try:
            administering.change(
                found, config=form.config(found.config), every_hours=every, by=request.user, at=now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The source is changed."))
            return redirect("settings_source", office=here.code, source=found.pk)
    runs = SourceRun.objects.filter(source=found).order_by("-id")[:MOST_RUNS]
    context = {
        "office": here,
        "source": found,
        "kind": NAMES.get(found.kind, found.kind),
        "runs": [_told(run) for run in runs],
        "entries": sum(each.filter(withdrawn_at=None).count() for each in (found.entries, found.absences)),
        "form": form,
        "tried": tried,
    }
    return render(request, "catalogue/source.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_keep_sources)
@require_POST
def pause(request: OfficerRequest, source: int) -> HttpResponse:
    """The source is read no more by itself; with `go_on` it is again."""
    found = get_object_or_404(Source, office=request.office, pk=source)
    if "go_on" in request.POST:
        administering.go_on(found, by=request.user, at=now())
        messages.success(request, _("The source is read again, in the background."))
    else:
        administering.pause(found, by=request.user, at=now())
        messages.success(request, _("The source is paused: it is read only when you press “Read now”."))
    return redirect("settings_source", office=request.office.code, source=found.pk)


@officer_view(rules.can_keep_sources)
@require_POST
def read(request: OfficerRequest, source: int) -> HttpResponse:
    """The source is read in the background as soon as the worker has time."""
    found = get_object_or_404(Source, office=request.office, pk=source)
    try:
        administering.read_soon(found, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("The source is read now, in the background. Look here again in a minute.")
        )
    return redirect("settings_source", office=request.office.code, source=found.pk)


@officer_view(rules.can_keep_sources)
@require_POST
def remove(request: OfficerRequest, source: int) -> HttpResponse:
    """The source is gone; its entries are withdrawn, or stay when that was ticked."""
    found = get_object_or_404(Source, office=request.office, pk=source)
    keep = request.POST.get("keep") == "on"
    try:
        administering.remove(found, keep=keep, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("settings_source", office=request.office.code, source=found.pk)
    messages.success(request, _("The source is removed."))
    return redirect("settings_sources", office=request.office.code)


def _tried(
    request: OfficerRequest, kind: str, form: SourceForm, before: dict[str, Any]
) -> trying.Tried | None:
    """What the source would tell first, as the form has it; None when something is wrong in the form."""
    if not form.is_valid():
        return None
    try:
        # Each trial keeps one of the process's threads for seconds.
        spend("source_trial", str(request.user.pk), times=MOST_TRIALS, seconds=60)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return trying.first_page(kind, form.config(before))


def _rows(here: Office) -> list[dict[str, Any]]:
    last = SourceRun.objects.filter(source=OuterRef("pk")).order_by("-id").values("pk")[:1]
    sources = list(Source.objects.filter(office=here).annotate(last=Subquery(last)).order_by("name"))
    runs = SourceRun.objects.in_bulk([each.last for each in sources if each.last])
    return [
        {
            "source": each,
            "kind": NAMES.get(each.kind, each.kind),
            "told": _told(runs[each.last]) if each.last else None,
        }
        for each in sources
    ]


def _told(run: SourceRun) -> dict[str, Any]:
    """A reading as the page shows it."""
    return {
        "run": run,
        "tone": TONES[run.outcome],
        "progress": running.progress_of(run) if run.outcome == SourceRun.Outcome.RUNNING else None,
        "minutes": round((run.ended_at - run.began_at).total_seconds() / 60) if run.ended_at else None,
    }
