"""Search engines may show what is public, and nothing that is reached by an address nobody can guess."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sapa.offices.models import Device, Office
from tests.cast import make_office

MARK = '<meta name="robots" content="noindex">'


@pytest.mark.parametrize("name", ["office", "standard", "complaint"])
def test_public_pages_may_be_found(client: Browser, office: Office, name: str) -> None:
    assert MARK not in client.get(reverse(name, args=[office.code])).content.decode()


def test_the_list_of_offices_may_be_found(client: Browser, office: Office) -> None:
    make_office("1809", "BPS Kabupaten Pesawaran", office.parent)
    assert MARK not in client.get(reverse("home")).content.decode()


def test_devices_and_accounts_are_not_found(
    client: Browser, office: Office, kiosk: Device, board: Device
) -> None:
    private = [
        reverse("kiosk", args=[office.code, kiosk.token]),
        reverse("board", args=[office.code, board.token]),
        reverse("account_login"),
        reverse("account_signup"),
        reverse("account_reset_password"),
        reverse("complaint_follow", args=[office.code, "ADU-0000-0000-0000"]),
        reverse("rating", args=[office.code, "unknown"]),
    ]
    missing = [path for path in private if MARK not in client.get(path).content.decode()]
    assert missing == []
