"""Whoever uses Sapa over the network can have its source (AGPL, section 13)."""

import io
import zipfile

from django.test import Client
from django.urls import reverse


def test_the_source_is_a_download_and_holds_no_secret(client: Client, db: None) -> None:
    answer = client.get(reverse("source"))
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert answer.headers["Content-Type"] == "application/zip"
    assert {"sapa/settings.py", "sapa/frontdesk/queue/issuing.py"} <= set(packed.namelist())
    assert [
        name for name in packed.namelist() if "secret" in name or name.endswith((".pyc", ".sqlite3"))
    ] == []


def test_too_many_downloads_are_refused_with_a_sentence(client: Client, db: None) -> None:
    for _ in range(10):
        client.get(reverse("source"))
    answer = client.get(reverse("source"))
    assert answer.status_code == 429
    assert "terlalu sering" in answer.content.decode()
