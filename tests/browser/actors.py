"""What people do, in the words on their screens: the visitor at the kiosk, on the phone, at the counter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect

from sapa.frontdesk.qr import qr_svg
from tests.browser.conftest import Scene

# What the browser does of itself with a new page, it does when it draws it: only then the focus is where the page asks.
DRAWN: Final = (
    "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))"
)


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """Inside something is pressed that leads to another page; afterwards that page, its scripts, its focus are there.

    A press alone does not end there: the page first asks whether anybody answers, and until then all one looks for is
    still found on the page that is about to be left.
    """
    with page.expect_navigation():
        yield
    see(page)


def see(page: Page) -> None:
    """The page has been drawn as it stands."""
    page.wait_for_function(DRAWN)


@dataclass(frozen=True)
class Guest:
    """What a visitor types."""

    name: str = "Ani Lestari"
    phone: str = "0812-3456-7890"
    email: str = "ani.lestari@contoh.example"
    subject: str = "Jumlah penduduk per kecamatan 2025"
    birth_year: str = "2003"


def press_next(page: Page) -> None:
    page.locator("button[form=step]:not([name])").tap()


def go_on(page: Page) -> None:
    """Press "next"; ends at the page that answers."""
    with next_page(page):
        press_next(page)


def choose(page: Page, option: str) -> None:
    page.locator("label.option", has_text=option).first.tap()


def begin_at_kiosk(kiosk: Page, scene: Scene, guest: Guest) -> None:
    """A consultation is wanted, and the phone number is typed."""
    kiosk.goto(scene.url("kios/{kiosk}/"))
    kiosk.locator("button[value=consultation]").tap()
    kiosk.get_by_label("Nomor HP atau email").fill(guest.phone)
    go_on(kiosk)


def say_who(kiosk: Page, scene: Scene, guest: Guest) -> None:
    """Every question about the visitor is answered."""
    begin_at_kiosk(kiosk, scene, guest)
    kiosk.locator("#id_name").fill(guest.name)
    kiosk.locator("#id_email").fill(guest.email)
    go_on(kiosk)
    choose(kiosk, "Perempuan")
    kiosk.locator("#id_birth_year").fill(guest.birth_year)
    go_on(kiosk)
    choose(kiosk, "D4/S1")
    choose(kiosk, "Pelajar/mahasiswa")
    go_on(kiosk)
    choose(kiosk, "Lembaga penelitian dan pendidikan")
    kiosk.locator("#id_institution_name").fill("Universitas Lampung")
    go_on(kiosk)


def say_what(kiosk: Page, guest: Guest) -> None:
    """The question and its purpose; the last page, which takes the number, stands open."""
    kiosk.locator("#id_subject").fill(guest.subject)
    choose(kiosk, "Tugas sekolah")
    go_on(kiosk)


def sign_at_kiosk(kiosk: Page, scene: Scene, guest: Guest) -> str:
    """Every question answered; the queue number that is shown at the end."""
    say_who(kiosk, scene, guest)
    return say_what_for(kiosk, guest)


def say_what_for(kiosk: Page, guest: Guest) -> str:
    """The last two questions, which everybody is asked."""
    say_what(kiosk, guest)
    go_on(kiosk)
    return kiosk.locator(".taken .number-value").inner_text()


def scan(kiosk: Page, address: str) -> None:
    """The code on the kiosk leads to `address`: a phone that reads it comes there."""
    svg = (
        "code => { const made = document.createElement('div'); made.innerHTML = code; return made.innerHTML }"
    )
    expected = kiosk.evaluate(svg, str(qr_svg(address)))
    expect(kiosk.locator(".taken-qr svg")).to_have_count(1)
    assert kiosk.locator(".taken-qr svg").evaluate("drawn => drawn.outerHTML") == expected


def sign_on_phone(phone: Page, scene: Scene, guest: Guest) -> str:
    """The guest book on the visitor's own phone; ends at the live number, which is returned."""
    phone.goto(scene.url("buku-tamu/?layanan=consultation"))
    phone.locator("#id_subject").fill(guest.subject)
    choose(phone, "Tugas sekolah")
    phone.locator("#id_name").fill(guest.name)
    phone.locator("#id_email").fill(guest.email)
    choose(phone, "Perempuan")
    phone.locator("#id_birth_year").fill("2003")
    phone.get_by_label("D4/S1").check()
    phone.get_by_label("Pelajar/mahasiswa").check()
    phone.get_by_label("Lembaga penelitian dan pendidikan").check()
    phone.locator("form:has(#id_subject) [type=submit]").tap()
    phone.wait_for_url("**/tiket/*/")
    return phone.locator(".number-value").inner_text()
