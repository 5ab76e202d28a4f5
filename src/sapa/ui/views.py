"""Pages that belong to the look itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token: say how to go on; the reason is for our logs, not for people."""
    return render(request, "403_csrf.html", status=403)
