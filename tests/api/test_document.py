"""The OpenAPI document against the running application: no error of ours, and no answer that it does not name.

Not asked: that everything the document allows is taken. The domain refuses more than a schema can say.
"""

import re
import subprocess
import sys
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from sapa.api import gate
from sapa.catalogue.models import Entry
from sapa.consultations.models import Consultation
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from sapa.wsgi import application
from tests.api.conftest import GUEST, QUESTION, Maker, done
from tests.conftest import Clock

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
EXAMPLES = 8
# So that what is generated gets past the first check of the domain now and then.
HELP: dict[str, dict[str, Any]] = {
    "/api/v1/{office}/consultations": {
        "client": QUESTION["client"],
        "purpose": "research",
        "year_from": None,
    },
    "/api/v1/{office}/visits": {name: value for name, value in GUEST.items() if name != "institution_name"},
}


@pytest.fixture
def known(caller: Maker, ani: Client, office: Office, clock: Clock) -> dict[str, Any]:
    """Things that exist, by the name of the parameter."""
    c = caller()
    visit = done(c.post("/visits", GUEST), 201)
    hook = {"url": "https://penerima.example/b", "events": ["visit.signed"]}
    return {
        "office": "1808",
        "number": done(c.post("/consultations", QUESTION), 201)["id"],
        "visit": visit["visit"]["id"],
        "ticket": visit["ticket"]["id"],
        "entry": Entry.objects.create(
            kind="glossary_term", title="Lansia", office=office, published_at=clock.at
        ).pk,
        "webhook": done(c.post("/webhooks", hook), 201)["id"],
    }


def _reach(case: Any, known: dict[str, Any], mode: GenerationMode) -> None:
    """A right address leads to something that exists; a wrong one stays wrong."""
    for name, value in (case.path_parameters or {}).items():
        shape = re.sub(r"[0-9]", "9", re.sub(r"[A-Z0-9]{4}(?=-|$)", "9999", str(known[name])))
        found = re.sub(r"[0-9]", "9", re.sub(r"[A-Z0-9]{4}(?=-|$)", "9999", str(value)))
        if mode is GenerationMode.POSITIVE or (name == "office" and shape == found):
            case.path_parameters[name] = known[name]
    # Another host is refused before the interface is reached (SAPA_HOSTS).
    for name in [each for each in case.headers or {} if each.lower() == "host"]:
        del case.headers[name]
    help = HELP.get(case.operation.path)
    if mode is GenerationMode.POSITIVE and help and isinstance(case.body, dict):
        case.body |= help


@pytest.mark.django_db(transaction=True)
def test_generated_requests_get_only_answers_that_the_document_names(
    office: Office,
    caller: Maker,
    known: dict[str, Any],
    budi: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "MOST_A_MINUTE", 100_000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {
        "Authorization": f"Bearer {caller(acts_as=budi).secret}",
        "Accept-Encoding": "identity",
    }
    statuses: dict[int, int] = {}

    def run(operation: Any, mode: GenerationMode) -> None:
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            _reach(case, known, mode)
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

        ask()

    tried = 0
    for each in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            run(cast("Any", each).ok(), mode)
            tried += 1
    assert tried == 34
    assert {200, 201, 422} <= set(statuses), statuses
    assert Consultation.objects.count() > 1
    assert Visit.objects.count() >= 1


def test_an_installation_without_integrations_never_loads_the_library() -> None:
    """0.4 s of start and 14 MB of memory, paid by whoever uses it (docs/decisions/0015)."""
    code = (
        "import sys, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'sapa.settings'; import django; django.setup();"
        "from django.urls import get_resolver; from django.utils.module_loading import import_string;"
        "from sapa import wiring; get_resolver().url_patterns;"
        "[import_string(each) for each in wiring.SOURCES];"
        "print([each for each in ('ninja', 'pydantic', 'httpx') if each in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
