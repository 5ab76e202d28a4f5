"""NUL characters are refused before they reach the database."""

import pytest
from django.test import Client

from sapa.offices.models import Office


@pytest.mark.parametrize("address", ["/%00/", "/1808/tiket/%00/", "/1808/pengaduan/?penilaian=%00"])
def test_an_address_with_nul_is_a_bad_request(client: Client, office: Office, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_form_with_nul_is_a_bad_request(client: Client, office: Office) -> None:
    assert client.post("/1808/pengaduan/", {"text": "a\0b"}).status_code == 400
