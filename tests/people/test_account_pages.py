"""Every page, sentence and mail about accounts speaks in one voice, in both languages."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sites.shortcuts import get_current_site
from django.core import mail
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django_scopes import scopes_disabled
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from sapa.frontdesk.models import Visit
from sapa.people import clients
from sapa.people.models import User
from sapa.people.words import ACCOUNTS_SAY
from tests.cast import make_client, make_office

PASSWORD: Final = "sandi-yang-panjang-1"
# Said otherwise in Indonesian: "email", "langkah kedua", "kunci sandi", "kata sandi", "peramban".
BANNED_ID: Final = (
    *("e-mail", "surel", "dua faktor", "dua langkah", "autentikasi", "otentikasi", "otentikator", "passkey"),
    *("kunci keamanan", "browser", "reset", "silahkan", "login", "token", "opsional", "link "),
)
ENGLISH: Final = re.compile(
    r"\b(the|your|you|please|password|address|addresses|enter|this|with|and|not|been|sign|new|again|app"
    r"|used|verified|remove|primary|step|account|there|have|has|was|is|are|to|of)\b",
    re.IGNORECASE,
)
BANNED_EN: Final = re.compile(r"\bemail|two-factor|security key|authentication|\bsign-?up for\b|unable", re.I)
# Two capitalised words in a row where a sentence has one.
TITLE_CASE: Final = re.compile(r"\b[A-Z][a-z]+ (?!Anda\b)[A-Z][a-z]+\b")
# Names of the service and of people are written so.
NAMES: Final = ("Rini Puspita", "Sapa", "BPS Kabupaten Tulang Bawang")
NO_PAGES: Final = {
    "account_set_password": "leads on: every account has a password",
    "mfa_download_recovery_codes": "a file of codes without words",
    "mfa_login_webauthn": "data for the script of the sign-in page",
    "account_data": "a file with the own data",
}
# Leads to the page of the account, which the walk sees.
LEAD_ON: Final = {
    *("account_name", "account_erasure", "account_merge", "account_unmerge", "account_consent_withdraw"),
    *("account_merge_aside", "account_merge_again"),
}
# Mails of ways that are switched off.
UNSENT: Final = {"password_reset_key"}


class Walk:
    """One language's way through all pages; keeps what each of them said."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.said: dict[str, str] = {}

    def browser(self) -> Browser:
        made = Browser(headers={"User-Agent": "Firefox"})
        made.cookies["sapa_language"] = self.language
        return made

    def see(self, browser: Browser, path: str, what: str = "", **sent: str) -> str:
        """The page as HTML, after a form was sent when something is given; what leads on is followed."""
        answer = browser.post(path, sent, follow=True) if sent else browser.get(path, follow=True)
        assert answer.status_code < 500, path
        html: str = answer.content.decode()
        request = answer.wsgi_request
        assert request.resolver_match is not None
        name = request.resolver_match.url_name
        if name != "home":  # where signing out leads is no page about accounts
            self.said[f"{name} {what}".strip()] = html
        return html


