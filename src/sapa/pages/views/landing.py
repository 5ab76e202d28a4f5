"""The public pages: which office, and the office itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sapa.offices.models import Office
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public, public


@public
def index(request: HttpRequest) -> HttpResponse:
    """The offices of this installation; with a single one that takes visitors, straight to it."""
    offices = list(Office.objects.filter(services__is_active=True).distinct().order_by("code"))
    if len(offices) == 1:
        return redirect("office", office=offices[0].code)
    return render(request, "pages/offices.html", {"offices": offices})


@office_public
def office(request: OfficeRequest) -> HttpResponse:
    """Who we are, open now or when next, queue now, the standard, complaint."""
    return render(request, "pages/office.html", {"office": request.office})
