"""A data portal that answers package_search and package_show as CKAN does, and has its bad days."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit


@dataclass
class Portal:
    """`fault`: html, half, error, same, count, refused or names; `bad_days`: how many answers are 500 or 429 first."""

    origin: str = ""
    datasets: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""
    status: int = 500
    bad_days: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)


def dataset(number: int, **told: Any) -> dict[str, Any]:
    """One data set as portals write them."""
    return {
        "id": f"d{number:03d}",
        "name": f"jumlah-umkm-{number}",
        "title": f"Jumlah UMKM menurut Kecamatan {number}, 2019-2023",
        "notes": "Data **UMKM** dari [dinas](https://contoh.go.id).",
        "organization": {"name": "dinkop", "title": "Dinas Koperasi"},
        "tags": [{"name": "umkm"}, {"name": "koperasi"}],
        "license_title": "Creative Commons Attribution",
        "metadata_created": "2024-02-03T04:05:06.000000",
        "state": "active",
        "resources": [{"format": "csv"}, {"format": "XLSX"}, {"format": "CSV"}],
    } | told


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        portal = cast("_Server", self.server).portal
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        portal.asked.append(asked | {"action": address.path.rpartition("/")[2]})
        if portal.bad_days:
            portal.bad_days -= 1
            self._answer(portal.status, b"later")
        elif portal.fault == "html":
            self._answer(200, b"<!doctype html><title>Masuk</title>")
        elif portal.fault == "error":
            self._tell({"success": False, "error": {"message": "Search Query is invalid"}}, 200)
        elif portal.fault == "refused":
            self._tell({"success": False}, 403)
        elif address.path == "/api/3/action/package_show":
            found = [each for each in portal.datasets if each["id"] == asked["id"]]
            self._tell({"success": True, "result": found[0]} if found else {}, 200 if found else 404)
        else:
            self._search(portal, asked)

    def _search(self, portal: Portal, asked: dict[str, str]) -> None:
        start, rows = int(asked["start"]), int(asked["rows"])
        if portal.fault == "same":
            start = 0
        shown = portal.datasets[start : start + rows]
        if portal.fault == "names":
            shown = [{"id": each["id"]} for each in shown]
        count = len(portal.datasets) + (5 if portal.fault in {"count", "same"} else 0)
        body = json.dumps({"success": True, "result": {"count": count, "results": shown}}).encode()
        self._answer(200, body[: len(body) // 2] if portal.fault == "half" else body)

    def _tell(self, told: dict[str, Any], status: int) -> None:
        self._answer(status, json.dumps(told).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, portal: Portal) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.portal = portal


@contextmanager
def data_portal() -> Iterator[Portal]:
    """A portal on a free port; gone afterwards."""
    portal = Portal()
    server = _Server(portal)
    portal.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
