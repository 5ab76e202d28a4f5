"""A list or a classification from a file: chosen, looked through, and taken over when somebody has seen it."""

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
from sapa.catalogue.sources.files import keeping
from sapa.catalogue.sources.files.template import absences_as_xlsx
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.marked_yaml import FileRefused
from sapa.people.access import OfficerRequest, officer_view

MOST_NOTES: Final = 20
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
    """A file shows what it would change; the same file, confirmed, changes it. With a mistake nothing is changed."""
    if request.method == "POST" and "kept" in request.POST:
        return _take_over(request, request.POST["kept"][:64])
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    context: dict[str, Any] = {"office": request.office, "form": form}
    if request.method == "POST" and form.is_valid():
        context |= _looked_through(request, form)
    status = 422 if form.errors or context.get("problems") else 200
    return render(request, "catalogue/lists.html", context, status=status)


@officer_view(rules.can_keep_sources)
@require_safe
def absences(request: OfficerRequest) -> HttpResponse:
    """The office's list of what does not exist as a spreadsheet, to be mended and handed in again."""
    answer = HttpResponse(absences_as_xlsx(request.office), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="ketiadaan-{request.office.code}.xlsx"'
    return answer


def _looked_through(request: OfficerRequest, form: ListForm) -> dict[str, Any]:
    """What the file would change, or what is wrong with it."""
    here, file = request.office, form.cleaned_data["file"]
    name = keeping.keep(file.chunks(), office=here)
    path = keeping.kept(name, office=here)
    assert path is not None
    try:
        replaces = form.cleaned_data["replaces"]
        would = loading.load_file(here, path, at=now(), replaces=replaces, dry_run=True)
    except FileRefused as refusal:
        keeping.forget(name, office=here)
        return {"problems": refusal.problems, "name": Path(file.name).name[:80]}
    if not (would.added or would.changed or would.withdrawn):
        keeping.forget(name, office=here)
    return {
        "would": would,
        "notes": would.notes[:MOST_NOTES],
        "kept": name,
        "replaces": replaces,
        "name": Path(file.name).name[:80],
    }


def _take_over(request: OfficerRequest, name: str) -> HttpResponse:
    here = request.office
    path = keeping.kept(name, office=here)
    if path is None:
        messages.warning(request, _("The file is not kept any more. Please choose it again."))
        return redirect("settings_lists", office=here.code)
    try:
        loaded = loading.load_file(
            here, path, at=now(), by=request.officer, replaces=request.POST.get("replaces") == "on"
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
