"""What a route asks of a token. A route without such a mark lets nobody in (service.nobody)."""

from typing import Annotated, cast

from django.http import HttpRequest
from ninja import Path
from ninja.security import HttpBearer

from sapa.api.gate import ApiRequest
from sapa.api.models import ApiToken
from sapa.api.problems import Problem
from sapa.api.scopes import SCOPES

OfficeCode = Annotated[str, Path(pattern=r"^[0-9]{4}$", description="BPS code of the office, such as 1808")]


class Bearer(HttpBearer):
    """The token, which the gate has found good already, has this scope."""

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES:
            raise ValueError(scope)
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        held = cast("ApiRequest", request).token
        if self.scope not in held.scopes:
            raise Problem(403, "no_scope", f"This token may not: {self.scope}.")
        return held
