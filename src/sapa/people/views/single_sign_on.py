"""What an officer reads whose sign-in through the office's own service did not come about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def cancelled(request: HttpRequest) -> HttpResponse:
    """The officer turned back at the service."""
    return render(request, "socialaccount/login_cancelled.html")


@require_GET
def failed(request: HttpRequest) -> HttpResponse:
    """The service or the way back failed."""
    return render(request, "socialaccount/authentication_error.html")
