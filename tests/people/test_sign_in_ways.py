"""Signing in by a code from the e-mail: once, soon, and without telling strangers who has an account."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.people.test_account_pages import code_now
from tests.people.test_accounts import PASSWORD, code_of, is_signed_in, verified

ASK = "/akun/login/code/"
TYPE = "/akun/login/code/confirm/"


@pytest.fixture
def account(db: None) -> User:
    return verified(User.objects.create_user("ani@contoh.example", PASSWORD, name="Ani Lestari"))


def ask(browser: Browser, email: str = "ani@contoh.example", **more: str) -> Any:
    return browser.post(ASK, {"email": email} | more)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/akun/login/", ["login", "password", "remember"]),
        ("/akun/signup/", ["email", "password1"]),
        (ASK, ["email"]),
    ],
)
def test_each_way_in_has_its_form_on_the_page(
    client: Browser, db: None, path: str, fields: list[str]
) -> None:
    page = client.get(path, {"next": "/1808/tanya/"}).content.decode()
    assert [f'name="{field}"' in page for field in fields] == [True] * len(fields)
    assert '<input type="hidden" name="next" value="/1808/tanya/"' in page


def test_the_sign_in_page_shows_the_three_ways(client: Browser, db: None) -> None:
    page = client.get("/akun/login/", {"next": "/1808/tanya/"}).content.decode()
    assert [
        words in page for words in ("Dengan kata sandi", "Kirim kode lewat email", "Masuk dengan kunci sandi")
    ] == [True] * 3
    assert f"{ASK}?next=%2F1808%2Ftanya%2F" in page


def test_the_code_from_the_mail_signs_in_and_leads_to_where_one_wanted_to_go(
    client: Browser, account: User
) -> None:
    answer = ask(client, next="/akun/email/")
    assert answer.headers["Location"] == f"{TYPE}?next=%2Fakun%2Femail%2F"
    (message,) = mail.outbox
    assert message.subject == "Sapa: Kode Anda untuk masuk"
    assert message.to == ["ani@contoh.example"]
    answer = client.post(TYPE, {"code": code_of(message), "next": "/akun/email/"})
    assert answer.headers["Location"] == "/akun/email/"
    assert is_signed_in(client)


def test_a_code_never_leads_elsewhere(client: Browser, account: User) -> None:
    ask(client, next="https://jahat.example/")
    answer = client.post(TYPE, {"code": code_of(mail.outbox[0]), "next": "https://jahat.example/"})
    assert answer.headers["Location"] == reverse("account")


def test_the_mail_is_in_the_language_of_the_reader(client: Browser, account: User) -> None:
    client.cookies["sapa_language"] = "en"
    ask(client)
    (message,) = mail.outbox
    assert message.subject == "Sapa: Your code to sign in"
    assert "within ten minutes" in message.body


def test_a_code_works_once(client: Browser, account: User) -> None:
    ask(client)
    code = code_of(mail.outbox[0])
    client.post(TYPE, {"code": code})
    client.post(reverse("account_logout"))
    client.post(TYPE, {"code": code})
    assert not is_signed_in(client)


def test_a_code_that_did_not_arrive_is_sent_again_and_the_first_is_worth_nothing(
    client: Browser, account: User
) -> None:
    ask(client, account.email)
    assert "Minta kode baru" in client.get(TYPE).content.decode()
    client.post(TYPE, {"action": "resend"})
    first, second = mail.outbox
    client.post(TYPE, {"code": code_of(first)})
    assert not is_signed_in(client)
    client.post(TYPE, {"code": code_of(second)})
    assert is_signed_in(client)


def test_a_code_works_only_in_the_browser_that_asked(client: Browser, account: User) -> None:
    ask(client)
    other = Browser()
    other.post(TYPE, {"code": code_of(mail.outbox[0])})
    assert not is_signed_in(other)


def test_an_old_code_is_worth_nothing(
    client: Browser, account: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT + 1)
    answer = client.post(TYPE, {"code": code_of(mail.outbox[0])})
    assert answer.headers["Location"] == ASK
    monkeypatch.undo()
    assert not is_signed_in(client)


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(client: Browser, account: User) -> None:
    ask(client)
    for _ in range(settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS):
        client.post(TYPE, {"code": "XXXXXX"})
    client.post(TYPE, {"code": code_of(mail.outbox[0])})
    assert not is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "x" * 10_000, "<script>", "\u202e123456"])
def test_what_is_no_code_is_refused(client: Browser, account: User, typed: str) -> None:
    ask(client)
    answer = client.post(TYPE, {"code": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert not is_signed_in(client)


def pages_of(email: str) -> list[tuple[int, str, str]]:
    """What somebody sees who asks a code for this address: status, way on, and the page itself."""
    browser = Browser()
    answers = [ask(browser, email), browser.get(TYPE), browser.post(TYPE, {"code": "XXXXXX"})]
    shown = []
    for each in answers:
        body = each.content.decode().partition("<main")[2].partition("</main>")[0]
        tokens = body.split('name="csrfmiddlewaretoken" value="')
        plain = tokens[0] + "".join(part[64:] for part in tokens[1:])
        shown.append((each.status_code, each.headers.get("Location", ""), plain.replace(email, "@")))
    return shown


def test_a_stranger_cannot_tell_who_has_an_account(account: User) -> None:
    known, unknown = pages_of("ani@contoh.example"), pages_of("tidak@ada.example")
    assert known == unknown
    # One mail each: who waits for the answer waits as long.
    assert [each.to for each in mail.outbox] == [["ani@contoh.example"], ["tidak@ada.example"]]


def test_asking_again_and_again_is_slowed_down(account: User) -> None:
    answers = [ask(Browser()) for _ in range(5)]
    assert [each.status_code for each in answers] == [302, 302, 302, 200, 200]
    assert "Terlalu banyak" in answers[4].content.decode()
    assert len(mail.outbox) == 3


def test_an_officer_still_passes_the_second_step_after_a_code(
    client: Browser, budi: Officer, office: Office
) -> None:
    Office.objects.filter(pk=office.pk).update(mfa_required=True)
    secret = generate_totp_secret()
    TOTP.activate(budi.user, secret)
    RecoveryCodes.activate(budi.user)
    ask(client, budi.user.email)
    answer = client.post(TYPE, {"code": code_of(mail.outbox[0])})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("workspace", args=["1808"])).status_code == 302
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(reverse("workspace", args=["1808"])).status_code == 200


def test_an_officer_without_a_second_step_must_set_one_up_after_a_code(
    client: Browser, budi: Officer, office: Office
) -> None:
    Office.objects.filter(pk=office.pk).update(mfa_required=True)
    ask(client, budi.user.email)
    client.post(TYPE, {"code": code_of(mail.outbox[0])})
    answer = client.get(reverse("workspace", args=["1808"]))
    assert answer.headers["Location"] == reverse("mfa_index")


def test_an_account_that_is_not_active_gets_no_way_in(client: Browser, account: User) -> None:
    User.objects.update(is_active=False)
    ask(client)
    for message in mail.outbox:
        if message.subject == "Sapa: Kode Anda untuk masuk":
            client.post(TYPE, {"code": code_of(message)})
    assert not is_signed_in(client)


def test_a_code_confirms_the_address_it_was_sent_to(client: Browser, db: None) -> None:
    user = User.objects.create_user("baru@contoh.example", PASSWORD)
    verified(user)
    EmailAddress.objects.filter(user=user).update(verified=False)
    ask(client, "baru@contoh.example")
    client.post(TYPE, {"code": code_of(mail.outbox[0])})
    assert EmailAddress.objects.get(user=user).verified is True
    assert Client.objects.get().user == user