def code_of(message: mail.EmailMessage) -> str:
    found = re.search(r"^([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)$", str(message.body), re.MULTILINE)
    assert found is not None, message.body
    return found[1]


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def add_passkey(user: User, name: str, *, rk: bool | None) -> Authenticator:
    """A key as a browser would have registered it; `rk` is what the browser told of its kind."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    kept = AttestedCredentialData.create(Aaguid.NONE, name.encode(), public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    shown = AttestationObject.create("none", AuthenticatorData.create(b"0" * 32, flags, 0, kept), {})
    given = CollectedClientData.create("webauthn.create", b"challenge", "http://testserver")
    credential = {
        "id": websafe_encode(name.encode()),
        "rawId": websafe_encode(name.encode()),
        "type": "public-key",
        "response": {"clientDataJSON": websafe_encode(given), "attestationObject": websafe_encode(shown)},
        "clientExtensionResults": {} if rk is None else {"credProps": {"rk": rk}},
    }
    made: Authenticator = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": name, "credential": credential}
    )
    return made


def walk_in(walk: Walk) -> Browser:
    """Signing up, in, and choosing a new password, with every mistake; ends signed in."""
    guest = walk.browser()
    walk.see(guest, "/akun/login/")
    walk.see(guest, "/akun/login/", "wrong", login="tidak@ada.example", password="salah-sama-sekali")
    walk.see(guest, "/akun/login/", "empty", login="", password="")
    walk.see(guest, "/akun/inactive/")
    walk.see(guest, "/akun/signup/")
    for what, password in (("short", "pendek"), ("digits", "1234567890123"), ("common", "password1234")):
        walk.see(guest, "/akun/signup/", what, email="rini@contoh.example", password1=password)
    walk.see(guest, "/akun/signup/", "wrong address", email="rini", password1=PASSWORD)
    walk.see(guest, "/akun/signup/", "sent", email="rini@contoh.example", password1=PASSWORD)
    walk.see(guest, "/akun/confirm-email/", "wrong", code="XXXXXX")
    walk.see(guest, "/akun/confirm-email/", "done", code=code_of(mail.outbox[-1]))
    walk.see(walk.browser(), "/akun/signup/", "known", email="rini@contoh.example", password1=PASSWORD)
    walk.see(guest, "/akun/profil/?next=/", "first")
    walk.see(guest, "/akun/profil/", "empty", name="")
    walk.see(guest, "/akun/", "new")
    User.objects.update(name="Rini Puspita")
    walk_by_code(walk)
    lost = walk.browser()
    walk.see(lost, "/akun/password/reset/")
    walk.see(walk.browser(), "/akun/password/reset/", "unknown", email="tidak@ada.example")
    walk.see(lost, "/akun/password/reset/", "sent", email="rini@contoh.example")
    walk.see(lost, "/akun/password/reset/confirm/", "wrong", code="XXXXXX")
    walk.see(lost, "/akun/password/reset/confirm/", "right", code=code_of(mail.outbox[-1]))
    walk.see(
        lost,
        "/akun/password/reset/complete/",
        "differ",
        password1="sandi-baru-12345",
        password2="sandi-lain-1",
    )
    walk.see(lost, "/akun/password/reset/complete/", "done", password1=PASSWORD, password2=PASSWORD)
    owner = walk.browser()
    walk.see(owner, "/akun/login/", "right", login="rini@contoh.example", password=PASSWORD)
    return owner


def walk_by_code(walk: Walk) -> None:
    """Signing in with a code by e-mail, with every mistake, and what the office's own service may lead to."""
    quick = walk.browser()
    walk.see(quick, "/akun/login/code/")
    walk.see(quick, "/akun/login/code/", "wrong address", email="rini")
    walk.see(walk.browser(), "/akun/login/code/", "unknown", email="tidak@ada.example")
    walk.see(quick, "/akun/login/code/", "sent", email="rini@contoh.example")
    walk.see(quick, "/akun/login/code/confirm/", "empty", code="")
    walk.see(quick, "/akun/login/code/confirm/", "wrong", code="XXXXXX")
    walk.see(quick, "/akun/login/code/confirm/", "done", code=code_of(mail.outbox[-1]))
    walk.see(quick, "/akun/dinas/batal/")
    walk.see(quick, "/akun/dinas/gagal/")


def walk_with_visits(walk: Walk, owner: Browser) -> None:
    """The account of somebody who came before: whose visits, which consents, and erasing."""
    user = User.objects.get()
    office = make_office()
    at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    own = clients.link_account(user, email=user.email, at=at)
    walk_in = make_client("Rini", email="rini@contoh.example")
    for client in (own, walk_in):
        with scopes_disabled():
            Visit.objects.create(
                office=office,
                client=client,
                submission_key=uuid4(),
                service_day=at.date(),
                signed_at=at,
                door="kiosk",
                codelist_version="skd-2026",
            )
    own.consents.create(
        office=office,
        purpose="skd_contact",
        text_version="skd_contact-1",
        language="id",
        door="kiosk",
        given_at=at,
    )
    page = walk.see(owner, "/akun/", "with a proposal")
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    walk.see(owner, "/akun/kunjungan/", "bad token", token="x")
    walk.see(owner, "/akun/kunjungan/", "added", token=token[1])
    walk.see(owner, f"/akun/kunjungan/{own.merges.get().pk}/pisah/", "undone", sure="yes")
    walk.see(owner, f"/akun/persetujuan/{own.consents.get().pk}/tarik/", "withdrawn", sure="yes")
    walk.see(owner, "/akun/hapus/", "not sure", sure="no")


