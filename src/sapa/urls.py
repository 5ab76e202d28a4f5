"""All addresses. Endpoints are resources; the office is the first segment; words are Indonesian."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from sapa.people.access import public
from sapa.ui.views import styleguide

handler400 = "sapa.ui.views.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("akun/", include("allauth.account.urls")),
    path("akun/mfa/", include("allauth.mfa.urls")),
    path("", include("sapa.people.urls")),
    path("", include("sapa.pages.urls")),
    path("", include("sapa.frontdesk.urls")),
    path("", include("sapa.files.urls")),
    path("", include("sapa.roster.urls")),
    path("", include("sapa.catalogue.urls")),
    path("", include("sapa.inbox.urls")),
    path("", include("sapa.meetings.urls")),
    path("", include("sapa.notifications.urls")),
    path("", include("sapa.api.urls")),
    path("", include("sapa.feedback.urls")),
    path("", include("sapa.reports.urls")),
]
if settings.DEBUG:
    urlpatterns.insert(0, path("gaya/", public(styleguide), name="styleguide"))
