"""Settings of people: who works here, in which role."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.core.time import now
from sapa.pages.forms.settings import OfficerForm, RoleForm
from sapa.pages.views.settings import done, tried
from sapa.people import officers, rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """Everybody who works or worked here; invite one more."""
    here = request.office
    form = OfficerForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: officers.appoint(here, **form.cleaned_data, by=request.user, at=now())
    ):
        messages.success(request, _("The invitation is on its way by e-mail."))
        return redirect("settings_officers", office=here.code)
    rows = Officer.objects.filter(office=here).select_related("user")
    context = {
        "office": here,
        "form": form,
        "rows": rows.order_by("-is_active", "user__name"),
        "roles": Officer.Role.choices,
        "me": request.officer,
    }
    return render(request, "pages/settings/officers.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_POST
def change_role(request: OfficerRequest, officer: int) -> HttpResponse:
    """Another role from the next request on."""
    found = get_object_or_404(Officer, office=request.office, pk=officer)
    form = RoleForm(request.POST)
    role = form.cleaned_data["role"] if form.is_valid() else ""

    def act() -> None:
        if officers.change_role(found, role=role, by=request.user, at=now()):
            messages.success(request, _("The role is changed."))
        else:
            messages.info(request, _("The role was this one already; nothing has changed."))

    tried(request, act)
    return redirect("settings_officers", office=request.office.code)


@officer_view(rules.can_administer)
@require_POST
def dismiss(request: OfficerRequest, officer: int) -> HttpResponse:
    """No way in from the next request on."""
    found = get_object_or_404(Officer, office=request.office, pk=officer)
    tried(
        request,
        lambda: officers.dismiss(found, by=request.user, at=now()),
        _("The officer no longer has access. The record keeps the name."),
    )
    return redirect("settings_officers", office=request.office.code)