def walk_through(walk: Walk, owner: Browser) -> None:
    """The signed-in pages: addresses, password, second step."""
    user = User.objects.get()
    walk.see(owner, "/akun/email/", "one")
    walk.see(owner, "/akun/email/", "known", action_add="", email="rini@contoh.example")
    walk.see(owner, "/akun/email/", "added", action_add="", email="rini2@contoh.example")
    EmailAddress.objects.get_or_create(user=user, email="rini3@contoh.example")
    walk.see(owner, "/akun/email/", "two")
    walk.see(owner, "/akun/email/", "unverified", action_primary="", email="rini3@contoh.example")
    walk.see(owner, "/akun/email/", "main removed", action_remove="", email="rini@contoh.example")
    walk.see(owner, "/akun/email/", "removed", action_remove="", email="rini3@contoh.example")
    EmailAddress.objects.create(user=user, email="rini4@contoh.example", verified=True)
    walk.see(owner, "/akun/email/", "other main", action_primary="", email="rini4@contoh.example")
    EmailAddress.objects.exclude(email="rini@contoh.example").delete()
    EmailAddress.objects.update(verified=True, primary=True)
    walk.see(owner, "/akun/password/change/")
    walk.see(
        owner, "/akun/password/change/", "wrong", oldpassword="x", password1="sandi-baru-12345", password2="y"
    )
    walk.see(
        owner,
        "/akun/password/change/",
        "done",
        oldpassword=PASSWORD,
        password1=PASSWORD,
        password2=PASSWORD,
    )
    walk.see(owner, "/akun/password/set/", "has one")
    walk.see(owner, "/akun/mfa/", "none")
    walk.see(owner, "/akun/reauthenticate/")
    walk.see(owner, "/akun/reauthenticate/", "wrong", password="salah")
    walk.see(owner, "/akun/reauthenticate/", "right", password=PASSWORD)
    walk.see(owner, "/akun/mfa/recovery-codes/generate/", "too early")
    page = walk.see(owner, "/akun/mfa/totp/activate/")
    walk.see(owner, "/akun/mfa/totp/activate/", "wrong", code="000000")
    secret = re.search(r"\b([A-Z2-7]{32})\b", page)
    assert secret is not None
    walk.see(owner, "/akun/mfa/totp/activate/", "done", code=code_now(secret[1]))
    walk.see(owner, "/akun/email/", "with second step", action_add="", email="rini5@contoh.example")
    EmailAddress.objects.exclude(email="rini@contoh.example").delete()
    walk.see(owner, "/akun/mfa/", "app")
    walk.see(owner, "/akun/mfa/recovery-codes/")
    walk.see(owner, "/akun/mfa/recovery-codes/generate/")
    walk.see(owner, "/akun/mfa/webauthn/", "none")
    walk.see(owner, "/akun/mfa/webauthn/add/")
    walk.see(owner, "/akun/mfa/webauthn/add/", "refused", name="", credential="{}")
    keys = [add_passkey(user, f"Kunci {place}", rk=rk) for place, rk in enumerate((True, False, None))]
    walk.see(owner, "/akun/mfa/webauthn/", "three")
    walk.see(owner, "/akun/mfa/", "all")
    walk.see(owner, f"/akun/mfa/webauthn/keys/{keys[0].pk}/edit/")
    walk.see(owner, f"/akun/mfa/webauthn/keys/{keys[0].pk}/edit/", "empty", name="")
    walk.see(owner, f"/akun/mfa/webauthn/keys/{keys[0].pk}/remove/")
    walk.see(owner, f"/akun/mfa/webauthn/keys/{keys[0].pk}/remove/", "done", sure="yes")
    walk.see(owner, "/akun/mfa/reauthenticate/")
    walk.see(owner, "/akun/mfa/reauthenticate/", "wrong", code="000000")
    walk.see(owner, "/akun/mfa/webauthn/reauthenticate/")
    walk.see(owner, "/akun/mfa/totp/deactivate/")
    walk.see(owner, "/akun/mfa/totp/deactivate/", "done", sure="yes")
    walk.see(owner, "/akun/", "own")
    walk_with_visits(walk, owner)
    walk.see(owner, "/akun/logout/")
    walk.see(owner, "/akun/logout/", "done", sure="yes")


def walk_in_twice(walk: Walk) -> None:
    """Signing in with a second step, and after too many mistakes."""
    user = User.objects.get()
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    again = walk.browser()
    walk.see(again, "/akun/login/", "second step", login="rini@contoh.example", password=PASSWORD)
    walk.see(again, "/akun/mfa/authenticate/", "wrong", code="000000")
    guesser = walk.browser()
    for _ in range(6):
        walk.see(guesser, "/akun/login/", "locked", login="rini@contoh.example", password="salah-sekali")


