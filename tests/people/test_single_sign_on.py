"""Officers sign in through the office's own service, a real OpenID Connect server; nobody else gets in by it."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.contrib.messages import get_messages
from django.core.exceptions import ImproperlyConfigured
from django.test import Client as Browser
from django.urls import reverse

from sapa.core.environment import Environment
from sapa.offices.models import Office
from sapa.people import officers
from sapa.people.models import Client, Officer, User
from tests.conftest import Clock
from tests.simulators.oidc import Provider, provider

START = "/akun/oidc/dinas/login/"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def service(server: Provider, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Configured here as an operator would, by the environment."""
    server.lies()
    monkeypatch.setenv("SAPA_OIDC_ISSUER", server.issuer)
    monkeypatch.setenv("SAPA_OIDC_CLIENT_ID", "sapa")
    monkeypatch.setenv("SAPA_OIDC_SECRET", "rahasia-panjang")
    monkeypatch.setenv("SAPA_OIDC_NAME", "Masuk BPS")
    settings.OIDC_ISSUER = server.issuer
    settings.SOCIALACCOUNT_PROVIDERS = Environment().sign_in_service()
    return server


def come_back(browser: Browser, service: Provider, sub: str, *, start: str = START):  # type: ignore[no-untyped-def]
    """Through the sign-in at the service; the answer of ours when the browser is back."""
    there = browser.post(start).headers["Location"]
    return browser.get(service.approve(there, sub), follow=True)


def sentences(answer) -> list[str]:  # type: ignore[no-untyped-def]
    return [str(each) for each in get_messages(answer.wsgi_request)] or [
        str(each) for each in answer.context["messages"]
    ]


def is_signed_in(browser: Browser) -> bool:
    return browser.get(reverse("account")).status_code == 200


