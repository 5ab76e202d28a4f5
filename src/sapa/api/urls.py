"""Addresses of the interface for other programs, its description, and its settings."""

from django.urls import URLPattern, path, re_path

from sapa.api.gate import enter
from sapa.api.views import given_up, reference, settings

SETTINGS = "<str:office>/pengaturan/api/"

urlpatterns: list[URLPattern] = [
    path("api/v1/", reference.page, name="api_reference"),
    path("api/v1/openapi.json", reference.document, name="api_document"),
    # Line breaks too: what a program sent by mistake is answered as the document says.
    re_path(r"^api/v1/(?P<rest>[\s\S]+)$", enter, name="api"),
    path(SETTINGS, settings.index, name="settings_api"),
    path(SETTINGS + "webhook/", settings.add_webhook, name="settings_webhook"),
    path(SETTINGS + "webhook/<int:webhook>/penghentian/", settings.end_webhook, name="settings_webhook_end"),
    path(SETTINGS + "webhook/gagal/percobaan/", given_up.retry, name="settings_webhook_retry_all"),
    path(SETTINGS + "webhook/gagal/pembuangan/", given_up.drop, name="settings_webhook_drop_all"),
    path(SETTINGS + "webhook/gagal/<int:delivery>/percobaan/", given_up.retry, name="settings_webhook_retry"),
    path(SETTINGS + "webhook/gagal/<int:delivery>/pembuangan/", given_up.drop, name="settings_webhook_drop"),
    path(SETTINGS + "<int:token>/pencabutan/", settings.revoke, name="settings_api_revocation"),
]
