"""My choices: ways, quiet hours, overview, devices; and the link in every mail that ends mails of a topic."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.notifications import devices, mails, preferences, readers, unsubscribing, vapid
from sapa.notifications.forms import ChoicesForm, DeviceForm
from sapa.notifications.models import Reader
from sapa.people.access import AccountRequest, account_view, public
from sapa.people.models import Officer


@account_view
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: AccountRequest) -> HttpResponse:
    """What is chosen now; a POST chooses anew."""
    reader = readers.reader_of(request.user, at=now(), language=request.LANGUAGE_CODE)
    topics = preferences.table(request.user, for_officer=_is_officer(request))
    if request.method != "POST":
        return _page(request, reader, ChoicesForm(initial=_initial(reader), topics=topics))
    form = ChoicesForm(request.POST, topics=topics)
    if not form.is_valid():
        return _page(request, reader, form, status=422)
    with transaction.atomic():
        for topic in form.topics:
            preferences.choose(request.user, topic, form.wanted(topic))
        readers.change(
            reader,
            language=form.cleaned_data["language"],
            quiet_from=form.hour("quiet_from"),
            quiet_until=form.hour("quiet_until"),
            quiet_weekends=form.cleaned_data["quiet_weekends"],
            digest_time=form.hour("digest_time"),
            at=now(),
        )
    messages.success(request, _("Your choices have been saved."))
    return redirect("notification_choices")


@account_view
@require_POST
def allow_device(request: AccountRequest) -> HttpResponse:
    """This browser may be woken."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This browser did not say how it can be reached. Please try again."))
        return redirect("notification_choices")
    try:
        devices.allow(
            request.user,
            endpoint=form.cleaned_data["endpoint"],
            p256dh=form.cleaned_data["p256dh"],
            auth=form.cleaned_data["auth"],
            agent=request.headers.get("User-Agent", ""),
            at=now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This device tells you from now on."))
    return redirect("notification_choices")


@account_view
@require_POST
def forget_device(request: AccountRequest, subscription: int) -> HttpResponse:
    """A browser of one's own is not woken any more; somebody else's is not found."""
    devices.forget(get_object_or_404(request.user.push_subscriptions, pk=subscription))
    messages.success(request, _("That device is not told any more."))
    return redirect("notification_choices")


@account_view
@require_POST
def trust_address(request: AccountRequest) -> HttpResponse:
    """Mails go to an address again that refused one before."""
    mails.trust_again(request.user.pk)
    messages.success(request, _("Mails go to your address again."))
    return redirect("notification_choices")


# The one click of a mail program (RFC 8058 section 3.1) brings no cookie and no token of ours; the signed link does.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """Asks by GET, for mail scanners follow links; ends by POST. A link that is not ours is not found."""
    spend("unsubscribe", request.META.get("REMOTE_ADDR", ""), times=600, seconds=600)
    wish = unsubscribing.wish_of(link)
    if wish is None:
        raise Http404("not a link of ours")
    if request.method == "POST":
        unsubscribing.stop(wish)
    return _private(
        render(
            request,
            "notifications/stop.html",
            {"topic": wish.topic, "is_done": request.method == "POST", "link": link},
        )
    )


def _page(request: AccountRequest, reader: Reader, form: ChoicesForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "reader": reader,
        "address": mails.address_of(request.user),
        "devices": request.user.push_subscriptions.order_by("id"),
        "push_key": vapid.public_key(),
        "worker_address": f"/sw.js?bahasa={request.LANGUAGE_CODE}",
    }
    return _private(render(request, "notifications/choices.html", context, status=status))


def _initial(reader: Reader) -> dict[str, object]:
    def hour(name: str) -> str:
        value = getattr(reader, name)
        return f"{value:%H:%M}" if value else ""

    return {
        "language": reader.language,
        "quiet_weekends": reader.quiet_weekends,
        **{name: hour(name) for name in ("quiet_from", "quiet_until", "digest_time")},
    }


def _is_officer(request: AccountRequest) -> bool:
    with scopes_disabled():
        return Officer.objects.filter(user=request.user, is_active=True).exists()


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
