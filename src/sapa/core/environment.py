"""Typed readers of the environment that fail loudly: a wrong word is never quietly an answer."""

import os
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ON = {"1", "true", "yes", "on", "ya"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
OFF = {"", "0", "false", "no", "off", "tidak"}


class Environment:
    """Reads one variable at a time; each failure names the variable and what it takes."""

    def text(self, name: str, default: str = "") -> str:
        return os.environ.get(name, default).strip()

    def switch(self, name: str, *, default: bool) -> bool:
        """on or off, in any of the usual spellings."""
        word = os.environ.get(name)
        if word is None:
            return default
        if word.strip().lower() in ON:
            return True
        if word.strip().lower() in OFF:
            return False
        raise ImproperlyConfigured(f"{name} must be on or off (1 or 0); it is {word!r}.")

    def number(self, name: str, *, default: int, least: int = 0) -> int:
        """A whole number of at least `least`."""
        word = os.environ.get(name, "").strip() or str(default)
        try:
            value = int(word)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number; it is {word!r}.") from None
        if value < least:
            raise ImproperlyConfigured(f"{name} must be at least {least}; it is {value}.")
        return value

    def words(self, name: str, *, default: list[str]) -> list[str]:
        """A list separated by commas."""
        text = os.environ.get(name)
        return default if text is None else [word.strip() for word in text.split(",") if word.strip()]

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """The address of a SQLite or PostgreSQL database, as Django wants it."""
        address = self.text(name) or default
        try:
            found: dict[str, Any] = environ.Env.db_url_config(address)
        except Exception:
            found = {}
        if found.get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
            raise ImproperlyConfigured(
                f"{name} must look like postgresql://user:password@host/name or sqlite:////folder/file."
            )
        return found

    def address(self, name: str) -> str:
        """The address of a service: https, or plain http on this very machine; blank when it is not given."""
        given = self.text(name).rstrip("/")
        try:
            parts = urlsplit(given)
            safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
            whole = (
                bool(parts.hostname)
                and parts.port != 0
                and not (parts.query or parts.fragment or parts.username)
            )
        except ValueError:
            safe = whole = False
        if given and not (safe and whole):
            raise ImproperlyConfigured(f"{name} must look like https://masuk.example.go.id/realms/kantor.")
        return given

    def sign_in_service(self) -> dict[str, Any]:
        """The office's OpenID Connect service as allauth wants it; nothing when SAPA_OIDC_ISSUER is not given."""
        issuer = self.address("SAPA_OIDC_ISSUER")
        if not issuer:
            return {}
        app = {
            "provider_id": "dinas",
            "name": self.text("SAPA_OIDC_NAME") or urlsplit(issuer).hostname,
            "client_id": self.text("SAPA_OIDC_CLIENT_ID"),
            "secret": self.text("SAPA_OIDC_SECRET"),
            "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
        }
        for name, key in (("SAPA_OIDC_CLIENT_ID", "client_id"), ("SAPA_OIDC_SECRET", "secret")):
            if not app[key]:
                raise ImproperlyConfigured(f"{name} must be given together with SAPA_OIDC_ISSUER.")
        return {"openid_connect": {"APPS": [app]}}

    def mail(self, name: str) -> dict[str, Any]:
        """The address of a mail server, as Django's EMAIL_ settings; nothing when it is not given."""
        address = self.text(name)
        if not address:
            return {}
        try:
            found: dict[str, Any] = environ.Env.email_url_config(address)
        except Exception:
            raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:password@host:587.") from None
        return found