def test_an_officer_comes_in_through_the_service_and_lands_at_the_work(
    client: Browser, service: Provider, budi: Officer
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    answer = come_back(client, service, "b-1")
    assert answer.request["PATH_INFO"] == reverse("workspace", args=["1808"])
    assert User.objects.count() == 1


def test_where_the_officer_wanted_to_go_is_where_the_officer_lands(
    client: Browser, service: Provider, citra: Officer
) -> None:
    service.knows("c-1", email=citra.user.email.upper(), email_verified=True)
    wanted = reverse("reports", args=["1808"])
    answer = come_back(client, service, "c-1", start=f"{START}?next={wanted}")
    assert answer.request["PATH_INFO"] == wanted


def test_an_address_elsewhere_is_no_place_to_land(client: Browser, service: Provider, budi: Officer) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    answer = come_back(client, service, "b-1", start=f"{START}?next=https://jahat.example/")
    assert answer.request["PATH_INFO"] == reverse("workspace", args=["1808"])


def test_the_way_there_carries_a_challenge_and_no_secret(
    client: Browser, service: Provider, budi: Officer
) -> None:
    asked = parse_qs(urlsplit(client.post(START).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == ["http://testserver/akun/oidc/dinas/login/callback/"]
    assert "rahasia-panjang" not in str(asked)


def test_an_invited_officer_needs_no_password_and_no_code(
    client: Browser, service: Provider, office: Office, hadi: Officer, clock: Clock
) -> None:
    new = officers.appoint(
        office, email="rina@bps.example", name="Rina", role="consultant", by=None, at=clock.at
    )
    service.knows("r-1", email="rina@bps.example", email_verified=True)
    answer = come_back(client, service, "r-1")
    assert answer.request["PATH_INFO"] == reverse("workspace", args=["1808"])
    assert EmailAddress.objects.get(user=new.user).verified is True


def test_a_stranger_with_an_account_there_is_not_registered_here(
    client: Browser, service: Provider, budi: Officer
) -> None:
    service.knows("x-1", email="orang@luar.example", email_verified=True)
    answer = come_back(client, service, "x-1")
    assert answer.request["PATH_INFO"] == reverse("account_login")
    assert sentences(answer) == [
        "Tidak ada petugas dengan alamat email dari layanan masuk itu. Minta pengelola menunjuk Anda, atau masuk dengan"
        " cara lain."
    ]
    assert not is_signed_in(client)
    assert User.objects.count() == 1
    assert SocialAccount.objects.count() == 0
    assert Client.objects.count() == 0


def test_a_client_of_ours_does_not_come_in_as_an_officer(
    client: Browser, service: Provider, db: None
) -> None:
    User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1")
    service.knows("a-1", email="ani@contoh.example", email_verified=True)
    come_back(client, service, "a-1")
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("said", [False, None, "false", "true", 1])
def test_an_address_that_is_not_confirmed_there_is_refused_with_a_sentence(
    client: Browser, service: Provider, budi: Officer, said: object
) -> None:
    service.knows("b-2", email=budi.user.email, email_verified=said)
    answer = come_back(client, service, "b-2")
    assert sentences(answer) == [
        "Layanan masuk belum memastikan alamat email Anda. Minta pengelolanya memastikan alamat itu, atau masuk dengan"
        " cara lain."
    ]
    assert not is_signed_in(client)


def test_a_dismissed_officer_stays_outside(
    client: Browser, service: Provider, budi: Officer, hadi: Officer, clock: Clock
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    come_back(client, service, "b-1")
    client.logout()
    officers.dismiss(budi, by=hadi.user, at=clock.at)
    come_back(client, service, "b-1")
    assert not is_signed_in(client)


def test_whoever_takes_over_an_address_there_does_not_take_over_the_account_here(
    client: Browser, service: Provider, budi: Officer, citra: Officer
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    come_back(client, service, "b-1")
    client.logout()
    service.knows("b-1", email=citra.user.email, email_verified=True)
    answer = come_back(client, service, "b-1")
    assert not is_signed_in(client)
    assert sentences(answer) == [
        "Alamat email dari layanan masuk itu milik orang lain. Hubungi pengelola Anda."
    ]


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": "aplikasi-lain"},
        {"exp": int(time.time()) - 60},
        {"iss": "https://jahat.example"},
    ],
    ids=["audience", "expired", "issuer"],
)
def test_a_token_that_is_not_meant_for_us_or_not_valid_opens_nothing(
    client: Browser, service: Provider, budi: Officer, lie: dict[str, object]
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    service.lies(id_token=lie)
    answer = come_back(client, service, "b-1")
    assert "Belum berhasil masuk" in answer.content.decode()
    assert not is_signed_in(client)


def test_two_answers_about_two_people_open_nothing(client: Browser, service: Provider, budi: Officer) -> None:
    service.knows("x-1", email="orang@luar.example", email_verified=True)
    service.lies(userinfo={"sub": "b-1", "email": budi.user.email, "email_verified": True})
    come_back(client, service, "x-1")
    assert not is_signed_in(client)


def test_an_answer_to_another_browser_opens_nothing(
    client: Browser, service: Provider, budi: Officer
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    back = service.approve(client.post(START).headers["Location"], "b-1")
    other = Browser()
    answer = other.get(back, follow=True)
    assert "Belum berhasil masuk" in answer.content.decode()
    assert not is_signed_in(other)


def test_a_changed_state_opens_nothing(client: Browser, service: Provider, budi: Officer) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    back = service.approve(client.post(START).headers["Location"], "b-1")
    answer = client.get(f"{back}x", follow=True)
    assert "Belum berhasil masuk" in answer.content.decode()
    assert not is_signed_in(client)


def test_an_answer_used_twice_opens_once(client: Browser, service: Provider, budi: Officer) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    back = service.approve(client.post(START).headers["Location"], "b-1")
    client.get(back)
    client.logout()
    client.get(back)
    assert not is_signed_in(client)


def test_who_turns_back_at_the_service_reads_so(client: Browser, service: Provider, budi: Officer) -> None:
    answer = client.get(service.deny(client.post(START).headers["Location"]), follow=True)
    assert answer.request["PATH_INFO"] == reverse("socialaccount_login_cancelled")
    assert "Masuk dibatalkan" in answer.content.decode()


@pytest.mark.parametrize(
    "discovery",
    [
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"token_endpoint": "https://127.0.0.1:1/token"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
    ],
)
def test_a_service_that_sends_us_elsewhere_or_does_not_answer_is_no_error_of_ours(
    client: Browser, service: Provider, budi: Officer, discovery: dict[str, str]
) -> None:
    service.lies(discovery=discovery)
    answer = come_back(client, service, "b-1")
    assert answer.status_code == 200
    assert "Belum berhasil masuk" in answer.content.decode()


DISCOVERY = "/.well-known/openid-configuration"
NOT_SET_UP = (
    "Layanan masuk kantor Anda belum disiapkan dengan benar. Masuklah di sini dengan cara lain, dan beri tahu pengelola"
    " Anda."
)


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (200, "<!doctype html><title>Masuk</title>", "JSONDecodeError"),
        (500, "<h1>Internal Server Error</h1>", "HTTPError"),
        (404, "", "HTTPError"),
        (200, "[]", "no object"),
        (200, "null", "no object"),
        (200, "{}", "no issuer"),
        (200, '{"issuer": "ISSUER", "authorization_endpoint": "ISSUER/a"}', "no token_endpoint"),
        (200, '{"issuer": "ISSUER", "authorization_endpoint": 7}', "no authorization_endpoint"),
        (
            200,
            '{"issuer": "ISSUER", "authorization_endpoint": "ISSUER/a", "token_endpoint": "ISSUER/t",'
            ' "userinfo_endpoint": "ISSUER/u"}',
            "no jwks_uri",
        ),
    ],
)
def test_a_service_that_does_not_say_what_it_must_is_a_sentence_on_the_sign_in_page_and_a_line_in_the_log(
    client: Browser,
    service: Provider,
    budi: Officer,
    status: int,
    text: str,
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service.lies(instead={DISCOVERY: {"status": status, "text": text.replace("ISSUER", service.issuer)}})
    answer = client.post(START, follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, reverse("account_login"))
    assert sentences(answer) == [NOT_SET_UP]
    logged = [each.getMessage() for each in caplog.records if each.name == "sapa.people.single_sign_on"]
    assert logged == [f"the sign-in service's configuration cannot be used: {why}"]


@pytest.mark.parametrize("text", ["[]", '"x"', "<html>", "{}"])
@pytest.mark.parametrize("path", ["/oauth2/token", "/userinfo"])
def test_an_answer_that_makes_no_sense_is_no_error_of_ours(
    client: Browser, service: Provider, budi: Officer, path: str, text: str
) -> None:
    service.knows("b-1", email=budi.user.email, email_verified=True)
    there = client.post(START).headers["Location"]
    service_back = service.approve(there, "b-1")
    service.lies(instead={path: {"status": 200, "text": text}})
    answer = client.get(service_back, follow=True)
    assert (answer.status_code < 500, is_signed_in(client)) == (True, False)


def test_a_service_that_is_down_is_no_error_of_ours(
    client: Browser, service: Provider, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setenv("SAPA_OIDC_ISSUER", "http://127.0.0.1:1")
    settings.SOCIALACCOUNT_PROVIDERS = Environment().sign_in_service()
    answer = client.post(START, follow=True)
    assert answer.status_code == 200
    assert "Belum berhasil masuk" in answer.content.decode()


def test_the_service_cannot_be_tied_to_another_account(
    client: Browser, service: Provider, budi: Officer
) -> None:
    ani = User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1")
    client.force_login(ani)
    service.knows("x-1", email="orang@luar.example", email_verified=True)
    come_back(client, service, "x-1", start=f"{START}?process=connect")
    assert SocialAccount.objects.count() == 0


def test_the_service_is_no_second_step_unless_the_office_says_so(
    client: Browser, service: Provider, budi: Officer, office: Office
) -> None:
    Office.objects.filter(pk=office.pk).update(mfa_required=True)
    service.knows("b-1", email=budi.user.email, email_verified=True)
    answer = come_back(client, service, "b-1")
    assert answer.request["PATH_INFO"] == reverse("mfa_index")


def test_the_office_may_let_the_service_be_the_second_step(
    client: Browser, service: Provider, budi: Officer, office: Office, settings: LazySettings
) -> None:
    settings.OIDC_IS_SECOND_STEP = True
    Office.objects.filter(pk=office.pk).update(mfa_required=True)
    service.knows("b-1", email=budi.user.email, email_verified=True)
    answer = come_back(client, service, "b-1")
    assert answer.request["PATH_INFO"] == reverse("workspace", args=["1808"])


@pytest.mark.parametrize("counts", [False, True])
def test_whoever_has_a_second_step_is_asked_for_it_unless_the_service_counts(
    client: Browser, service: Provider, budi: Officer, settings: LazySettings, counts: bool
) -> None:
    settings.OIDC_IS_SECOND_STEP = counts
    TOTP.activate(budi.user, generate_totp_secret())
    RecoveryCodes.activate(budi.user)
    service.knows("b-1", email=budi.user.email, email_verified=True)
    answer = come_back(client, service, "b-1")
    expected = reverse("workspace", args=["1808"]) if counts else reverse("mfa_authenticate")
    assert answer.request["PATH_INFO"] == expected


def test_the_sign_in_page_offers_the_service_by_its_name(
    client: Browser, service: Provider, db: None
) -> None:
    assert "Masuk lewat Masuk BPS" in client.get(reverse("account_login")).content.decode()


def test_without_configuration_there_is_no_service(client: Browser, db: None) -> None:
    assert client.get(START).status_code == 404
    assert "oidc" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    "issuer",
    [
        *(
            "http://masuk.example",
            "ftp://masuk.example",
            "masuk.example",
            "https://",
            "https://a@masuk.example",
        ),
        *("https://masuk.example/?x=1", "https://masuk.example/#x", "https://[masuk"),
    ],
)
def test_an_address_of_the_service_that_is_not_safe_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv("SAPA_OIDC_ISSUER", issuer)
    with pytest.raises(ImproperlyConfigured, match="SAPA_OIDC_ISSUER must look like https://"):
        Environment().sign_in_service()


def test_a_service_without_its_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPA_OIDC_ISSUER", "https://masuk.example/realms/kantor/")
    monkeypatch.setenv("SAPA_OIDC_CLIENT_ID", "sapa")
    with pytest.raises(ImproperlyConfigured, match="SAPA_OIDC_SECRET must be given together"):
        Environment().sign_in_service()
