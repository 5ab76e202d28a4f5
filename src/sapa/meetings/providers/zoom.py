"""Zoom by server-to-server OAuth: one account of the office, no person signs in.

Documented at developers.zoom.us: Server-to-Server OAuth (grant `account_credentials`, tokens of one hour, no refresh
token), Meetings (POST /users/{user}/meetings, PATCH and DELETE /meetings/{id}), Rate limits (429, `Retry-After`).
The addresses come from the server's settings: an office cannot make this server call another one.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import httpx
from django.conf import settings
from django.core.cache import cache

from sapa.meetings.models import FollowUp, MeetingPolicy
from sapa.meetings.providers.base import Joined, ProviderError
from sapa.meetings.sealing import Unreadable, seal, unseal

TIMEOUT: Final = httpx.Timeout(8.0, connect=4.0)
LARGEST_ANSWER: Final = 1_000_000
BEFORE_EXPIRY: Final = 120
LONGEST_PAUSE: Final = timedelta(hours=24)
UNKNOWN_MEETING: Final = 3001
# Of 300 meetings each: more than a host can have ahead, and no endless walk.
MOST_PAGES: Final = 20


def create(meeting: FollowUp, policy: MeetingPolicy, *, at: datetime, again: bool) -> Joined:
    """A scheduled meeting. Zoom knows no idempotency key: a second try first looks for what the first one made."""
    with _Session(policy, at) as zoom:
        if again and (found := _adopt(zoom, meeting, policy)) is not None:
            return found
        answer = zoom.call("POST", f"/users/{_host(policy)}/meetings", json=_plan(meeting, policy))
        return _joined(answer)


def update(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> Joined | None:
    """The new time. A meeting that somebody deleted at Zoom is made anew."""
    with _Session(policy, at) as zoom:
        answer = zoom.call(
            "PATCH", f"/meetings/{quote(outside_id, safe='')}", json=_plan(meeting, policy), gone_is_fine=True
        )
    return create(meeting, policy, at=at, again=True) if answer is None else None


def cancel(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> None:
    """Deleted at Zoom; not found there is done. Zoom sends no mail about it: Sapa tells the client."""
    with _Session(policy, at) as zoom:
        for each in [outside_id] if outside_id else _made_for(zoom, meeting, policy):
            _delete(zoom, each)


def topic(meeting: FollowUp) -> str:
    """How the meeting is called at Zoom: office and code of the consultation, no name of a person."""
    return f"{meeting.office.name}: {meeting.consultation.code}"[:200]


def mark(meeting: FollowUp) -> str:
    """By what we know our meeting among those of the account; Zoom keeps it as the agenda. It is no secret."""
    return f"Sapa {meeting.consultation.code}/{meeting.pk}"


def _plan(meeting: FollowUp, policy: MeetingPolicy) -> dict[str, Any]:
    return {
        "topic": topic(meeting),
        "agenda": mark(meeting),
        "type": 2,  # scheduled
        "start_time": _instant(meeting.starts_at),
        "duration": meeting.minutes,
        "timezone": meeting.office.zone_name,
        # Officers have no account of their own at Zoom: nobody would be there to let the client in.
        "settings": {"join_before_host": True, "waiting_room": False, "use_pmi": False},
    }


def _adopt(zoom: "_Session", meeting: FollowUp, policy: MeetingPolicy) -> Joined | None:
    """What an unanswered try made is ours, with the present time; of two, the second is taken away."""
    made = _made_for(zoom, meeting, policy)
    for each in made[1:]:
        _delete(zoom, each)
    if not made:
        return None
    path = f"/meetings/{quote(made[0], safe='')}"
    if zoom.call("PATCH", path, json=_plan(meeting, policy), gone_is_fine=True) is None:
        return None
    # The list leaves the passcode out.
    return _joined(zoom.call("GET", path))


def _made_for(zoom: "_Session", meeting: FollowUp, policy: MeetingPolicy) -> list[str]:
    """The ids of what stands at Zoom for this meeting, whatever time it has there."""
    found, page = [], ""
    for _page in range(MOST_PAGES):
        query = "?type=upcoming&page_size=300" + (f"&next_page_token={quote(page, safe='')}" if page else "")
        listed = zoom.call("GET", f"/users/{_host(policy)}/meetings{query}") or {}
        rows = [each for each in listed.get("meetings") or [] if isinstance(each, dict)]
        found += [str(each.get("id", "")) for each in rows if each.get("agenda") == mark(meeting)]
        page = str(listed.get("next_page_token") or "")
        if not page:
            break
    return [each for each in found if each.isdigit()]


def _delete(zoom: "_Session", outside_id: str) -> None:
    query = "?schedule_for_reminder=false&cancel_meeting_reminder=false"
    zoom.call("DELETE", f"/meetings/{quote(outside_id, safe='')}{query}", gone_is_fine=True)


def _joined(answer: dict[str, Any] | None) -> Joined:
    known = answer or {}
    outside_id, link = str(known.get("id") or ""), str(known.get("join_url") or "")
    if not outside_id.isdigit() or not link.startswith("https://") or len(link) > 500:
        raise ProviderError("answer_not_understood", permanent=False)
    return Joined(outside_id=outside_id, link=link, passcode=str(known.get("password") or "")[:40])


def _host(policy: MeetingPolicy) -> str:
    return quote(policy.zoom_host, safe="@") if policy.zoom_host else "me"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Session:
    """One connection with a token of the office's account; a refused token is renewed once."""

    def __init__(self, policy: MeetingPolicy, at: datetime) -> None:
        if not policy.has_zoom:
            raise ProviderError("not_configured", permanent=True)
        self._policy, self._at = policy, at
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        names = f"{policy.zoom_account}:{policy.zoom_client}:{policy.zoom_secret}"
        self._key = "zoom-token:" + hashlib.sha256(names.encode()).hexdigest()

    def __enter__(self) -> "_Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(
        self, method: str, path: str, *, json: dict[str, Any] | None = None, gone_is_fine: bool = False
    ) -> dict[str, Any] | None:
        """The answer, {} when it has no words, None when the meeting is not there and that is fine."""
        answer = self._send(method, settings.ZOOM_API + path, json=json, headers=self._bearer())
        if answer.status_code == 401:
            cache.delete(self._key)
            answer = self._send(method, settings.ZOOM_API + path, json=json, headers=self._bearer())
        if answer.status_code == 404:
            if gone_is_fine and _said(answer).get("code") in (UNKNOWN_MEETING, None):
                return None
            raise ProviderError("not_found", permanent=True)
        if answer.is_success:
            return _said(answer) if answer.content else {}
        raise self._failure(answer)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token()}"}

    def _token(self) -> str:
        kept = cache.get(self._key)
        if kept:
            return unseal(kept)
        try:
            secret = unseal(self._policy.zoom_secret)
        except Unreadable:
            raise ProviderError("secret_unreadable", permanent=True) from None
        answer = self._send(
            "POST",
            settings.ZOOM_OAUTH,
            data={"grant_type": "account_credentials", "account_id": self._policy.zoom_account},
            auth=(self._policy.zoom_client, secret),
        )
        if answer.status_code in (400, 401, 403):
            raise ProviderError("credentials_refused", permanent=True)
        if not answer.is_success:
            raise self._failure(answer)
        said = _said(answer)
        token, seconds = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token:
            raise ProviderError("answer_not_understood", permanent=False)
        lasts = (seconds if isinstance(seconds, int) else 0) - BEFORE_EXPIRY
        if lasts > 0:
            cache.set(self._key, seal(token), timeout=lasts)
        return token

    def _send(self, method: str, url: str, **words: Any) -> httpx.Response:
        try:
            with self._http.stream(method, url, **words) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise ProviderError("answer_too_large", permanent=False)
            return httpx.Response(answer.status_code, headers=_without_coding(answer.headers), content=body)
        except httpx.TimeoutException:
            raise ProviderError("timed_out", permanent=False, is_down=True) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            # From None: the cause's words may hold the address with its parameters.
            raise ProviderError("not_reached", permanent=False, is_down=True) from None

    def _failure(self, answer: httpx.Response) -> ProviderError:
        status = answer.status_code
        if status == 429:
            pause = _pause(answer, self._at)
            return ProviderError("rate_limited", permanent=False, retry_after=pause, is_down=True)
        if status >= 500 or status == 408:
            asked = _pause(answer, self._at) if "retry-after" in answer.headers else None
            return ProviderError(f"http_{status}", permanent=False, retry_after=asked, is_down=True)
        if status in (401, 403):
            return ProviderError("not_allowed", permanent=True)
        return ProviderError(f"http_{status}", permanent=True)


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        raise ProviderError("answer_not_understood", permanent=False) from None
    if not isinstance(said, dict):
        raise ProviderError("answer_not_understood", permanent=False)
    return said


def _pause(answer: httpx.Response, at: datetime) -> timedelta | None:
    """How long to wait: seconds or an instant in `Retry-After`; without it the daily limit (which the limit per user
    tells in words only) ends at midnight UTC. None: nothing is said."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isdecimal():
        pause = timedelta(seconds=min(int(given), 86_400))
    elif given:
        try:
            until = datetime.fromisoformat(given)
        except ValueError:
            return timedelta(minutes=1)
        pause = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    elif "daily" in answer.headers.get("x-ratelimit-type", "").lower() or b"daily" in answer.content[:2000]:
        tomorrow = at.astimezone(UTC).date() + timedelta(days=1)
        pause = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC) - at
    else:
        return None
    # Neither a wrong clock here nor there makes the worker hammer or wait for ever.
    return min(max(pause, timedelta(seconds=1)), LONGEST_PAUSE)


def _without_coding(headers: httpx.Headers) -> httpx.Headers:
    # The body is decoded already.
    dropped = {"content-encoding", "content-length", "transfer-encoding"}
    return httpx.Headers([(name, value) for name, value in headers.items() if name not in dropped])
