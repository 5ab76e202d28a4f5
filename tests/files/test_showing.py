"""A file as it stands in a conversation, and the field by which files are chosen."""

import re

import pytest
from django.template import engines
from pytest_django import Settings

from sapa.files.models import StoredFile
from sapa.people.models import Officer, User
from tests.conftest import Clock
from tests.files.conftest import Send
from tests.files.samples import picture


def shown(file: StoredFile, reader: User, officer: Officer | None = None) -> str:
    template = engines["django"].from_string("{% load files %}{% stored_file file reader officer %}")
    return str(template.render({"file": file, "reader": reader, "officer": officer}))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_checked_file_is_a_link_with_name_kind_and_size(send: Send, sender: User) -> None:
    page = shown(send("Data <b>.csv", b"a" * 2_400), sender)
    assert words(page) == "Data _b_.csv CSV, 2,3\xa0KB".replace("\xa0", " ")
    assert len(re.findall(r'href="/berkas/[^"]+/"', page)) == 1
    assert "<img" not in page


def test_a_picture_is_shown_small(send: Send, sender: User) -> None:
    page = shown(send("foto.png", picture("PNG", (600, 300))), sender)
    assert (
        len(re.findall(r'<img src="/berkas/[^"]+/" width="240" height="120" alt="" loading="lazy">', page))
        == 1
    )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("quarantined", "Sedang diperiksa dari isi berbahaya. Setelah selesai, berkas dapat dibuka di sini."),
        (
            "infected",
            "Berkas ini berbahaya dan sudah dihapus. "
            "Silakan periksa perangkat Anda, lalu kirim berkas dari perangkat lain.",
        ),
        (
            "refused",
            "Berkas ini tidak dapat diperiksa dan sudah dihapus. Silakan kirim yang lebih kecil, atau sebagai PDF.",
        ),
        ("erased", "Dihapus atas permintaan"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why_and_has_no_link(
    send: Send, sender: User, clock: Clock, state: str, sentence: str
) -> None:
    file = send("foto.png", picture("PNG"))
    file.state = state
    page = shown(file, sender)
    assert words(page).endswith(sentence)
    assert "/berkas/" not in page


def test_the_field_says_what_may_be_sent(settings: Settings) -> None:
    settings.FILE_LIMIT = 5 * 1024 * 1024
    page = engines["django"].from_string("{% load files %}{% file_picker %}").render({})
    assert words(page) == (
        "Berkas (tidak wajib) Paling banyak 5 berkas, masing-masing sampai 5 MB: PDF, gambar, Word, Excel, PowerPoint,"
        " OpenDocument, CSV, atau teks."
    )
    assert 'data-large="{name} lebih besar dari 5 MB. Silakan pilih berkas yang lebih kecil."' in page
