"""Signing up, in and out; the second step; and what a stranger who guesses gets."""

import base64
import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.cast import make_client

PASSWORD = "sandi-yang-panjang-1"
LOGIN = "/akun/login/"


@pytest.fixture
def account(db: None) -> User:
    return verified(User.objects.create_user("ani@contoh.example", PASSWORD, name="Ani Lestari"))


def verified(user: User) -> User:
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def code_of(message: mail.EmailMessage) -> str:
    found = re.search(r"^([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)$", str(message.body), re.MULTILINE)
    assert found is not None, message.body
    return found[1]


def sign_in(browser: Browser, email: str = "ani@contoh.example", password: str = PASSWORD, **more: Any):
    return browser.post(LOGIN, {"login": email, "password": password}, **more)


def is_signed_in(browser: Browser) -> bool:
    return browser.get(reverse("account")).status_code == 200


def test_signing_up_is_done_when_the_code_from_the_mail_is_typed(client: Browser, db: None) -> None:
    answer = client.post("/akun/signup/", {"email": "Baru@Contoh.example", "password1": PASSWORD})
    assert answer.headers["Location"] == "/akun/confirm-email/"
    assert not is_signed_in(client)
    (message,) = mail.outbox
    assert message.subject == "Sapa: Kode verifikasi Anda"
    assert "Ketik kode ini" in message.body
    client.post("/akun/confirm-email/", {"code": code_of(message)})
    assert is_signed_in(client)
    assert User.objects.get().email == "baru@contoh.example"


def test_a_wrong_code_signs_nobody_in(client: Browser, db: None) -> None:
    client.post("/akun/signup/", {"email": "baru@contoh.example", "password1": PASSWORD})
    answer = client.post("/akun/confirm-email/", {"code": "XXXXXX"})
    assert "Kode salah" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("password", ["pendek", "12345678901234567890", "password1234", ""])
def test_a_weak_password_is_refused_with_a_reason(client: Browser, db: None, password: str) -> None:
    answer = client.post("/akun/signup/", {"email": "baru@contoh.example", "password1": password})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_signing_up_with_a_known_address_looks_the_same_as_with_a_new_one(
    client: Browser, account: User
) -> None:
    answer = client.post("/akun/signup/", {"email": account.email, "password1": PASSWORD})
    assert answer.headers["Location"] == "/akun/confirm-email/"
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([account.email], "Sapa: Anda sudah punya akun")
    assert User.objects.count() == 1


def test_signing_in_and_out(client: Browser, account: User) -> None:
    assert sign_in(client).headers["Location"] == reverse("account")
    assert is_signed_in(client)
    client.post("/akun/logout/")
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (Officer.Role.CONSULTANT, "workspace"),
        (Officer.Role.SUPERVISOR, "workspace"),
        (Officer.Role.FRONT_DESK, "reception"),
        (Officer.Role.HEAD, "reports"),
        (Officer.Role.ADMIN, "settings"),
    ],
)
def test_an_officer_lands_where_the_work_is(client: Browser, budi: Officer, role: str, room: str) -> None:
    verified(budi.user)
    Officer.objects.filter(pk=budi.pk).update(role=role)
    answer = sign_in(client, budi.user.email)
    assert answer.headers["Location"] == reverse(room, args=["1808"])
    assert client.get(answer.headers["Location"]).status_code == 200
    assert reverse(room, args=["1808"]) in client.get(reverse("account")).content.decode()


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(client: Browser, office: Office) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/1808/meja/?daftar"}
    answer = client.get(reverse("workspace_waiting", args=["1808"]), headers=asked)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next=/1808/meja/%3Fdaftar"


def test_a_button_pressed_after_signing_out_leads_back_to_its_page(client: Browser, office: Office) -> None:
    address = reverse("recall", args=["1808", 1])
    answer = client.post(address, headers={"Referer": "http://testserver/1808/meja/"})
    assert answer.headers["Location"] == f"{LOGIN}?next=/1808/meja/"
    assert client.post(address).headers["Location"] == LOGIN
    assert client.post(address, headers={"Referer": "http://["}).headers["Location"] == LOGIN


