"""A list or a classification from a file: chosen, looked through, and taken over when somebody has seen it."""

import json
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sapa.catalogue import loading, rules
from sapa.catalogue.mapping_forms import MappingForm, columns_of, is_header_unknown
from sapa.catalogue.sources.files import keeping
from sapa.catalogue.sources.files.layouts import Layout, layout_of, problems_of
from sapa.catalogue.sources.files.template import absences_as_xlsx
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.marked_yaml import FileRefused
from sapa.people.access import OfficerRequest, officer_view

MOST_NOTES: Final = 20
# Somebody waits for these, and a thread with them; more is for the command.
MOST_ROWS: Final = 30_000
LONGEST_MAPPING: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListForm(forms.Form):
    """One file; what is in it is seen when it is read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV (UTF-8) or XLSX. The first line names the columns."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    replaces = forms.BooleanField(
        label=gettext_lazy(
            "Withdraw what the file does not hold any more: codes of its version, or absences"
        ),
        required=False,
    )

    def clean_file(self) -> Any:
        """Not larger than files may be."""
        file = self.cleaned_data["file"]
        if file.size > settings.FILE_LIMIT:
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB. Divide it, or have it loaded by command.")
                % {"size": str(settings.FILE_LIMIT // 1_048_576)}
            )
        return file


@officer_view(rules.can_keep_sources)
@require_http_methods(["GET", "POST"])
def load(request: OfficerRequest) -> HttpResponse:
    """A file shows what it would change; the same file, confirmed, changes it. With a mistake nothing is changed.

    Where the first line is not known, what the columns mean is asked in between.
    """
    is_chosen = request.method == "POST" and "kept" not in request.POST
    form = ListForm(request.POST, request.FILES) if is_chosen else ListForm()
    context: dict[str, Any] = {"office": request.office, "form": form}
    if request.method == "POST" and "mapped" in request.POST:
        context |= _mapped(request, request.POST.get("kept", "")[:64])
    elif request.method == "POST" and "kept" in request.POST:
        return _take_over(request, request.POST["kept"][:64])
    elif request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = keeping.keep(file.chunks(), office=request.office)
        replaces = form.cleaned_data["replaces"]
        context |= _looked_through(request, kept, Path(file.name).name[:80], replaces=replaces)
    if context.get("is_gone"):
        return _gone(request)
    status = 422 if form.errors or context.get("problems") or context.get("mapping_errors") else 200
    return render(request, "catalogue/lists.html", context, status=status)


@officer_view(rules.can_keep_sources)
@require_safe
def absences(request: OfficerRequest) -> HttpResponse:
    """The office's list of what does not exist as a spreadsheet, to be mended and handed in again."""
    answer = HttpResponse(absences_as_xlsx(request.office), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="ketiadaan-{request.office.code}.xlsx"'
    return answer


def _looked_through(
    request: OfficerRequest,
    kept: str,
    name: str,
    *,
    replaces: bool,
    mapping: MappingForm | None = None,
) -> dict[str, Any]:
    """What the kept file would change, or what is wrong with it; then its columns can be told, if it has any."""
    here = request.office
    path = keeping.kept(kept, office=here)
    assert path is not None
    layout = mapping.layout if mapping else None
    context: dict[str, Any] = {"kept": kept, "replaces": replaces, "name": name, "mapping": mapping}
    try:
        would = loading.load_file(
            here, path, at=now(), layout=layout, replaces=replaces, dry_run=True, most=MOST_ROWS
        )
    except FileRefused as refusal:
        asked = None if mapping else _to_be_mapped(path, refusal)
        if asked is not None:
            return context | {"mapping": asked}
        if mapping is None:
            keeping.forget(kept, office=here)
        return context | {"problems": refusal.problems}
    if not (would.added or would.changed or would.withdrawn):
        keeping.forget(kept, office=here)
    told = json.dumps(mapping.mapping()) if mapping else ""
    return context | {"would": would, "notes": would.notes[:MOST_NOTES], "mapping": None, "told": told}


def _to_be_mapped(path: Path, refusal: FileRefused) -> MappingForm | None:
    """The question what the columns mean, when the first line is all that is wrong."""
    try:
        columns = columns_of(path)
    except FileRefused:
        return None
    first = min(problem.line for problem in refusal.problems)
    if not columns or first == 0 or any(problem.line != first for problem in refusal.problems):
        return None
    return MappingForm(columns) if is_header_unknown(columns) else None


def _mapped(request: OfficerRequest, kept: str) -> dict[str, Any]:
    """The columns are told: the file is looked through by them."""
    path = keeping.kept(kept, office=request.office)
    if path is None:
        return {"is_gone": True}
    mapping = MappingForm(columns_of(path), request.POST)
    replaces, name = request.POST.get("replaces") == "on", request.POST.get("name", "")[:80]
    if not mapping.is_valid():
        return {"mapping": mapping, "kept": kept, "replaces": replaces, "name": name, "mapping_errors": True}
    return _looked_through(request, kept, name, replaces=replaces, mapping=mapping)


def _told_layout(request: OfficerRequest) -> Layout | None:
    """The layout that was confirmed. Refused when it is not one of ours."""
    given = request.POST.get("told", "")
    if not given:
        return None
    try:
        mapping = json.loads(given[:LONGEST_MAPPING])
    except ValueError:
        mapping = None
    if problems := problems_of(mapping):
        raise Refused(" ".join(problems), code="mapping")
    return layout_of(mapping)


def _take_over(request: OfficerRequest, name: str) -> HttpResponse:
    here = request.office
    path = keeping.kept(name, office=here)
    if path is None:
        return _gone(request)
    try:
        loaded = loading.load_file(
            here,
            path,
            at=now(),
            by=request.officer,
            layout=_told_layout(request),
            replaces=request.POST.get("replaces") == "on",
            most=MOST_ROWS,
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        keeping.forget(name, office=here)
        said = {name: str(getattr(loaded, name)) for name in ("added", "changed", "withdrawn")}
        messages.success(
            request, _("Taken over: %(added)s added, %(changed)s changed, %(withdrawn)s withdrawn.") % said
        )
    return redirect("settings_lists", office=here.code)


def _gone(request: OfficerRequest) -> HttpResponse:
    messages.warning(request, _("The file is not kept any more. Please choose it again."))
    return redirect("settings_lists", office=request.office.code)
