"""Tokens, and a caller that speaks JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from sapa.api import tokens
from sapa.api.models import ApiToken
from sapa.api.scopes import SCOPES
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.cast import make_client
from tests.conftest import Clock

BASE = "/api/v1/1808"


@dataclass
class Caller:
    """Another program with a token. `key` is made anew for each POST unless it is given."""

    secret: str

    def get(self, path: str, **query: Any) -> Any:
        return self.send("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> Any:
        return self.send("POST", path, body=body, key=uuid4().hex if key is None else key, **options)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        key: str = "",
        query: dict[str, Any] | None = None,
        raw: bytes | None = None,
        content_type: str = "application/json",
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        if key:
            headers["Idempotency-Key"] = key
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        address = path if path.startswith("/api/") else BASE + path
        answer: Any = Browser(enforce_csrf_checks=True).generic(
            method, address, data, content_type=content_type, headers=headers, query_params=query or {}
        )
        return answer  # a HttpResponse with json()


Maker = Callable[..., Caller]


@pytest.fixture
def ani(db: None, clock: Clock) -> Client:
    """A client with an account and a confirmed e-mail address."""
    user = User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1", name="Ani Lestari")
    return make_client(user=user, email_verified_at=clock())


@pytest.fixture
def make_token(office: Office, hadi: Officer, clock: Clock) -> Callable[..., tuple[ApiToken, str]]:
    def make(*scopes: str, **options: Any) -> tuple[ApiToken, str]:
        values: dict[str, Any] = {
            "name": uuid4().hex,
            "expires_on": date(2026, 12, 31),
            "acts_as": None,
            "by": hadi,
            "at": clock(),
        }
        values |= options
        return tokens.make(values.pop("office", office), scopes=scopes or list(SCOPES), **values)

    return make


@pytest.fixture
def caller(make_token: Callable[..., tuple[ApiToken, str]]) -> Maker:
    """`caller("visits:read")` may do that; without scopes it may do everything."""
    return lambda *scopes, **options: Caller(make_token(*scopes, **options)[1])


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which must be in the promised form."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:200]
    body = json.loads(answer.content)
    assert set(body) == {"type", "title", "status", "code", "detail", "errors"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def done(answer: Any, status: int = 200) -> Any:
    """The answer's body, when it is what was hoped for."""
    assert answer.status_code == status, answer.content[:500]
    return json.loads(answer.content)


QUESTION = {
    "client": {"account_email": "ani@contoh.example"},
    "subject": "Penduduk per kecamatan",
    "question": "Berapa jumlah penduduk per kecamatan tahun 2025?",
    "purpose": "research",
}
GUEST = {
    "service": "consultation",
    "name": "Sari Dewi",
    "email": "sari@contoh.example",
    "gender": "female",
    "birth_year": 1990,
    "education": "bachelor",
    "occupation": "private_employee",
    "institution_category": "private",
    "institution_name": "PT Contoh",
    "purpose": "research",
}
