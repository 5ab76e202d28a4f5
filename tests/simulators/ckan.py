"""A data portal that answers package_search and package_show as CKAN does, and has its bad days."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators import server


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


class _Request(server.Request):
    def do_GET(self) -> None:
        portal: Portal = self.simulated
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        portal.asked.append(asked | {"action": address.path.rpartition("/")[2]})
        if portal.bad_days:
            portal.bad_days -= 1
            after = {"Retry-After": "7"} if portal.status == 429 else {}
            self.answer(portal.status, b"later", after)
        elif portal.fault == "html":
            self.answer(200, b"<!doctype html><title>Masuk</title>")
        elif portal.fault == "error":
            self.answer_json(200, {"success": False, "error": {"message": "Search Query is invalid"}})
        elif portal.fault == "refused":
            self.answer_json(403, {"success": False})
        elif address.path == "/api/3/action/package_show":
            found = [each for each in portal.datasets if each["id"] == asked["id"]]
            self.answer_json(200 if found else 404, {"success": True, "result": found[0]} if found else {})
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
        self.answer(200, body[: len(body) // 2] if portal.fault == "half" else body)


def data_portal() -> AbstractContextManager[Portal]:
    """A portal on a free port; gone afterwards."""
    return server.serve(Portal(), _Request)
