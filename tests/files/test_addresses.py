"""Signed addresses: one reader, some hours, one file; and what a browser is told about what it gets."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import escape
from pytest_django import Settings

from sapa.files.addresses import address
from sapa.files.models import StoredFile
from sapa.people.models import Officer, User
from tests.conftest import Clock
from tests.files.conftest import Send
from tests.files.samples import office as office_file
from tests.files.samples import pdf, picture

SignIn = Callable[[object], Browser]
FORGED = "Tautan berkas ini dibuat untuk orang lain atau tidak lengkap. Silakan buka berkasnya dari percakapan Anda."
EXPIRED = (
    "Tautan berkas ini sudah kedaluwarsa. Silakan buka lagi percakapan Anda dan pilih berkasnya di sana."
)
REMOVED = "Berkas ini sudah dihapus. Silakan minta lagi lewat percakapan Anda."
QUARANTINED = "Berkas ini masih diperiksa. Silakan coba lagi beberapa menit lagi."


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def opens(browser: Browser, url: str) -> bool:
    answer = browser.get(url)
    return answer.status_code == 200 and len(content(answer)) > 0


def said(answer: Any) -> tuple[int, bool, str]:
    """Status, whether browsers may keep it, and the sentence of the refusal that stands on the page."""
    page = answer.content.decode()
    found = next((each for each in (FORGED, EXPIRED, REMOVED, QUARANTINED) if escape(each) in page), "")
    return answer.status_code, answer.headers["Cache-Control"] != "private, no-store", found


@pytest.mark.parametrize(
    ("name", "sent", "media_type"),
    [
        ("Laporan – Juli.pdf", pdf(), "application/pdf"),
        ("foto.jpg", picture("JPEG"), "image/jpeg"),
        ("data.csv", b"a,b\n", "text/csv"),
        ("catatan.txt", b"isi", "text/plain"),
        (
            "surat.docx",
            office_file(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_file_is_a_download_that_no_browser_runs(
    send: Send, sender: User, signed_in: SignIn, name: str, sent: bytes, media_type: str
) -> None:
    answer = signed_in(sender).get(
        address(send(name, sent), user=sender), headers={"Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 200
    assert content(answer) == sent
    kept = {header: answer.headers[header] for header in answer.headers if header != "Vary"}
    ascii_name = f'filename="{name}"' if name.isascii() else "filename*=utf-8''Laporan%20%E2%80%93%20Juli.pdf"
    assert kept == {
        "Content-Type": media_type,
        "Content-Length": str(len(sent)),
        "Content-Disposition": f"attachment; {ascii_name}",
        "Content-Encoding": "identity",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "Content-Language": "id",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }


def test_the_small_copy_of_a_picture_is_shown_in_the_page(
    send: Send, sender: User, signed_in: SignIn
) -> None:
    file = send("foto.jpg", picture("JPEG", (1200, 900)))
    answer = signed_in(sender).get(address(file, user=sender, thumbnail=True))
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Disposition"] == 'inline; filename="foto.jpg.webp"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert content(answer) == file.thumbnail_path.read_bytes()


def test_nobody_without_an_account_gets_a_file(send: Send, sender: User) -> None:
    url = address(send(), user=sender)
    answer = Browser().get(url)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"{reverse('account_login')}?next={quote(url)}",
    )


def test_the_address_of_one_reader_is_of_no_use_to_another(
    send: Send, sender: User, stranger: User, signed_in: SignIn
) -> None:
    answer = signed_in(stranger).get(address(send(), user=sender))
    assert said(answer) == (403, False, FORGED)


def test_a_token_alone_or_an_altered_address_opens_nothing(
    send: Send, sender: User, signed_in: SignIn
) -> None:
    file = send()
    browser = signed_in(sender)
    good = address(file, user=sender).split("/")[2]
    payload, signature = good.split(":")
    for signed in (
        file.token,
        f"{payload}:",
        f":{signature}",
        f"{payload[:-1]}:{signature}",
        f"x{good}",
        str(file.pk),
        "é",
    ):
        assert said(browser.get(reverse("file", kwargs={"signed": signed}))) == (403, False, FORGED), signed


def test_an_address_expires_after_some_hours(
    send: Send, sender: User, signed_in: SignIn, clock: Clock
) -> None:
    url = address(send(), user=sender)
    browser = signed_in(sender)
    clock.advance(hours=3)
    assert opens(browser, url)
    clock.advance(hours=1)
    assert said(browser.get(url)) == (410, False, EXPIRED)


def test_an_address_stays_the_same_while_a_page_is_refreshed(send: Send, sender: User, clock: Clock) -> None:
    file = send()
    first = address(file, user=sender)
    clock.advance(minutes=29)
    assert address(file, user=sender) == first
    clock.advance(minutes=1)
    assert address(file, user=sender) != first


def test_a_dismissed_officer_loses_the_files_at_once(send: Send, budi: Officer, signed_in: SignIn) -> None:
    url = address(send(), user=budi.user, officer=budi)
    browser = signed_in(budi)
    assert opens(browser, url)
    Officer.objects.filter(pk=budi.pk).update(is_active=False)
    answer = browser.get(url)
    assert answer.status_code == 403
    assert "Anda tidak lagi bekerja di kantor pemilik berkas ini." in answer.content.decode()


def test_a_file_in_quarantine_is_given_to_nobody(
    send: Send, sender: User, signed_in: SignIn, settings: Settings
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    file = send("foto.jpg", picture("JPEG"))
    browser = signed_in(sender)
    for thumbnail in (False, True):
        assert said(browser.get(address(file, user=sender, thumbnail=thumbnail))) == (409, False, QUARANTINED)


@pytest.mark.parametrize("state", ["infected", "refused", "erased"])
def test_a_removed_file_says_so(send: Send, sender: User, signed_in: SignIn, state: str) -> None:
    file = send()
    url = address(file, user=sender)
    StoredFile.objects.filter(pk=file.pk).update(state=state, signature="x")
    assert said(signed_in(sender).get(url)) == (410, False, REMOVED)


def test_a_file_whose_row_or_content_is_gone_says_so(send: Send, sender: User, signed_in: SignIn) -> None:
    lost, deleted = send("a.csv"), send("b.csv")
    urls = [address(lost, user=sender), address(deleted, user=sender)]
    lost.path.unlink()
    deleted.delete()
    browser = signed_in(sender)
    assert [said(browser.get(url)) for url in urls] == [(410, False, REMOVED)] * 2


def test_a_file_is_only_read(send: Send, sender: User, signed_in: SignIn) -> None:
    url = address(send(), user=sender)
    browser = signed_in(sender)
    assert [browser.post(url).status_code, browser.delete(url).status_code] == [405, 405]
