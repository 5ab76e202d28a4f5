"""The log holds no key: whoever reads it cannot open a visitor's ticket, a board or a complaint."""

import json
import logging

from sapa.core.logs import formatter


def logged(message: str, **extra: object) -> dict[str, object]:
    record = logging.getLogger("test").makeRecord(
        "test", logging.WARNING, __file__, 1, message, (), None, extra=extra
    )
    told: dict[str, object] = json.loads(formatter().format(record))
    return told


def test_tokens_and_codes_are_left_out_of_addresses() -> None:
    told = logged(
        "Not Found: /1808/tiket/nizN-kIIUiA1tExPiPptbA/", path="/1808/pengaduan/ADU-7KQ4-M2XW-9TRB/"
    )
    assert (told["event"], told["path"]) == ("Not Found: /1808/tiket/…/", "/1808/pengaduan/…/")


def test_a_request_is_told_without_its_key() -> None:
    class Request:
        def __repr__(self) -> str:
            return "<WSGIRequest: GET '/1808/papan/papan-token-percobaan1/'>"

    assert logged("x", request=Request())["request"] == "<WSGIRequest: GET '/1808/papan/…/'>"


def test_ordinary_addresses_stay_readable() -> None:
    assert logged("Not Found: /1808/standar/")["event"] == "Not Found: /1808/standar/"
