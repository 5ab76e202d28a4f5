"""How the office gives appointments, for its administrators. A stored secret never goes back to the page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.meetings.forms import PolicyForm
from sapa.meetings.policy import policy_of, set_policy
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def edit(request: OfficerRequest) -> HttpResponse:
    """Lengths, notice, kinds, providers."""
    here = request.office
    policy = policy_of(here)
    names = [name for name in PolicyForm.base_fields if name != "zoom_secret"]
    initial = {name: getattr(policy, name) for name in names}
    form = PolicyForm(request.POST or None, initial=initial, has_secret=bool(policy.zoom_secret))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        secret = form.cleaned_data["zoom_secret"]
        try:
            set_policy(here, values=values, zoom_secret=secret, by=request.user, at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("The settings of appointments are saved."))
            return redirect("settings_meetings", office=here.code)
    context = {"office": here, "form": form, "has_secret": bool(policy.zoom_secret)}
    return render(request, "meetings/settings.html", context, status=422 if form.errors else 200)
