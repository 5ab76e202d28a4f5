"""A client with an account, a mail server, a push service, and a way to say that something happened."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from pytest_django import Settings

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.notifications.models import Delivery, Notification, PushSubscription
from sapa.notifications.notifying import notify
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.simulators.push_service import PushService, push_service
from tests.simulators.smtp import Mailbox, mail_server

Tell = Callable[..., list[Notification]]


@pytest.fixture
def ani_user(db: None) -> User:
    """Ani's account, her address confirmed."""
    user = User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1", name="Ani Lestari")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def happened(office: Office, clock: Clock) -> Callable[..., Event]:
    """Something that nobody is told of by itself."""

    def record_it(name: str = "test.happened", *, by: User | None = None, **data: Any) -> Event:
        with transaction.atomic():
            return record(name, office, office_id=office.pk, by=by, at=clock.at, data=data)

    return record_it


@pytest.fixture
def tell(happened: Callable[..., Event], clock: Clock) -> Tell:
    """`tell(user, "accepted")`: the person is told of a new event."""

    def tell_them(
        *users: User, what: str = "accepted", by: User | None = None, **options: Any
    ) -> list[Notification]:
        values = {
            "path": "/1808/konsultasi/abc/",
            "thread": "consultation-1",
            "params": {"code": "KST-2222-3333-4444", "due": "2026-11-25T08:30:00+00:00"},
        } | options
        return notify(happened(by=by), users, what, at=clock.at, **values)

    return tell_them


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A real mail server; everything that is mailed goes through it."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.DEFAULT_FROM_EMAIL = "Sapa <sapa@kantor.example>"
        settings.PUBLIC_URL = "https://layanan.kantor.example"
        yield box


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """A real push service, in a private network as only tests may have it."""
    settings.PUSH_PRIVATE = True
    settings.VAPID_SUBJECT = "mailto:sapa@kantor.example"
    with push_service() as found:
        yield found


@pytest.fixture
def phone(service: PushService, ani_user: User, clock: Clock) -> PushSubscription:
    """Ani's phone, which may be woken."""
    return PushSubscription.objects.create(
        user=ani_user,
        endpoint=service.endpoint("ani"),
        p256dh="B" * 87,
        auth="A" * 22,
        label="Chrome, Android",
        created_at=clock.at,
    )


@pytest.fixture(autouse=True)
def _rooms() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.urls import NoReverseMatch, clear_url_caches, path, reverse

    from sapa import urls

    def nothing(request: HttpRequest, **names: str) -> HttpResponse:
        return HttpResponse()

    for name, address, args in (
        ("inbox", "<str:office>/kotak-masuk/", ["1"]),
        ("inbox_case", "<str:office>/kotak-masuk/<str:code>/", ["1", "2"]),
        ("consultation_room", "<str:office>/konsultasi/<str:token>/", ["1", "2"]),
        ("still_needed", "<str:office>/konsultasi/<str:token>/masih-perlu/", ["1", "2"]),
    ):
        try:
            reverse(name, args=args)
        except NoReverseMatch:
            urls.urlpatterns.append(path(address, nothing, name=name))
            clear_url_caches()


def states(way: str = "mail") -> list[str]:
    """How each delivery ended or why it waits, in order."""
    rows = Delivery.objects.filter(way=way).order_by("id")
    return [_state(each) for each in rows]


def _state(delivery: Delivery) -> str:
    kind = "dead" if delivery.dead_at else "settled" if delivery.settled_at else "waits"
    return f"{kind} {delivery.reason}".strip()