def test_an_address_that_only_takes_a_form_shows_a_sentence(client: Browser, office: Office) -> None:
    answer = client.get(reverse("guestbook_known", args=["1808"]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Alamat ini milik sebuah tombol di halaman lain." in answer.content.decode()


def test_the_language_switch_of_a_refused_form_leads_back_to_the_form(
    client: Browser, office: Office
) -> None:
    came_from = "http://testserver/1808/pengaduan/"
    page = client.post(reverse("complaint_find", args=["1808"]), {"code": ""}, headers={"Referer": came_from})
    assert f'name="next" value="{came_from}"' in page.content.decode()


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(client: Browser, account: User) -> None:
    def said(email: str) -> list[str]:
        page = sign_in(client, email, "salah-sama-sekali").content.decode()
        return re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', page, re.DOTALL)

    assert said(account.email) == said("tidak@ada.example")


def test_guessing_locks_out_the_guesser_and_not_the_owner(client: Browser, account: User) -> None:
    for _ in range(5):
        sign_in(client, password="salah", REMOTE_ADDR="203.0.113.9")
    answer = sign_in(client, REMOTE_ADDR="203.0.113.9")
    assert "Terlalu banyak percobaan masuk yang gagal" in answer.content.decode()
    owner = Browser(REMOTE_ADDR="198.51.100.7")
    assert sign_in(owner).status_code == 302
    assert is_signed_in(owner)


def test_guessing_one_account_does_not_lock_another_one(client: Browser, account: User) -> None:
    verified(User.objects.create_user("budi@contoh.example", PASSWORD))
    for _ in range(5):
        sign_in(client, password="salah")
    assert sign_in(client, "budi@contoh.example").status_code == 302


def test_a_new_password_is_set_with_the_code_from_the_mail(client: Browser, account: User) -> None:
    client.post("/akun/password/reset/", {"email": account.email})
    (message,) = mail.outbox
    assert message.subject == "Sapa: Kode untuk kata sandi baru"
    client.post("/akun/password/reset/confirm/", {"code": code_of(message)})
    client.post(
        "/akun/password/reset/complete/", {"password1": "kata-sandi-baru-9", "password2": "kata-sandi-baru-9"}
    )
    fresh = Browser()
    assert sign_in(fresh, password="kata-sandi-baru-9").status_code == 302
    assert is_signed_in(fresh)


def test_asking_for_a_new_password_looks_the_same_for_an_unknown_address(
    client: Browser, account: User
) -> None:
    known = client.post("/akun/password/reset/", {"email": account.email})
    unknown = Browser().post("/akun/password/reset/", {"email": "tidak@ada.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert [each.subject for each in mail.outbox] == [
        "Sapa: Kode untuk kata sandi baru",
        "Sapa: Tidak ada akun dengan alamat ini",
    ]


def test_a_deactivated_account_is_out_at_once(client: Browser, account: User) -> None:
    sign_in(client)
    account.is_active = False
    account.save()
    assert not is_signed_in(client)
    assert sign_in(Browser()).headers["Location"] == "/akun/inactive/"


def test_changing_the_password_signs_other_browsers_out(client: Browser, account: User) -> None:
    other = Browser()
    sign_in(client)
    sign_in(other)
    new = {"oldpassword": PASSWORD, "password1": "kata-sandi-baru-9", "password2": "kata-sandi-baru-9"}
    client.post("/akun/password/change/", new)
    assert not is_signed_in(other)


# The second step


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_second_step(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return str(secret)


def prove_again(browser: Browser) -> None:
    """Whoever changes how to sign in types the password once more."""
    browser.post("/akun/reauthenticate/", {"password": PASSWORD})


@pytest.fixture
def strict(office: Office) -> Office:
    office.mfa_required = True
    office.save()
    return office


def test_an_officer_without_a_second_step_is_led_to_setting_one_up(
    client: Browser, strict: Office, budi: Officer
) -> None:
    verified(budi.user)
    sign_in(client, budi.user.email)
    answer = client.get(reverse("workspace", args=["1808"]))
    assert answer.headers["Location"] == reverse("mfa_index")
    prove_again(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells of it after the commit
def test_setting_up_the_second_step_opens_the_desk(client: Browser, strict: Office, budi: Officer) -> None:
    verified(budi.user)
    sign_in(client, budi.user.email)
    prove_again(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"\b([A-Z2-7]{32})\b", page)
    assert secret is not None
    assert len(base64.b32decode(secret[1])) == 20
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret[1])})
    assert client.get(reverse("workspace", args=["1808"])).status_code == 200


def test_a_session_from_before_the_second_step_has_to_sign_in_again(
    client: Browser, strict: Office, budi: Officer
) -> None:
    verified(budi.user)
    sign_in(client, budi.user.email)
    with_second_step(budi.user)
    answer = client.get(reverse("workspace", args=["1808"]))
    assert answer.headers["Location"].startswith(LOGIN)
    assert not is_signed_in(client)


def test_with_a_second_step_the_password_alone_opens_nothing(
    client: Browser, strict: Office, budi: Officer
) -> None:
    secret = with_second_step(verified(budi.user))
    assert sign_in(client, budi.user.email).headers["Location"].startswith("/akun/mfa/authenticate/")
    assert not is_signed_in(client)
    client.post("/akun/mfa/authenticate/", {"code": "000000"})
    assert not is_signed_in(client)
    client.post("/akun/mfa/authenticate/", {"code": code_now(secret)})
    assert client.get(reverse("workspace", args=["1808"])).status_code == 200


def test_a_recovery_code_works_once(client: Browser, budi: Officer) -> None:
    with_second_step(verified(budi.user))
    sign_in(client, budi.user.email)
    code = RecoveryCodes.activate(budi.user).get_unused_codes()[0]
    client.post("/akun/mfa/authenticate/", {"code": code})
    assert is_signed_in(client)
    again = Browser()
    sign_in(again, budi.user.email)
    again.post("/akun/mfa/authenticate/", {"code": code})
    assert not is_signed_in(again)


def test_an_officer_cannot_take_the_required_second_step_off(
    client: Browser, strict: Office, budi: Officer
) -> None:
    secret = with_second_step(verified(budi.user))
    sign_in(client, budi.user.email)
    client.post("/akun/mfa/authenticate/", {"code": code_now(secret)})
    prove_again(client)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "yang terakhir tidak dapat dinonaktifkan" in answer.content.decode()
    assert Authenticator.objects.filter(user=budi.user, type="totp").count() == 1


def test_a_passkey_can_be_asked_for_at_sign_in(client: Browser, db: None) -> None:
    page = client.get(LOGIN).content.decode()
    assert 'id="passkey_login"' in page
    asked = client.get("/akun/mfa/webauthn/login/", headers={"x-requested-with": "XMLHttpRequest"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]


# The own account


def test_the_visits_of_a_client_belong_to_whoever_proves_to_own_the_address(
    client: Browser, db: None
) -> None:
    ani = make_client(email="ani@contoh.example")
    client.post("/akun/signup/", {"email": "ani@contoh.example", "password1": PASSWORD})
    ani.refresh_from_db()
    assert ani.user is None
    client.post("/akun/confirm-email/", {"code": code_of(mail.outbox[0])})
    ani.refresh_from_db()
    assert ani.user == User.objects.get()
    assert ani.email_verified_at is not None


def test_an_anonymised_client_and_one_of_another_account_are_not_handed_over(
    client: Browser, account: User
) -> None:
    taken = make_client(email="baru@contoh.example", user=account)
    client.post("/akun/signup/", {"email": "baru@contoh.example", "password1": PASSWORD})
    client.post("/akun/confirm-email/", {"code": code_of(mail.outbox[0])})
    taken.refresh_from_db()
    assert taken.user == account
    assert Client.objects.get(user__email="baru@contoh.example") != taken


def test_the_account_page_shows_own_visits_and_nobody_elses(
    client: Browser, account: User, arrive_at_office
) -> None:
    own = arrive_at_office(make_client(user=account), "Penduduk per kecamatan")
    arrive_at_office(make_client("Bayu", phone=""), "Rahasia Bayu")
    sign_in(client)
    page = client.get(reverse("account")).content.decode()
    assert own.subject in page
    assert "Rahasia Bayu" not in page


def test_the_name_can_be_changed(client: Browser, account: User) -> None:
    sign_in(client)
    assert client.post(reverse("account_name"), {"name": "  Ani   L "}).status_code == 302
    account.refresh_from_db()
    assert account.name == "Ani L"


@pytest.mark.parametrize("name", ["", "   ", "123", "x" * 10_000])
def test_a_name_that_is_none_is_refused(client: Browser, account: User, name: str) -> None:
    sign_in(client)
    assert client.post(reverse("account_name"), {"name": name}).status_code == 422
    account.refresh_from_db()
    assert account.name == "Ani Lestari"


PAGES = [
    *("/akun/login/", "/akun/signup/", "/akun/password/reset/", "/akun/inactive/"),
    *("/akun/email/", "/akun/password/change/", "/akun/mfa/", "/akun/logout/", "/akun/"),
]


@pytest.mark.parametrize("path", PAGES)
def test_account_pages_are_in_indonesian(client: Browser, account: User, path: str) -> None:
    if path in PAGES[4:]:
        sign_in(client)
    answer = client.get(path)
    page = re.sub(r"<[^>]+>", " ", answer.content.decode())
    assert answer.status_code == 200
    english = re.findall(
        r"\b(?:the|your|you|please|sign|password|address|account|and|change)\b", page, re.IGNORECASE
    )
    assert english == []


def test_an_administrator_lands_at_the_settings(client: Browser, hadi: Officer) -> None:
    answer = client.post(
        reverse("account_login"), {"login": hadi.user.email, "password": "sandi-yang-panjang-1"}
    )
    assert answer.headers["Location"] == reverse("settings", args=["1808"])
