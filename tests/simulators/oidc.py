"""A real OpenID Connect server for the tests: the package oidc-provider-mock behind HTTP on a port of its own.

Beside what that package does it holds clients to PKCE (RFC 7636), and tells lies when a test asks for them:
PUT /lies {"id_token": {"aud": "somebody else"}} changes what the next answers claim.
"""

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

ROOT = Path(__file__).resolve().parents[2]


class Provider:
    """The server as a test speaks to it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def knows(self, sub: str, **claims: Any) -> None:
        """Somebody who has an account there, with these claims."""
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def lies(self, **lies: dict[str, Any]) -> None:
        """What the next answers claim instead: `id_token`, `userinfo`, `discovery`; or with `instead` say altogether,
        by path: status and text."""
        httpx.put(f"{self.issuer}/lies", json=lies).raise_for_status()

    def approve(self, address: str, sub: str) -> str:
        """The person signs in there and agrees; where the browser is sent then."""
        return str(httpx.post(address, data={"sub": sub}).headers["location"])

    def deny(self, address: str) -> str:
        """The person turns back; where the browser is sent then, with the state that RFC 6749 4.1.2.1 demands and
        the package leaves out."""
        back = str(httpx.post(address, data={"action": "deny"}).headers["location"])
        return f"{back}&state={parse_qs(urlsplit(address).query)['state'][0]}"


@contextmanager
def provider() -> Iterator[Provider]:
    """The server runs in a process of its own and is stopped at the end."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.simulators.oidc"]
    environment = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        assert port, "the OpenID Connect server did not start"
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


def serve() -> None:
    """Run until terminated; the port stands on the first line."""
    import flask  # comes with the package; only this process needs it
    import jwt
    import oidc_provider_mock
    from werkzeug.serving import make_server

    app = oidc_provider_mock.app()
    app.debug = False
    lies: dict[str, dict[str, Any]] = {}
    challenges: set[str] = set()

    def tell_lies() -> Any:
        lies.clear()
        lies.update(flask.request.get_json())
        return "", 204

    def hold_to_pkce() -> Any:
        given = flask.request
        if given.path == "/oauth2/authorize" and given.args.get("code_challenge_method") == "S256":
            challenges.add(given.args["code_challenge"])
        if given.path == "/oauth2/token":
            digest = hashlib.sha256(given.form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() not in challenges:
                return {"error": "invalid_grant"}, 400
        return None

    def lie(answer: Any) -> Any:
        path = flask.request.path
        if path in lies.get("instead", {}):
            said = lies["instead"][path]
            return flask.Response(said["text"], status=said["status"], mimetype="text/html")
        if path == "/oauth2/token" and "id_token" in lies and answer.status_code == 200:
            told = answer.get_json()
            claims = jwt.decode(told["id_token"], options={"verify_signature": False})
            told["id_token"] = jwt.encode(claims | lies["id_token"], "k" * 32, algorithm="HS256")
            answer.set_data(flask.json.dumps(told))
        if path == "/userinfo" and "userinfo" in lies:
            answer.set_data(flask.json.dumps(answer.get_json() | lies["userinfo"]))
        if path.startswith("/.well-known/") and "discovery" in lies:
            answer.set_data(flask.json.dumps(answer.get_json() | lies["discovery"]))
        return answer

    app.add_url_rule("/lies", view_func=tell_lies, methods=["PUT"])
    app.before_request(hold_to_pkce)
    app.after_request(lie)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve()
