"""The behaviours in a real browser, against a small server that can hang up."""

import json
import queue
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import engines
from django.test import RequestFactory

import sapa.ui
from tests.serving import until

pytestmark = pytest.mark.browser
playwright_api = pytest.importorskip("playwright.sync_api")
expect = playwright_api.expect

STATIC = Path(sapa.ui.__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".mp3": "audio/mpeg"}


class Site(ThreadingHTTPServer):
    """Pages by path, one stream, and what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, str] = {}
        self.refreshes: set[str] = set()  # whoever fetches one of these is told to load the page anew
        self.asked: list[str] = []
        self.posted: list[dict[str, list[str]]] = []
        self.news: queue.Queue[bytes | None] = queue.Queue()
        self.last = 10
        self.refuse_stream = False
        self.refuse_posts = 0
        self.post_takes = 0.0
        self.refusal = (503, b"")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def signal(self, name: str) -> None:
        self.last += 1
        data = json.dumps({"id": self.last, "name": name, "ids": [1]})
        self.news.put(f"event: signal\ndata: {data}\n\n".encode())

    def hang_up(self) -> None:
        self.news.put(None)


class Handler(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, format: str, *args: Any) -> None:
        return

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.path in self.server.refreshes:
            self.send_header("HX-Refresh", "true")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        if path == "/stream":
            return self._stream()
        file = STATIC / path.removeprefix("/static/")
        if path.startswith("/static/") and file.is_file():
            return self._send(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"))
        if path in self.server.pages:
            return self._send(200, self.server.pages[path].encode(), "text/html; charset=utf-8")
        return self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.posted.append(parse_qs(body))
        time.sleep(self.server.post_takes)
        self.server.asked.append("answered")
        if self.server.refuse_posts:
            self.server.refuse_posts -= 1
            return self._send(*self.server.refusal, "text/html")
        return self._send(200, b"ok", "text/html")

    def _stream(self) -> None:
        if self.server.refuse_stream:
            self._send(503, b"", "text/plain")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"event: hello\ndata: " + json.dumps({"last": self.server.last}).encode() + b"\n\n")
        while (news := self.server.news.get()) is not None:
            self.wfile.write(news)
        self.close_connection = True


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    thread = threading.Thread(target=served.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield served
    served.hang_up()
    served.shutdown()
    served.server_close()


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        opened = playwright.chromium.launch(executable_path=chromium_path, args=options)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Jakarta")
    opened = context.new_page()
    opened.set_default_timeout(8000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


def put(site: Site, path: str, body: str, *, js: str, live: bool = False, **context: Any) -> str:
    source = (
        "{% load ui %}<!doctype html><html lang=en><meta charset=utf-8><title>x</title>"
        "{% if live %}{% include 'ui/_live.html' %}{% endif %}<body>{% el 'live_banner' %}"
        f"{body}{{% js {' '.join(repr(one) for one in js.split())} %}}"
    )
    request = RequestFactory().get(path)
    site.pages[path] = engines["django"].from_string(source).render(context | {"live": live}, request)
    return site.url + path


REGION = """<live-region src="/stream" data-seen="10" data-names="ticket.">
  <div hx-get="/part" hx-trigger="sapa:signal from:document"><p id=state>old</p><input id=note></div></live-region>
  <div id=other hx-get="/other" hx-trigger="never">x</div>"""


def test_a_signal_refreshes_its_region_and_an_unwanted_one_does_not(site: Site, page: Any) -> None:
    page.goto(put(site, "/", REGION, js="live-region", live=True))
    expect(page.locator("body")).to_have_attribute("data-live", "live")
    page.wait_for_timeout(200)
    site.signal("desk.opened")
    page.wait_for_timeout(300)
    assert "/part" not in site.asked
    site.pages["/part"] = "<p id=state>new</p>"
    site.signal("ticket.called")
    site.signal("ticket.called")
    expect(page.locator("#state")).to_have_text("new")
    assert site.asked.count("/part") == 1


def test_a_signal_right_after_a_refresh_is_not_lost(site: Site, page: Any) -> None:
    part = '<div hx-get="/part" hx-trigger="sapa:signal from:document" hx-swap="outerHTML"><p id=state>%s</p></div>'
    site.pages["/part"] = part % "new"
    page.goto(
        put(site, "/", REGION.split("\n")[0] + part % "old" + "</live-region>", js="live-region", live=True)
    )
    expect(page.locator("body")).to_have_attribute("data-live", "live")
    page.evaluate(
        """document.addEventListener("htmx:afterSwap", () => setTimeout(() => document.dispatchEvent(
            new CustomEvent("sapa:signal", { detail: { signals: [] } }))), { once: true })"""
    )
    site.signal("ticket.called")
    expect(page.locator("#state")).to_have_text("new")
    page.wait_for_timeout(300)
    assert site.asked.count("/part") == 2


def test_the_focus_stays_where_it_was_when_its_part_is_replaced(site: Site, page: Any) -> None:
    part = (
        '<div hx-get="/part" hx-trigger="sapa:signal from:document" hx-swap="outerHTML"><p id=state>%s</p>'
        "<form action=/one><button>Is back</button></form><form action=/two><button>Is back</button></form></div>"
    )
    site.pages["/part"] = part % "new"
    body = REGION.split("\n")[0] + part % "old" + "</live-region>"
    page.goto(put(site, "/", body, js="live-region", live=True))
    expect(page.locator("body")).to_have_attribute("data-live", "live")
    page.locator("[action='/two'] button").focus()
    site.signal("ticket.called")
    expect(page.locator("#state")).to_have_text("new")
    expect(page.locator("[action='/two'] button")).to_be_focused()


def test_no_news_replaces_the_part_that_the_answer_to_a_press_is_meant_for(site: Site, page: Any) -> None:
    part = (
        '<div id=today hx-get="/part" hx-trigger="sapa:signal from:document" hx-swap="outerHTML"><p id=state>%s</p>'
        '<form method=post hx-post="/tick" hx-target="#today" hx-swap="outerHTML"><button>Tick</button></form></div>'
    )
    site.pages["/part"] = part % "fetched"
    site.refuse_posts, site.refusal, site.post_takes = 1, (200, (part % "ticked").encode()), 0.6
    body = REGION.split("\n")[0] + part % "old" + "</live-region>"
    page.goto(put(site, "/", body, js="live-region", live=True))
    expect(page.locator("body")).to_have_attribute("data-live", "live")
    page.get_by_role("button", name="Tick").click()
    page.wait_for_timeout(200)
    site.signal("ticket.called")
    expect(page.locator("#state")).to_have_text("fetched")
    assert [each for each in site.asked if each in ("answered", "/part")] == ["answered", "/part"]


def test_a_page_that_a_press_is_leaving_is_not_loaded_anew(site: Site, page: Any) -> None:
    """What the press changed is told to the page as news, too; its own answer must not be given up for that."""
    site.pages["/part"], site.refreshes, site.post_takes = "", {"/part"}, 0.6
    form = "<form method=post action=/post><button>Did not come</button></form>"
    page.goto(put(site, "/", REGION + form, js="live-region submit-once", live=True))
    expect(page.locator("body")).to_have_attribute("data-live", "live")
    page.get_by_role("button", name="Did not come").click(no_wait_after=True)
    until(lambda: site.posted)
    site.signal("ticket.no_show")
    expect(page.locator("body")).to_have_text("ok")
    assert [each for each in site.asked if each in ("/", "/part", "answered")] == ["/", "/part", "answered"]


def test_nothing_is_replaced_under_the_fingers_of_somebody_who_types(site: Site, page: Any) -> None:
    site.pages["/part"] = "<p id=state>new</p><input id=note>"
    page.goto(put(site, "/", REGION, js="live-region", live=True))
    page.wait_for_timeout(200)
    page.locator("#note").press_sequentially("half a wor")
    site.signal("ticket.called")
    page.wait_for_timeout(400)
    expect(page.locator("#note")).to_have_value("half a wor")
    expect(page.locator("#state")).to_have_text("old")
    page.locator("#note").blur()
    expect(page.locator("#state")).to_have_text("new")


def test_a_lost_stream_is_said_and_what_was_missed_is_fetched_when_it_is_back(site: Site, page: Any) -> None:
    page.goto(put(site, "/", REGION, js="live-region", live=True))
    page.wait_for_timeout(200)
    site.refuse_stream = True
    site.hang_up()
    banner = page.locator("[data-live-banner]")
    expect(banner).to_be_visible()
    assert re.search(r"\d\d:\d\d", banner.inner_text())
    expect(page.locator("body")).to_have_attribute("data-live", "offline")
    site.pages["/part"] = "<p id=state>new</p>"
    site.last += 1
    site.refuse_stream = False
    expect(banner).to_be_hidden(timeout=15_000)
    expect(page.locator("#state")).to_have_text("new")


def test_a_page_that_is_connected_again_is_not_called_fresh_before_it_has_fetched(
    site: Site, page: Any
) -> None:
    page.goto(put(site, "/", REGION, js="live-region", live=True))
    page.wait_for_timeout(200)
    site.hang_up()
    banner = page.locator("[data-live-banner]")
    expect(page.locator("body")).to_have_attribute("data-live", "stale", timeout=15_000)
    assert "/part" in site.asked  # connected, but what it missed could not be had
    page.wait_for_timeout(500)
    expect(banner).to_be_visible()
    site.pages["/part"] = "<p id=state>new</p>"
    expect(banner).to_be_hidden(timeout=15_000)
    expect(page.locator("#state")).to_have_text("new")


CALLS = """{% elblock "call_announcer" ack_url="/ack" %}<ol>
  <li data-call-id=1 data-say="nomor-antrean k satu silakan-menuju meja dua">K-001</li>
  <li data-call-id=2 data-say="satu">K-002</li><li data-call-id=3>announced before</li></ol>{% endelblock %}"""


def test_calls_are_spoken_one_after_the_other_and_acknowledged_even_when_the_server_stumbles(
    site: Site, page: Any
) -> None:
    site.refuse_posts = 1
    page.goto(put(site, "/", CALLS, js="call-announcer"))
    expect(page.locator("call-announcer")).to_have_attribute("data-ringing", "1")
    page.wait_for_timeout(1500)
    expect(page.locator("call-announcer")).to_have_attribute("data-ringing", "1")
    expect(page.locator("call-announcer")).to_have_attribute("data-ringing", "2", timeout=15_000)
    expect(page.locator("call-announcer[data-ringing]")).to_have_count(0, timeout=15_000)
    page.wait_for_timeout(2000)
    assert sorted((one["call"][0], one["sound"][0]) for one in site.posted) == [
        ("1", "spoken"),
        ("1", "spoken"),
        ("2", "spoken"),
    ]
    assert site.asked.count("/static/ui/voice/voice-id.mp3") == 1


def test_a_board_without_permission_asks_for_sound_before_the_first_call(site: Site, page: Any) -> None:
    page.add_init_script("AudioContext.prototype.resume = () => new Promise(() => {})")
    page.add_init_script("Object.defineProperty(AudioContext.prototype, 'state', { value: 'suspended' })")
    page.goto(
        put(site, "/", '{% elblock "call_announcer" ack_url="/ack" %}{% endelblock %}', js="call-announcer")
    )
    expect(page.get_by_role("button", name="Turn the sound on")).to_be_visible()


def test_the_countdown_passes_into_lateness_and_never_below_nothing(site: Site, page: Any) -> None:
    body = """<div class="promise running"><count-down lang=en start="2026-11-23T03:00:00Z" due="2026-11-23T03:10:00Z"
      now="2026-11-23T03:09:58Z" data-left="{% templatetag openbrace %}time{% templatetag closebrace %} left"
      data-late="{% templatetag openbrace %}time{% templatetag closebrace %} late" data-due="x">
      <progress max=100 value=0></progress><span data-words></span></count-down></div>"""
    page.goto(put(site, "/", body, js="count-down"))
    expect(page.locator("[data-words]")).to_have_text(re.compile("^[12] seconds? left$"))
    expect(page.locator("[data-words]")).to_have_text(re.compile("^[1-9] seconds? late$"))
    expect(page.locator(".promise")).to_have_class("promise breached")
    assert page.locator("progress").evaluate("one => one.value") == 100


def test_a_forgotten_kiosk_warns_and_returns_to_its_start_empty(site: Site, page: Any) -> None:
    form = '<form><input name="who"></form>{% el "idle_reset" start="/start" seconds=2 warn=1 %}'
    put(site, "/start", "<h1>Welcome</h1>", js="submit-once")
    page.goto(put(site, "/", form, js="idle-reset"))
    page.locator("[name=who]").fill("Ani")
    expect(page.locator("dialog")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.go_back()
    assert page.url == "about:blank"


KEYS = (
    """{% el "button" label="Next" key="n" type="button" id="next" %}<input id=field>{% el "keys_dialog" %}"""
)


def test_keys_press_their_buttons_but_rest_while_one_types_or_when_switched_off(
    site: Site, page: Any
) -> None:
    page.goto(put(site, "/", KEYS, js="shortcuts"))
    page.evaluate(
        "() => { window.pressed = 0; document.getElementById('next').onclick = () => { window.pressed++; }; }"
    )
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") == 1
    page.locator("#field").press("n")
    assert page.evaluate("window.pressed") == 1
    page.locator("#field").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next")
    page.get_by_role("switch").click()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") == 1


def test_a_double_press_sends_a_form_once(site: Site, page: Any) -> None:
    form = (
        '<form method="post" action="/post" target="sink"><button name="a" value="1">Send</button></form>'
        '<iframe name="sink"></iframe>'
    )
    page.goto(put(site, "/", form, js="submit-once"))
    page.get_by_role("button").dblclick()
    page.wait_for_timeout(400)
    assert site.posted == [{"a": ["1"]}]


KEPT = """<form hx-post="/keep" hx-trigger="input changed delay:50ms, sapa:keep" hx-target="#kept">
  <input id=answer name=answer><p id=kept data-unsaved="not kept yet">kept at ten</p></form>"""


def test_what_could_not_be_kept_is_said_and_tried_again(site: Site, page: Any) -> None:
    site.refuse_posts = 1
    page.goto(put(site, "/", KEPT, js="keep-saved", live=True))
    page.locator("#answer").fill("half a sentence")
    expect(page.locator("#kept")).to_have_text("not kept yet")
    expect(page.locator("#kept")).to_have_text("ok", timeout=10_000)
    assert [one["answer"] for one in site.posted] == [["half a sentence"], ["half a sentence"]]


def test_a_refusal_to_keep_is_said_in_its_own_words(site: Site, page: Any) -> None:
    site.refuse_posts, site.refusal = 1, (409, b"finished meanwhile")
    page.goto(put(site, "/", KEPT, js="keep-saved", live=True))
    page.locator("#answer").fill("half a sentence")
    expect(page.locator("#kept")).to_have_text("finished meanwhile")


def test_the_stepper_stays_within_its_bounds(site: Site, page: Any) -> None:
    page.goto(
        put(site, "/", '{% el "stepper" name="n" label="People" value=1 min=1 max=2 %}', js="number-stepper")
    )
    for name, value in (("One less", "1"), ("One more", "2"), ("One more", "2")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_label("People")).to_have_value(value)
