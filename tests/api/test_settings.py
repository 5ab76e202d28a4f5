"""The page where an administrator lets programs in."""

import re
from typing import Any

from sapa.api.models import ApiToken, WebhookEndpoint
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.api.conftest import Caller, done, problem
from tests.conftest import Clock

PAGE = "/1808/pengaturan/api/"
TOKEN = {
    "name": "Papan kota",
    "scopes": ["visits:read", "tickets:read"],
    "expires_on": "2027-01-01",
    "acts_as": "",
}


def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    signed_in: Any, hadi: Officer, clock: Clock
) -> None:
    browser = signed_in(hadi)
    made = browser.post(PAGE, TOKEN)
    assert made.status_code == 201
    (secret,) = re.findall(r"sapa_[\w-]+", made.content.decode())
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.made_by) == ("Papan kota", ["visits:read", "tickets:read"], hadi)
    page = browser.get(PAGE).content.decode()
    assert secret not in page
    assert secret[-4:] in page
    done(Caller(secret).get("/visits"))
    browser.post(f"{PAGE}{token.pk}/pencabutan/")
    assert problem(Caller(secret).get("/visits")) == (401, "bad_token")
    assert browser.post(f"{PAGE}{token.pk}/pencabutan/", follow=True).status_code == 200


def test_what_is_missing_is_said_at_its_field(
    signed_in: Any, hadi: Officer, fajar: Officer, clock: Clock
) -> None:
    browser = signed_in(hadi)
    answer = browser.post(PAGE, {"name": "", "expires_on": "besok", "acts_as": fajar.pk})
    assert answer.status_code == 422
    assert set(answer.context["token_form"].errors) == {"name", "scopes", "expires_on", "acts_as"}
    assert browser.post(PAGE, TOKEN | {"expires_on": "2035-01-01"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_webhook_is_added_with_its_secret_shown_once_and_ended(
    signed_in: Any, hadi: Officer, clock: Clock
) -> None:
    browser = signed_in(hadi)
    made = browser.post(PAGE + "webhook/", {"url": "https://a.example/dengar", "events": ["visit.signed"]})
    assert made.status_code == 201
    assert len(re.findall(r"whsec_[\w+/=]+", made.content.decode())) == 1
    endpoint = WebhookEndpoint.objects.get()
    assert "whsec_" not in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}webhook/{endpoint.pk}/penghentian/")
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.ended_because) == (False, "officer")
    assert browser.post(f"{PAGE}webhook/{endpoint.pk}/penghentian/", follow=True).status_code == 200
    refused = browser.post(PAGE + "webhook/", {"url": "http://a.example/", "events": ["visit.signed"]})
    assert refused.status_code == 422


def test_another_office_sees_and_touches_nothing(
    signed_in: Any, hadi: Officer, office: Office, other_office: Office, dewi: Officer, clock: Clock
) -> None:
    signed_in(hadi).post(PAGE, TOKEN)
    token = ApiToken.objects.get()
    dewi.role = Officer.Role.ADMIN
    dewi.save()
    browser = signed_in(dewi)
    assert browser.post(f"/1812/pengaturan/api/{token.pk}/pencabutan/").status_code == 404
    assert browser.post(f"{PAGE}{token.pk}/pencabutan/").status_code == 404
    assert "Papan kota" not in browser.get("/1812/pengaturan/api/").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None


def test_what_a_token_may_do_and_a_webhook_hears_of_is_said_in_words_with_its_code_beside(
    signed_in: Any, hadi: Officer, clock: Clock
) -> None:
    browser = signed_in(hadi)
    browser.post(PAGE, TOKEN)
    page = browser.get(PAGE).content.decode()
    assert "Membaca kunjungan, tanpa nama <code>visits:read</code>" in page
    for name, code in (("scopes", "messages:write"), ("events", "ticket.called")):
        (label,) = re.findall(rf'value="{code}".*?</label>', page, re.DOTALL)
        assert f"<code>{code}</code>" in label, name


def test_names_in_the_reference_stand_out_without_marks_of_markdown(client: Any, db: None) -> None:
    page = client.get("/api/v1/").content.decode()
    assert ("`" in page, page.count("<code>since</code>") > 0) == (False, True)


def test_the_reference_is_in_the_language_of_its_reader(client: Any, db: None) -> None:
    said = {}
    for language in ("id", "en"):
        client.cookies["sapa_language"] = language
        page = client.get("/api/v1/")
        said[language] = [each.description for each in page.context["operations"]]
    assert all(text for text in said["id"])
    assert [one for one, other in zip(said["id"], said["en"], strict=True) if one == other] == []
