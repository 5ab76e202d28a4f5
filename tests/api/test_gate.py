"""Who comes in, with what, how often: every route with the right token, and with every wrong one."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.test import Client as Browser

from sapa.api import gate, tokens
from sapa.api.models import ApiToken, IdempotentRequest
from sapa.api.scopes import SCOPES
from sapa.api.service import resolver
from sapa.catalogue.models import Entry
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.api.conftest import GUEST, QUESTION, Caller, Maker, done, problem
from tests.conftest import Clock


class Case(NamedTuple):
    scope: str
    method: str
    path: str
    body: Any = None
    good: int = 200
    query: dict[str, str] | None = None


HOOK = {"url": "https://penerima.example/a", "events": ["visit.signed"]}
CASES = [
    Case("catalogue:read", "GET", "/catalogue", query={"q": "penduduk"}),
    Case("catalogue:read", "GET", "/catalogue/{entry}"),
    Case("visits:write", "GET", "/codes"),
    Case("consultations:read", "GET", "/consultations"),
    Case("consultations:read", "GET", "/consultations/{code}"),
    Case("consultations:write", "POST", "/consultations", QUESTION, 201),
    Case("messages:read", "GET", "/consultations/{code}/messages"),
    Case("messages:write", "POST", "/consultations/{code}/messages", {"side": "client", "text": "Halo"}, 201),
    Case("visits:read", "GET", "/visits"),
    Case("visits:read", "GET", "/visits/{visit}"),
    Case("visits:write", "POST", "/visits", GUEST, 201),
    Case("tickets:read", "GET", "/tickets"),
    Case("tickets:read", "GET", "/tickets/{ticket}"),
    Case("tickets:write", "POST", "/tickets/{ticket}/withdrawal", None, 201),
    Case("webhooks:write", "GET", "/webhooks"),
    Case("webhooks:write", "POST", "/webhooks", HOOK, 201),
    Case("webhooks:write", "DELETE", "/webhooks/{webhook}", None, 204),
]


@pytest.fixture
def ids(caller: Maker, ani: Client, office: Office, clock: Clock) -> dict[str, Any]:
    c = caller()
    visit = done(c.post("/visits", GUEST), 201)
    return {
        "entry": Entry.objects.create(
            kind="glossary_term", title="Lansia", office=office, published_at=clock.at
        ).pk,
        "code": done(c.post("/consultations", QUESTION), 201)["id"],
        "visit": visit["visit"]["id"],
        "ticket": visit["ticket"]["id"],
        "webhook": done(c.post("/webhooks", HOOK | {"url": "https://penerima.example/b"}), 201)["id"],
    }


def test_every_route_is_among_the_cases() -> None:
    def paths(patterns: Any, above: str = "") -> set[str]:
        return {above + str(each.pattern) for each in patterns}

    shape = re.compile(r"<[^>]+>|\{[^}]+\}")
    routes = {shape.sub("*", each.removesuffix("$")) for each in paths(resolver.url_patterns)}
    assert {shape.sub("*", "*" + case.path) for case in CASES} == routes - {"", "openapi.json"}


@pytest.mark.parametrize("case", CASES, ids=lambda each: f"{each.method} {each.path}")
def test_a_route_opens_for_its_scope_in_its_office_and_for_nothing_else(
    case: Case,
    caller: Maker,
    make_token: Callable[..., tuple[ApiToken, str]],
    ids: dict[str, Any],
    other_office: Office,
    dewi: Officer,
    hadi: Officer,
    clock: Clock,
) -> None:
    path = case.path.format(**ids)

    def ask(c: Caller) -> Any:
        key = "k-1" if case.method == "POST" else ""
        return c.send(case.method, path, body=case.body, key=key, query=case.query)

    other_scopes = [each for each in SCOPES if each != case.scope and case.path != "/codes"]
    other_scopes = other_scopes or ["tickets:read"]
    assert problem(ask(caller(*other_scopes))) == (403, "no_scope")
    assert problem(ask(caller(office=other_office, by=dewi))) == (403, "other_office")
    assert problem(ask(Caller(""))) == (401, "no_token")
    assert problem(ask(Caller("sapa_guessed"))) == (401, "bad_token")
    revoked, secret = make_token()
    tokens.revoke(revoked, by=hadi, at=clock())
    assert problem(ask(Caller(secret))) == (401, "bad_token")
    expired = caller(expires_on=date(2026, 11, 23))
    right = caller(case.scope)
    assert ask(right).status_code == case.good
    clock.advance(days=1)
    assert problem(ask(expired)) == (401, "bad_token")


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue/{entry}",
        "/consultations/{code}",
        "/consultations/{code}/messages",
        "/visits/{visit}",
        "/tickets/{ticket}",
    ],
)
def test_what_another_office_has_is_not_found_with_the_own_token(
    path: str, caller: Maker, ids: dict[str, Any], other_office: Office, dewi: Officer
) -> None:
    stranger = caller(office=other_office, by=dewi)
    assert problem(stranger.get("/api/v1/1812" + path.format(**ids))) == (404, "not_found")
    assert problem(stranger.send("DELETE", f"/api/v1/1812/webhooks/{ids['webhook']}")) == (404, "not_found")


def test_no_session_opens_the_interface(signed_in: Any, hadi: Officer) -> None:
    assert problem(signed_in(hadi).get("/api/v1/1808/consultations")) == (401, "no_token")


def test_nothing_and_the_wrong_method_are_told_as_such(caller: Maker) -> None:
    c = caller()
    assert problem(c.get("/nothing")) == (404, "not_found")
    answer = c.send("PUT", "/consultations", body={})
    assert problem(answer) == (405, "method")
    assert answer.headers["Allow"] == "GET, POST"
    assert problem(Browser().get("/api/v1/1808/nothing")) == (401, "no_token")


def test_too_often_says_when_again(caller: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_A_MINUTE", 2)
    c = caller()
    done(c.get("/consultations"))
    done(c.get("/consultations"))
    answer = c.get("/consultations")
    assert problem(answer) == (429, "too_often")
    assert answer.headers["Retry-After"] == "60"
    done(caller().get("/consultations"))


def test_guessing_tokens_is_stopped(caller: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "UNKNOWN_A_MINUTE", 1)
    assert problem(Caller("sapa_a").get("/visits")) == (401, "bad_token")
    assert problem(Caller("sapa_b").get("/visits")) == (429, "too_often")
    done(caller().get("/visits"))


def test_use_is_noted_at_most_once_a_minute(caller: Maker, clock: Clock) -> None:
    c = caller()
    first = clock()
    done(c.get("/visits"))
    clock.advance(seconds=59)
    done(c.get("/visits"))
    assert ApiToken.objects.get().last_used_at == first
    done(c.get("/visits"))
    again = clock.advance(seconds=1)
    done(c.get("/visits"))
    assert ApiToken.objects.get().last_used_at == again


def test_only_the_digest_of_a_token_is_kept(caller: Maker) -> None:
    secret = caller().secret
    kept = ApiToken.objects.values().get()
    assert len(secret) > 45
    assert secret not in json.dumps(kept, default=str)


def test_a_token_is_refused_that_could_do_nothing_or_live_for_ever(
    office: Office, hadi: Officer, fajar: Officer, dewi: Officer, clock: Clock
) -> None:
    good: dict[str, Any] = {
        "name": "A",
        "scopes": ["visits:read"],
        "expires_on": date(2027, 1, 1),
        "acts_as": None,
    }
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_on": date(2026, 11, 22)}, "expiry"),
        ({"expires_on": date(2029, 1, 1)}, "expiry"),
        ({"acts_as": fajar}, "who"),
        ({"acts_as": dewi}, "who"),
    ]
    for change, code in wrong:
        with pytest.raises(Refused) as refused:
            tokens.make(office, **(good | change), by=hadi, at=clock())
        assert refused.value.code == code
    tokens.make(office, **good, by=hadi, at=clock())
    with pytest.raises(Refused) as refused:
        tokens.make(office, **good, by=hadi, at=clock())
    assert refused.value.code == "name"
    assert ApiToken.objects.count() == 1


BAD = [
    ({"raw": b"x" * 1_000_000}, 413, "too_large"),
    ({"raw": b"{nonsense"}, 400, "unreadable"),
    ({"raw": b"\xff\xfe{}"}, 400, "unreadable"),
    ({"raw": b"a=1", "content_type": "application/x-www-form-urlencoded"}, 415, "not_json"),
    ({"raw": b"--x\r\n", "content_type": "multipart/form-data; boundary=x"}, 415, "not_json"),
    ({"body": []}, 422, "invalid"),
    ({"body": QUESTION | {"subject": 7}}, 422, "invalid"),
    ({"body": QUESTION | {"subject": "a\x00b"}}, 422, "invalid"),
    ({"body": QUESTION | {"subject": "a\nb"}}, 422, "invalid"),
    ({"body": QUESTION | {"subject": "\ud800"}}, 422, "invalid"),
    ({"body": QUESTION | {"question": "a\x1bb"}}, 422, "invalid"),
    ({"body": QUESTION | {"question": "x" * 10_001}}, 422, "invalid"),
    ({"body": QUESTION | {"question": "   "}}, 422, "invalid"),
    ({"body": QUESTION | {"year_from": 10**30}}, 422, "invalid"),
    ({"body": QUESTION | {"year_from": True}}, 422, "invalid"),
    ({"body": QUESTION | {"unknown": 1}}, 422, "invalid"),
    ({"body": QUESTION | {"client": {"account_email": "no address"}}}, 422, "bad_contact"),
    ({"body": QUESTION | {"client": {"name": "123"}}}, 422, "bad_name"),
    ({"body": QUESTION | {"client": {"account_email": "a@b.example", "name": "A"}}}, 422, "invalid"),
]


@pytest.mark.parametrize(("sent", "status", "code"), BAD)
def test_bad_input_is_refused_and_leaves_nothing(
    sent: dict[str, Any], status: int, code: str, caller: Maker, ani: Client
) -> None:
    before = Client.objects.count()
    assert problem(caller().post("/consultations", **sent)) == (status, code)
    assert (Consultation.objects.count(), IdempotentRequest.objects.count(), Client.objects.count()) == (
        0,
        0,
        before,
    )


def test_script_is_kept_as_words_and_never_as_markup(caller: Maker, ani: Client, signed_in: Any) -> None:
    evil = "<script>alert(1)</script>"
    made = done(caller().post("/consultations", QUESTION | {"subject": evil, "question": evil}), 201)
    kept = Consultation.objects.get(code=made["id"])
    page = signed_in(ani.user).get(f"/1808/konsultasi/{kept.token}/")
    assert page.status_code == 200
    assert evil not in page.content.decode()


def test_an_address_with_a_nul_or_a_number_beyond_all_numbers_is_refused(caller: Maker) -> None:
    c = caller()
    assert problem(c.get("/consultations", cursor="a\0")) == (400, "bad_text")
    assert problem(c.get("/visits/99999999999999999999999")) == (422, "invalid")
    assert problem(c.get("/consultations/KST-0000-0000-0000-0")) == (422, "invalid")
    assert problem(c.get("/consultations", since="0001-01-01T00:00:00Z")) == (422, "invalid")
    assert problem(c.get("/visits", limit="1000")) == (422, "invalid")


def test_the_document_names_every_route_and_needs_no_token(client: Browser, db: None) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/{office}" + re.sub(r"\{code\}", "{number}", case.path) for case in CASES
    }
    page = client.get("/api/v1/").content.decode()
    assert all(path in page for path in document["paths"])
