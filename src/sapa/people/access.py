"""Who may reach a view. A view that does not say so with one of these decorators is refused.

The decorators also find the office, open its scope, and hand the view a request of the right type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.core import sql
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.models import Desk, Device, Office
from sapa.offices.scope import DeviceRequest, OfficeRequest, office_or_404
from sapa.people import clients, second_step
from sapa.people.models import Client, Officer, User

P = ParamSpec("P")
View = Callable[..., HttpResponse]
Rule = Callable[[Officer], bool]


class OfficerRequest(OfficeRequest):
    """A request of a signed-in, active officer of the office (or of an office above it, where allowed)."""

    officer: Officer
    user: User


class AccountRequest(HttpRequest):
    """A request of a signed-in person."""

    user: User


class ClientRequest(OfficeRequest):
    """A request of a signed-in client of the service, below an office."""

    user: User
    client: Client


@dataclass(frozen=True)
class Access:
    """Who may come in: public, office, device, officer, account, client or api. `rule` names the predicate."""

    kind: str
    rule: str = ""
    device: str = ""
    from_above: bool = False


def _marked(view: Any, access: Access) -> Any:
    view.access = access
    return view


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> View:
    """Anybody, no office: landing page, language switch, health."""
    return cast("View", _marked(view, Access("public")))


def office_public(view: Callable[Concatenate[OfficeRequest, P], HttpResponse]) -> View:
    """Anybody, below an office: `view(request, ...)` with `request.office` and its scope active.

    Also for addresses that carry an unguessable token: the view finds the object by the token.
    """

    @wraps(view)
    def reached(request: HttpRequest, office: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = office_or_404(office)
        bound = cast("OfficeRequest", request)
        bound.office = found
        with scope(office=found):
            return view(bound, *args, **kwargs)

    return cast("View", _marked(reached, Access("office")))


def device_view(
    *kinds: Device.Kind,
) -> Callable[[Callable[Concatenate[DeviceRequest, P], HttpResponse]], View]:
    """A device of one of `kinds` whose token stands in the address, neither revoked nor expired."""

    def decorate(view: Callable[Concatenate[DeviceRequest, P], HttpResponse]) -> View:
        @wraps(view)
        def reached(
            request: HttpRequest, office: str, device: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            found = office_or_404(office)
            bound = cast("DeviceRequest", request)
            bound.office = found
            with scope(office=found):
                known = Device.objects.select_related("desk").filter(token=device, kind__in=kinds).first()
                if known is None or not known.is_usable(timezone.localdate(now(), found.zone)):
                    raise Http404("no such device")
                bound.device = known
                response = view(bound, *args, **kwargs)
            patch_cache_control(response, no_store=True, private=True)
            response["X-Robots-Tag"] = "noindex"
            return response

        return cast("View", _marked(reached, Access("device", device=",".join(kinds))))

    return decorate


def officer_of(user: User, office: Office, *, from_above: bool = False) -> Officer | None:
    """The user's active officer row for `office`; with `from_above` also one of an office above it."""
    if not user.is_authenticated or not user.is_active:
        return None
    offices = office.lineage() if from_above else [office]
    # At most one, by constraint. Who and where are known already.
    found = sql.first(Officer, "user_id = %s AND is_active", [user.pk])
    at = next((each for each in offices if found is not None and each.pk == found.office_id), None)
    if found is None or at is None:
        return None
    found.user, found.office = user, at
    Officer._meta.get_field("desk").set_cached_value(found, sql.first(Desk, "officer_id = %s", [found.pk]))
    return found


def _to_second_step(request: HttpRequest, user: User) -> HttpResponse:
    """To its set-up; whoever has one but signed in without it, in a session from before, signs in anew."""
    if is_mfa_enabled(user):
        logout(request)
        messages.warning(request, _("Please sign in again, with your second step."))
        return _to_sign_in(request)
    messages.warning(request, _("Your office asks for a second step at sign-in. Please set one up first."))
    return redirect("mfa_index")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to the page that the reader saw.

    A part of a page and an address that only takes a form are nothing to come back to; and a part that is
    fetched again leads its whole page there, instead of showing the sign-in inside it.
    """
    is_part = "HX-Request" in request.headers
    if request.method in {"GET", "HEAD"} and not is_part:
        page = request.get_full_path()
    else:
        page = _path_of(request.headers.get("HX-Current-URL" if is_part else "Referer", ""))
    address = resolve_url("account_login") + (f"?next={quote(page)}" if page else "")
    return HttpResponse(headers={"HX-Redirect": address}) if is_part else redirect(address)


def _path_of(address: str) -> str:
    try:
        return urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
    except ValueError:
        return ""


def officer_view(
    rule: Rule, *, from_above: bool = False
) -> Callable[[Callable[Concatenate[OfficerRequest, P], HttpResponse]], View]:
    """An active officer of the office for whom `rule` holds.

    Nobody signed in: to the sign-in page. A stranger to the office: not found. The wrong role: refused
    with a sentence. An office that requires a second factor: first to its set-up.
    """

    def decorate(view: Callable[Concatenate[OfficerRequest, P], HttpResponse]) -> View:
        @wraps(view)
        def reached(request: HttpRequest, office: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            found = office_or_404(office)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            user = request.user
            officer = officer_of(user, found, from_above=from_above)
            if officer is None:
                raise Http404("not an officer of this office")
            if not rule(officer):
                raise PermissionDenied
            if found.mfa_required and not second_step.is_done_in(request.session):
                return _to_second_step(request, user)
            bound = cast("OfficerRequest", request)
            bound.office, bound.officer = found, officer
            with scope(office=found):
                response = view(bound, *args, **kwargs)
            patch_cache_control(response, no_store=True, private=True)
            return response

        return cast("View", _marked(reached, Access("officer", rule=rule.__name__, from_above=from_above)))

    return decorate


def account_view(view: Callable[Concatenate[AccountRequest, P], HttpResponse]) -> View:
    """Any signed-in person."""

    @wraps(view)
    def reached(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(cast("AccountRequest", request), *args, **kwargs)

    return cast("View", _marked(reached, Access("account")))


def client_view(view: Callable[Concatenate[ClientRequest, P], HttpResponse]) -> View:
    """Any signed-in person, as a client of the office in the address.

    An account without a client record gets one. What the view shows it finds through `request.client`: an
    object of somebody else is not found.
    """

    @wraps(view)
    def reached(request: HttpRequest, office: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = office_or_404(office)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        bound = cast("ClientRequest", request)
        bound.office, bound.client = found, clients.client_of(request.user, at=now())
        with scope(office=found):
            response = view(bound, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return cast("View", _marked(reached, Access("client")))


class AccessMiddleware:
    """Refuses every view that carries no access mark. allauth guards its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            # Reload, a bookmark, the language switch: the reader would see an empty page.
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if not hasattr(view, "access") and not view.__module__.startswith("allauth."):
            raise Http404("this view does not say who may reach it")

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A refusal that no view has caught still reaches the reader as a sentence, never as an error of ours."""
        if not isinstance(problem, Refused):
            return None
        status = 429 if problem.code == "too_often" else 409
        return render(request, "ui/refused.html", {"sentence": str(problem)}, status=status)
