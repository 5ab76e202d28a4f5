"""The front hands pages to a WSGI application: whole, in pieces, too large, broken, left behind."""

import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from sapa.core import bridge
from sapa.front import Front
from tests.serving import served, until

Environ = dict[str, Any]


class Application:
    """A WSGI application whose answers a test decides."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Environ, Any], Any]] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Any:
        return self.answers[environ["PATH_INFO"]](environ, start_response)

    def __setitem__(self, path: str, answer: Callable[[Environ, Any], Any]) -> None:
        self.answers[path] = answer


@pytest.fixture(scope="module")
def application() -> Application:
    return Application()


@pytest.fixture(scope="module")
def url(application: Application) -> Iterator[str]:
    with served(Front(application, kinds={})) as address:
        yield address


class Closing(list[bytes]):
    """A body that knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Pieces:
    """A streamed body."""

    streaming = True

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        self.closed.set()


def test_a_page_arrives_with_its_status_and_headers(url: str, application: Application) -> None:
    body = Closing([b"Selamat ", b"datang"])

    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("201 Created", [("Content-Type", "text/plain"), ("X-Nama", "Sapa")])
        return body

    application["/"] = answer
    response = httpx.get(url)
    assert (response.status_code, response.text, response.headers["x-nama"]) == (
        201,
        "Selamat datang",
        "Sapa",
    )
    until(lambda: body.is_closed)


def test_the_application_sees_the_request_as_it_was_sent(url: str, application: Application) -> None:
    seen: Environ = {}

    def answer(environ: Environ, start_response: Any) -> Any:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    application["/menggala/ü"] = application["/menggala/Ã¼"] = answer
    headers = [
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("X-Two", "1"),
        ("X-Two", "2"),
        ("X_Forwarded_Proto", "https"),
    ]
    httpx.get(url + "/menggala/%C3%BC?cari=a%20b", headers=headers)
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/menggala/ü"
    assert seen["QUERY_STRING"] == "cari=a%20b"
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_X_TWO"] == "1,2"
    assert seen["REMOTE_ADDR"] == "127.0.0.1"
    assert "HTTP_X_FORWARDED_PROTO" not in seen


def test_a_posted_body_arrives_whole_even_without_its_length(url: str, application: Application) -> None:
    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [environ["CONTENT_LENGTH"].encode(), b" ", environ["wsgi.input"].read()]

    application["/kirim/"] = answer
    assert httpx.post(url + "/kirim/", content=b"x" * 600_000).text == "600000 " + "x" * 600_000
    assert httpx.post(url + "/kirim/", content=iter([b"ab", b"cd"])).text == "4 abcd"


def test_a_body_that_is_too_large_is_refused_in_both_languages(url: str, application: Application) -> None:
    def answer(environ: Environ, start_response: Any) -> Any:
        raise AssertionError("must not be reached")

    application["/kirim/"] = answer
    announced = httpx.post(url + "/kirim/", content=b"x" * (settings.BODY_LIMIT + 1))
    assert announced.status_code == 413
    assert len(announced.text.splitlines()) == 2
    unannounced = httpx.post(
        url + "/kirim/", content=(b"x" * 1_000_000 for _ in range(settings.BODY_LIMIT // 1_000_000 + 1))
    )
    assert unannounced.status_code == 413


def test_a_streamed_answer_arrives_piece_by_piece(url: str, application: Application) -> None:
    first_was_read = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"satu"
        assert first_was_read.wait(5)
        yield b"dua"

    body = Pieces(pieces())

    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [])
        return body

    application["/alir/"] = answer
    with httpx.stream("GET", url + "/alir/") as response:
        parts = response.iter_raw()
        assert next(parts) == b"satu"
        first_was_read.set()
        assert list(parts) == [b"dua"]
    assert body.closed.wait(5)


def test_a_client_that_leaves_ends_the_streamed_answer(url: str, application: Application) -> None:
    left = threading.Event()

    def pieces() -> Iterator[bytes]:
        while True:
            yield b"lagi"
            left.wait(0.01)

    body = Pieces(pieces())

    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [])
        return body

    application["/alir/"] = answer
    with httpx.stream("GET", url + "/alir/") as response:
        next(response.iter_raw())
    assert body.closed.wait(5)


def test_a_broken_application_answers_500_and_the_next_request_is_served(
    url: str, application: Application
) -> None:
    def broken(environ: Environ, start_response: Any) -> Any:
        raise RuntimeError("broken on purpose")

    def well(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [b"ok"]

    application["/rusak/"], application["/baik/"] = broken, well
    assert httpx.get(url + "/rusak/").status_code == 500
    assert httpx.get(url + "/baik/").text == "ok"


def test_an_answer_that_breaks_off_is_not_taken_for_complete(url: str, application: Application) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"satu"
        raise RuntimeError("broken on purpose")

    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [])
        return Pieces(pieces())

    application["/alir/"] = answer
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(url + "/alir/")


@pytest.mark.parametrize("size", [10, bridge.BLOCK, 3 * bridge.BLOCK + 7])
def test_a_file_arrives_whole_and_is_closed(url: str, application: Application, size: int) -> None:
    file = BytesIO(b"x" * size)

    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"](file, 4096)

    application["/berkas/"] = answer
    assert len(httpx.get(url + "/berkas/").content) == size
    until(lambda: file.closed)


def test_a_head_request_has_no_body(url: str, application: Application) -> None:
    def answer(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", "6")])
        return [b"kepala"]

    application["/kepala/"] = answer
    response = httpx.head(url + "/kepala/")
    assert (response.headers["content-length"], response.content) == ("6", b"")


def test_the_zone_of_one_office_does_not_stay_for_the_next_request(
    url: str, application: Application
) -> None:
    def answer(environ: Environ, start_response: Any) -> Any:
        zone = timezone.get_current_timezone_name()
        timezone.activate(ZoneInfo("Asia/Jayapura"))
        start_response("200 OK", [])
        return [zone.encode()]

    application["/zona/"] = answer
    assert {httpx.get(url + "/zona/").text for _ in range(3)} == {"Asia/Jakarta"}


def test_when_too_many_wait_the_next_is_asked_to_come_back(settings: Any, application: Application) -> None:
    settings.WEB_THREADS = 1
    released, began = threading.Event(), threading.Event()

    def slow(environ: Environ, start_response: Any) -> Any:
        began.set()
        assert released.wait(10)
        start_response("200 OK", [])
        return [b"ok"]

    application["/lambat/"] = slow
    front = Front(application, kinds={}, backlog=1)
    answers: list[int] = []
    with served(front) as address:
        askers = [
            threading.Thread(target=lambda: answers.append(httpx.get(address + "/lambat/").status_code))
            for _ in range(2)
        ]
        askers[0].start()
        assert began.wait(5)
        askers[1].start()
        until(lambda: front.waiting == 1)
        refused = httpx.get(address + "/lambat/")
        released.set()
        for asker in askers:
            asker.join(10)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert answers == [200, 200]