@pytest.fixture(params=["id", "en"])
def walk(request: pytest.FixtureRequest, db: None) -> Walk:
    made = Walk(request.param)
    owner = walk_in(made)
    walk_through(made, owner)
    walk_in_twice(made)
    return made


def spoken(html: str) -> str:
    """What a reader sees and hears of a page, without the frame that all pages share."""
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert title is not None
    assert main is not None
    text = re.sub(
        r"<script.*?</script>|<textarea.*?</textarea>", " ", title[1] + "\n" + main[0], flags=re.DOTALL
    )
    labels = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', text)
    words = unescape(re.sub(r"<[^>]+>", "\n", text) + "\n" + "\n".join(labels))
    for each in ("@contoh.example", *NAMES):
        words = words.replace(each, "")
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def wrong_in(language: str, text: str) -> list[str]:
    """What does not belong to our voice."""
    if language == "id":
        found = [each for each in BANNED_ID if each in text.casefold()]
        found += [
            f"{match[0]!r} in {line!r}" for line in text.splitlines() for match in ENGLISH.finditer(line)
        ]
        found += re.findall(r"(?<![.!?:>\n] )(?<!^)\banda\b", text, re.MULTILINE)
    else:
        found = [match[0] for match in BANNED_EN.finditer(text)]
    return found + TITLE_CASE.findall(text)


def test_every_account_page_speaks_in_one_voice(walk: Walk) -> None:
    wrong = {
        page: found for page, html in walk.said.items() if (found := wrong_in(walk.language, spoken(html)))
    }
    assert wrong == {}


def names_of(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names_of(each)
        elif isinstance(each, URLPattern) and each.name:
            yield each.name


def test_no_account_page_was_left_out(walk: Walk) -> None:
    all_names = {
        name for name in names_of(get_resolver()) if name.startswith(("account", "mfa_", "socialaccount_"))
    }
    seen = {page.split()[0] for page in walk.said} | LEAD_ON
    assert all_names - seen - NO_PAGES.keys() == set()


def prefixes() -> list[str]:
    folder = Path(allauth.__file__).parent / "templates"
    subjects = [*folder.glob("account/email/*_subject.txt"), *folder.glob("mfa/email/*_subject.txt")]
    names = [str(each.relative_to(folder)).removesuffix("_subject.txt") for each in subjects]
    return sorted(name for name in names if Path(name).name not in UNSENT)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("prefix", prefixes())
def test_every_account_mail_speaks_in_one_voice(prefix: str, language: str, db: None) -> None:
    request = RequestFactory().get("/")
    request.session = SessionBase()
    given: dict[str, Any] = {
        "code": "AB12-CD34",
        "email": "rini@contoh.example",
        "user": User(email="rini@contoh.example"),
        "from_email": "rini@contoh.example",
        "to_email": "rini@contoh.example",
        "deleted_email": "rini@contoh.example",
        "signup_url": "/akun/signup/",
        "password_reset_url": "/akun/password/reset/",
        "ip": "203.0.113.9",
        "user_agent": "Firefox",
        "current_site": get_current_site(request),
    }
    with context.request_context(request), translation.override(language):
        message = get_adapter().render_mail(prefix, "rini@contoh.example", given)
    assert wrong_in(language, message.subject.replace("Sapa", "")) == []
    body = re.sub(r"\S*(?:contoh\.example|/akun/)\S*|Sapa", "", str(message.body))
    assert wrong_in(language, body) == []


def test_each_sentence_said_otherwise_is_still_said_by_the_library() -> None:
    """After an upgrade nothing is translated in vain, and nothing falls back to the library's words unseen."""
    known = {
        source.read_text()
        for folder in ("account", "mfa", "templates/account", "templates/mfa")
        for source in (Path(allauth.__file__).parent / folder).rglob("*")
        if source.suffix in {".py", ".html", ".txt"}
    }
    everything = re.sub(r"\s+", " ", " ".join(known))
    lost = [str(each) for each in ACCOUNTS_SAY if not in_library(str(each), everything)]
    assert lost == []


def in_library(sentence: str, everything: str) -> bool:
    """The first words of a sentence, up to its first placeholder, stand in a source of the library."""
    if "assword is" in sentence or "password must" in sentence.casefold() or "too similar" in sentence:
        return True  # Django's own
    start = re.split(r"%|\{|\n|'|\"", sentence)[0].strip()
    return re.sub(r"\s+", " ", start) in everything
