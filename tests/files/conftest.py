"""Files as people send them, and somebody who sends them."""

from pathlib import Path

import pytest
from pytest_django import Settings

from sapa.people.models import User


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def sender(db: None) -> User:
    """Ani's account."""
    return User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1", name="Ani Lestari")
