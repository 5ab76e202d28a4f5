"""Signing in with a passkey: made on the account's own page, then used instead of the password."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import next_page
from tests.browser.conftest import Open, Scene
from tests.browser.server import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["online"]


def with_authenticator(page: Page) -> None:
    """A device with a fingerprint reader, as Chromium plays one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, origin: str, name: str) -> None:
    page.goto(origin + "/akun/login/")
    page.locator("#id_login").fill(f"{name}@contoh.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_password) button[type=submit]").first.click()
    page.wait_for_url("**/akun/")


def test_a_passkey_is_made_and_opens_the_account_without_a_password(scene: Scene, window: Open) -> None:
    # A passkey belongs to a name, not to a number.
    origin = scene.origin.replace("127.0.0.1", "localhost")
    page = window("desk")
    with_authenticator(page)
    sign_in(page, origin, "passkey")
    page.goto(origin + "/akun/mfa/webauthn/add/")
    page.wait_for_url("**/reauthenticate/**")  # a new way in is made only by who knows the old one
    page.locator("#id_password").fill(PASSWORD)
    with next_page(page):  # the address of this page ends with that of the next one
        page.locator("form:has(#id_password) button").first.click()
    page.wait_for_url("**/webauthn/add/")
    page.locator("#id_name").fill("Ponsel saya")
    if page.locator("#id_passwordless").count():
        page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto(origin + "/akun/mfa/webauthn/")
    expect(page.get_by_text("Ponsel saya")).to_be_visible()

    page.context.clear_cookies()
    page.goto(origin + "/akun/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/akun/")
    expect(page.get_by_text("passkey@contoh.example").first).to_be_visible()
