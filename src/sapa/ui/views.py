"""Pages that belong to the look itself: the expired form, and the style guide for those who build pages."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from sapa.ui.forms import DateInput, TelInput, rating_options

ROOMS: Final = ("public", "desk", "board", "kiosk", "slip", "rating")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token: say how to go on; the reason is for our logs, not for people."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What nobody can read gets a page that says so; a text beyond all length gets its own sentence, which a page that
    fetches its parts can show as it is."""
    if not isinstance(exception, RequestDataTooBig):
        return defaults.bad_request(request, exception)
    if request.headers.get("HX-Request"):
        sentence = _("This text is too long to send. Please shorten it, or send it as a file.")
        return HttpResponse(sentence, status=413, content_type="text/plain; charset=utf-8")
    return HttpResponse(loader.render_to_string("400.html"), status=413)


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The answer goes to this address."))
    phone = forms.CharField(label=_("Telephone"), widget=TelInput, required=False)
    born_on = forms.DateField(label=_("Date"), widget=DateInput, required=False)
    people = forms.IntegerField(label=_("People in the group"), min_value=1, max_value=40, initial=1)
    service = forms.ChoiceField(
        label=_("Service"),
        widget=forms.RadioSelect,
        choices=[("k", _("Statistical consultation")), ("p", _("Library")), ("r", _("Recommendation"))],
    )
    needs = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("1", _("Population")), ("2", _("Prices")), ("3", _("Agriculture"))],
    )
    education = forms.ChoiceField(
        label=_("Choose from a list"), choices=[("", "–"), ("1", _("Population")), ("2", _("Prices"))]
    )
    message = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField(label=_("I have read how my data are used."))
    silent = forms.BooleanField(label=_("Without sound"), required=False)
    speed = forms.ChoiceField(
        label=_("How quick was the service?"), widget=forms.RadioSelect, choices=rating_options
    )


def sample(room: str) -> dict[str, Any]:
    """What the pages of the style guide show, the same on every day so that pictures can be compared."""
    zone = ZoneInfo("Asia/Jakarta")
    now = datetime(2026, 11, 23, 10, 30, tzinfo=zone)
    started = now - timedelta(minutes=4)
    return {
        "room": room,
        "form": SampleForm(),
        "wrong": SampleForm({"email": "ani@", "people": "99"}),
        "page": Paginator(range(2345), 50).get_page(3),
        "zone": zone,
        "now": now,
        "started": started,
        "soon": started + timedelta(minutes=10),
        "past": now - timedelta(minutes=3),
        "in_days": now + timedelta(days=2, hours=5),
        "days_ago": now - timedelta(days=1),
        "explanation": [
            "Senin 23 November: permintaan lengkap pukul 10.30, hari ke-0",
            "Selasa 24 November: hari kerja ke-1",
            "Rabu 25 November: hari kerja ke-2, jatuh tempo pada jam tutup pukul 15.30",
        ],
        "facts": [
            ("Nomor", "K-012"),
            ("Layanan", "Konsultasi statistik"),
            ("Instansi", "Dinas Pertanian Kabupaten Tulang Bawang"),
            ("Catatan", None),
        ],
        "head": ["Layanan", "Menunggu", "Rata-rata tunggu"],
        "rows": [
            ["Konsultasi statistik", 5, "9 menit"],
            ["Perpustakaan", 2, "4 menit"],
            ["Rekomendasi", 0, "–"],
        ],
        "numeric": [1, 2],
        "tabs": [
            {"label": "Menunggu", "href": "#a", "count": 7, "current": True},
            {"label": "Ditahan", "href": "#b", "count": 1},
            {"label": "Selesai", "href": "#c", "icon": "check"},
        ],
        "trail": [("Beranda", "/"), ("Kunjungan", "/"), ("K-012", "")],
        "events": [
            {"at": started - timedelta(minutes=9), "text": "Buku tamu diisi di kios", "icon": "edit"},
            {"at": started - timedelta(minutes=8), "text": "Nomor K-012 diambil", "icon": "ticket"},
            {"at": started, "text": "Dipanggil ke Meja 2", "by": "Budi", "icon": "megaphone", "tone": "good"},
        ],
        "steps": ["Isi buku tamu", "Ambil nomor antrean", "Konsultasi di meja layanan", "Beri penilaian"],
        "ratings": rating_options(),
        "cancel_url": "?room=kiosk",
        "idle_seconds": 600,
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every element in every state, one page per room; only where DEBUG is on."""
    room = request.GET.get("room", "public")
    if not settings.DEBUG or room not in ROOMS:
        raise Http404("the style guide is for those who build pages")
    return render(request, f"ui/styleguide/{room}.html", sample(room))
