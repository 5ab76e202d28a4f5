"""Files as people send them, and somebody who sends them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from sapa.core.work import work as settle
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.files.samples import sent

Send = Callable[..., StoredFile]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where the files of this test lie."""
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def work(clock: Clock) -> Callable[[], int]:
    """Run what is due of files, and nothing else, at the clock's instant."""
    return lambda: settle(clock.at, paths=["sapa.files.scanning.SOURCE", "sapa.files.discarding.SOURCE"])


@pytest.fixture
def sender(db: None) -> User:
    """Ani's account."""
    return User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1", name="Ani Lestari")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("orang@contoh.example", "sandi-yang-panjang-1", name="Orang Lain")


@pytest.fixture
def send(office: Office, sender: User, clock: Clock) -> Send:
    """`send("data.csv", b"a,b")`: Ani sends a file to the office."""

    def given(
        name: str = "data.csv", content: bytes = b"kode,nilai\n1808,12\n", user: User | None = None
    ) -> StoredFile:
        return receive(sent(name, content), office=office, user=user or sender, at=clock.at)

    return given


def kept(folder: Path) -> list[str]:
    """Everything that lies in the folder of files, however deep."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
