"""Every address of Sapa, who may reach it, and who may not. A new address without a line here fails.

Only GET is used for the roles: the access decorator decides before the method does, so that a view that takes only
POST answers 405 to those who may come in and 403 or 404 to the others, and nothing is changed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Reaction
from sapa.activity.recording import record
from sapa.api.models import WebhookEndpoint
from sapa.catalogue import figures
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Correspondence, Entry, SettledQuery, WordRule
from sapa.consultations import requirements
from sapa.consultations.models import MissingItem
from sapa.core import time as present
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.inbox import asking, canning, publishing, reviewing, writing
from sapa.notifications import unsubscribing
from sapa.notifications.models import Delivery, Notification
from sapa.offices.models import Device, Office
from sapa.people import institutions
from sapa.people.access import Access, AccessMiddleware
from sapa.people.models import Client, Merge, Officer, User
from tests.cast import make_client, make_office, make_officer
from tests.conftest import Clock

R = Officer.Role
RECEIVE = {R.FRONT_DESK, R.CONSULTANT, R.SUPERVISOR, R.HEAD}
SERVE = {R.CONSULTANT, R.SUPERVISOR}
SUPERVISE = {R.SUPERVISOR, R.HEAD}
ADMINISTER = {R.ADMIN, R.HEAD}
EVERYBODY_HERE = set(R)
PLAN = {R.SUPERVISOR, R.HEAD, R.ADMIN}
INBOX = {R.CONSULTANT, R.SUPERVISOR, R.HEAD}

# Officer routes: who may, and how (POST: changes something, so GET is refused with 405).
OFFICERS: dict[str, tuple[set[R], str]] = {
    "workspace": (RECEIVE, "GET"),
    "workspace_waiting": (RECEIVE, "GET"),
    "seat": (SERVE, "POST"),
    "seat_leave": (SERVE, "POST"),
    "call": (SERVE, "POST"),
    "call_announced": (SERVE, "GET"),
    "recall": (SERVE, "POST"),
    "service_start": (SERVE, "POST"),
    "ticket_hold": (RECEIVE, "POST"),
    "ticket_return": (RECEIVE, "POST"),
    "no_show": (SERVE, "POST"),
    "ticket_withdraw": (RECEIVE, "POST"),
    "ticket_transfer": (SERVE, "POST"),
    "ticket_refer": (SERVE, "POST"),
    "answer": (SERVE, "POST"),
    "data_need": (SERVE, "POST"),
    "data_need_drop": (SERVE, "POST"),
    "finish": (SERVE, "POST"),
    "catalogue_pick": (SERVE, "GET"),
    "search_failures": (INBOX, "GET"),
    "failure_word": (INBOX, "GET"),
    "failure_absence": (INBOX, "GET"),
    "failure_entry": (INBOX, "GET"),
    "failure_settlement": (INBOX, "POST"),
    "failure_reopening": (INBOX, "POST"),
    "words": (INBOX, "GET"),
    "word_switching": (SUPERVISE, "POST"),
    "word_removal": (SUPERVISE, "POST"),
    "catalogue_pick_numbers": (SERVE, "GET"),
    "reception": (RECEIVE, "GET"),
    "reception_today": (RECEIVE, "GET"),
    "reception_search": (RECEIVE, "POST"),
    "reception_form": (RECEIVE, "POST"),
    "reception_visits": (RECEIVE, "POST"),
    "identity": (RECEIVE, "POST"),
    "identity_correction": (RECEIVE, "POST"),
    "email_waiver": (RECEIVE, "POST"),
    "reception_suggestions": (RECEIVE, "GET"),
    "client_record": (RECEIVE, "GET"),
    "client_correct": (RECEIVE, "POST"),
    "client_consent_withdraw": (RECEIVE, "POST"),
    "client_erase": (RECEIVE, "POST"),
    "client_phone": (RECEIVE, "POST"),
    "client_unmerge": (SUPERVISE, "POST"),
    "complaints": (SUPERVISE, "GET"),
    "complaint_record": (SUPERVISE, "GET"),
    "complaint_verification": (SUPERVISE, "POST"),
    "complaint_class": (SUPERVISE, "POST"),
    "complaint_subject": (SUPERVISE, "POST"),
    "complaint_begin": (SUPERVISE, "POST"),
    "complaint_forwarding": (SUPERVISE, "POST"),
    "complaint_answer": (SUPERVISE, "POST"),
    "complaint_rejection": (SUPERVISE, "POST"),
    "complaint_disclaimer": (SUPERVISE, "POST"),
    "slip_entry": (RECEIVE, "GET"),
    "reports": (SUPERVISE, "GET"),
    "promise_report": (SUPERVISE, "GET"),
    "online_report": (SUPERVISE, "GET"),
    "skm_report": (SUPERVISE, "GET"),
    "visits_report": (SUPERVISE, "GET"),
    "complaints_report": (SUPERVISE, "GET"),
    "settings": (ADMINISTER, "GET"),
    "settings_standard": (ADMINISTER, "GET"),
    "settings_holidays": (ADMINISTER, "GET"),
    "settings_decree": (ADMINISTER, "POST"),
    "settings_holiday_withdrawal": (ADMINISTER, "POST"),
    "settings_hours": (ADMINISTER, "GET"),
    "settings_week": (ADMINISTER, "GET"),
    "settings_week_removal": (ADMINISTER, "POST"),
    "settings_closures": (ADMINISTER, "GET"),
    "settings_closure_withdrawal": (ADMINISTER, "POST"),
    "settings_desks": (ADMINISTER, "GET"),
    "settings_desk": (ADMINISTER, "GET"),
    "settings_services": (ADMINISTER, "GET"),
    "settings_service": (ADMINISTER, "GET"),
    "settings_officers": (ADMINISTER, "GET"),
    "settings_role": (ADMINISTER, "POST"),
    "settings_dismissal": (ADMINISTER, "POST"),
    "settings_devices": (ADMINISTER, "GET"),
    "settings_device": (ADMINISTER, "GET"),
    "settings_revocation": (ADMINISTER, "POST"),
    "settings_policy": (ADMINISTER, "GET"),
    "settings_institutions": (SUPERVISE, "GET"),
    "settings_institution_confirmation": (SUPERVISE, "POST"),
    "settings_institution_name": (SUPERVISE, "POST"),
    "settings_institution_merge": (SUPERVISE, "POST"),
    "settings_meetings": (ADMINISTER, "GET"),
    "settings_lists": (PLAN, "GET"),
    "settings_absences": (PLAN, "GET"),
    "settings_sources": (PLAN, "GET"),
    "settings_correspondences_confirmed": (SUPERVISE, "GET"),
    "settings_source": (PLAN, "GET"),
    "settings_source_new": (PLAN, "GET"),
    "settings_source_pause": (PLAN, "POST"),
    "settings_source_reading": (PLAN, "POST"),
    "settings_source_removal": (PLAN, "POST"),
    "settings_correspondences": (SUPERVISE, "GET"),
    "settings_correspondence_suggestions": (SUPERVISE, "POST"),
    "settings_correspondence_confirmation": (SUPERVISE, "POST"),
    "settings_correspondence_refusal": (SUPERVISE, "POST"),
    "settings_api": (ADMINISTER, "GET"),
    "settings_api_revocation": (ADMINISTER, "POST"),
    "settings_webhook": (ADMINISTER, "POST"),
    "settings_webhook_end": (ADMINISTER, "POST"),
    "settings_webhook_retry": (ADMINISTER, "POST"),
    "settings_webhook_drop": (ADMINISTER, "POST"),
    "settings_webhook_retry_all": (ADMINISTER, "POST"),
    "settings_webhook_drop_all": (ADMINISTER, "POST"),
    "inbox": (INBOX, "GET"),
    "inbox_rows": (INBOX, "GET"),
    "inbox_case": (INBOX, "GET"),
    "inbox_policy": (SUPERVISE, "GET"),
    "canned_answers": (SERVE, "GET"),
    "canned_removal": (SERVE, "POST"),
    "public_answers": (INBOX, "GET"),
    "public_answer": (SUPERVISE, "POST"),
    "case_state": (INBOX, "GET"),
    "case_messages": (INBOX, "GET"),
    "case_earlier": (INBOX, "GET"),
    "case_find": (INBOX, "GET"),
    "case_pdf": (INBOX, "GET"),
    "case_publication": (SERVE, "GET"),
    "case_draft": (SERVE, "POST"),
    "case_typing": (SERVE, "POST"),
    "case_claim": (SERVE, "POST"),
    "case_release": (SERVE, "POST"),
    "case_handover": (SERVE, "POST"),
    "case_forwarding": (SERVE, "POST"),
    "case_acceptance": (SERVE, "POST"),
    "case_asking": (SERVE, "POST"),
    "case_item": (SERVE, "POST"),
    "case_closure": (SERVE, "POST"),
    "case_reopening": (SERVE, "POST"),
    "case_review": (SERVE, "POST"),
    "case_meeting": (SERVE, "GET"),
    "case_meeting_state": (SERVE, "GET"),
    "case_meeting_offer": (SERVE, "POST"),
    "case_meeting_booking": (SERVE, "POST"),
    "case_meeting_way": (SERVE, "POST"),
    "case_meeting_retry": (SERVE, "POST"),
    "case_meeting_cancellation": (SERVE, "POST"),
    "case_meeting_outcome": (SERVE, "POST"),
    "settings_work": (ADMINISTER, "GET"),
    "settings_work_retry": (ADMINISTER, "POST"),
    "settings_delivery_retry": (ADMINISTER, "POST"),
    "settings_delivery_drop": (ADMINISTER, "POST"),
    "roster": (EVERYBODY_HERE, "GET"),
    "roster_plan": (PLAN, "POST"),
    "roster_day": (PLAN, "GET"),
    "roster_pattern": (PLAN, "GET"),
    "roster_pattern_end": (PLAN, "POST"),
    "roster_policy": (PLAN, "POST"),
    "roster_leaves": (EVERYBODY_HERE, "GET"),
    "roster_leave_withdrawal": (EVERYBODY_HERE, "POST"),
    "roster_swap": (EVERYBODY_HERE, "GET"),
    "roster_swap_acceptance": (EVERYBODY_HERE, "POST"),
    "roster_swap_refusal": (EVERYBODY_HERE, "POST"),
    "roster_swap_withdrawal": (EVERYBODY_HERE, "POST"),
}
# Device routes: the kinds of device, and how.
DEVICES: dict[str, tuple[set[str], str]] = {
    "kiosk": ({"kiosk"}, "GET"),
    "kiosk_step": ({"kiosk"}, "GET"),
    "kiosk_number": ({"kiosk"}, "GET"),
    "kiosk_language": ({"kiosk"}, "POST"),
    "kiosk_suggestions": ({"kiosk"}, "GET"),
    "board": ({"board"}, "GET"),
    "board_lines": ({"board"}, "GET"),
    "announce": ({"board"}, "POST"),
    "rating_tablet": ({"tablet"}, "GET"),
}
# Anybody, some of them only with a token that nobody can guess.
OPEN_TO_ALL: dict[str, str] = {
    "home": "GET",
    "set_language": "POST",
    "health": "GET",
    "api_reference": "GET",
    "api_document": "GET",
    "pulse": "GET",
    "source": "GET",
    "service_worker": "GET",
    "notification_latest": "GET",
    "notification_stop": "GET",
    "office": "GET",
    "standard": "GET",
    "search": "GET",
    "search_response": "POST",
    "search_suggestions": "GET",
    "search_thanks": "GET",
    "catalogue_entry": "GET",
    "catalogue_numbers": "GET",
    "catalogue_numbers_csv": "GET",
    "catalogue_numbers_xlsx": "GET",
    "ticket": "GET",
    "ticket_state": "GET",
    "slip": "GET",
    "ticket_late": "POST",
    "ticket_back": "POST",
    "ticket_give_up": "POST",
    "ticket_rating": "GET",
    "guestbook": "GET",
    "guestbook_known": "POST",
    "guestbook_suggestions": "GET",
    "rating": "GET",
    "complaint": "GET",
    "complaint_find": "POST",
    "complaint_follow": "GET",
    "complaint_response": "POST",
    "socialaccount_login_cancelled": "GET",
    "socialaccount_login_error": "GET",
}
# Any account; SIGNED: only the one that the address was made for (tests/files/test_addresses.py).
ACCOUNT: dict[str, str] = {
    "account": "GET",
    "account_name": "POST",
    "notifications": "GET",
    "notification_bell": "GET",
    "notifications_seen": "POST",
    "notification": "OWN",
    "notification_choices": "GET",
    "notification_device": "POST",
    "notification_device_removal": "POST",
    "notification_address": "POST",
    "account_data": "GET",
    "account_erasure": "POST",
    "account_merge": "POST",
    "account_unmerge": "POST",
    "account_merge_aside": "POST",
    "account_merge_again": "POST",
    "account_consent_withdraw": "POST",
    "profile": "GET",
    "profile_suggestions": "GET",
    "file": "SIGNED",
}
# Any account, as a client of the office in the address; OWN: only the one to whom the object belongs; PROFILE: asks
# for what is missing in the profile first.
CLIENTS: dict[str, str] = {
    "ask": "PROFILE",
    "ask_draft": "POST",
    "ask_again": "OWN",
    "consultation_room": "OWN",
    "room_messages": "OWN",
    "room_earlier": "OWN",
    "room_find": "OWN",
    "room_state": "OWN",
    "room_typing": "POST",
    "room_draft": "POST",
    "room_completion": "POST",
    "room_closure": "POST",
    "room_pdf": "OWN",
    "still_needed": "OWN",
    "meeting_choose": "OWN",
    "meeting_state": "OWN",
    "meeting_book": "POST",
    "meeting_cancel": "POST",
    "meeting_arrive": "POST",
    "meeting_ics": "OWN",
}

# With a token of the office and its scopes; what each route asks is tried in tests/api.
PROGRAMS = {"api"}


class Route(NamedTuple):
    name: str
    access: Access | None
    arguments: tuple[str, ...]
    module: str


def routes(patterns: list[Any] | None = None, above: tuple[str, ...] = ()) -> Iterator[Route]:
    for each in get_resolver().url_patterns if patterns is None else patterns:
        arguments = (*above, *each.pattern.regex.groupindex)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, arguments)
        elif isinstance(each, URLPattern):
            yield Route(
                str(each.name),
                getattr(each.callback, "access", None),
                arguments,
                str(each.callback.__module__),
            )


ALL = list(routes())
OURS = [each for each in ALL if not each.module.startswith("allauth.")]


# Addresses that name nothing an office has.
WITHOUT_OBJECTS = (("office",), ("office", "kind"))


class Things(NamedTuple):
    """Real objects to fill an address with."""

    office: Office
    devices: dict[str, Device]
    ticket: QueueTicket
    values: dict[str, Any]

    def url(self, route: Route, **other: Any) -> str:
        values = self.values | {"device": self.devices[_device_kind(route)].token}
        if route.access is not None and route.access.kind == "officer":
            values |= {"device": self.devices["kiosk"].pk}
        if route.name == "settings_api_revocation":
            values |= {"token": 1}
        if route.name == "rating":
            values |= {"token": self.values["rating"]}
        if route.name.startswith("case_") or route.name == "inbox_case":
            values |= {"code": self.values["case"]}
        if route.access is not None and route.access.kind == "client":
            values |= {"token": self.values["room"]}
        values |= other
        return reverse(route.name, kwargs={name: values[name] for name in route.arguments})


def _device_kind(route: Route) -> str:
    return route.access.device if route.access is not None and route.access.device else "kiosk"


class World(NamedTuple):
    """Everybody who knocks, signed in already; made once for all tests of this module that run in a row."""

    things: Things
    other_office: Office
    sessions: dict[str, str]  # a role here, "supervisor next door", "head of the nation", "visitor"

    def browser(self, who: str) -> Browser:
        browser = Browser()
        browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return browser


@pytest.fixture(scope="module")
def world(kept_in_module: None, django_db_blocker: Any) -> World:
    clock = Clock()
    present.use(clock)
    try:
        with django_db_blocker.unblock():
            office = make_office()
            assert office.parent is not None
            next_door = make_office("1812", "BPS Kabupaten Tulang Bawang Barat", office.parent)
            with scope(office=office):
                things = make_things(office, clock)
            people = {role.value: make_officer(office, f"role-{role.value}", role).user for role in R}
            people["supervisor next door"] = make_officer(next_door, "stranger", R.SUPERVISOR).user
            people["head of the nation"] = make_officer(office.lineage()[-1], "chief", R.HEAD).user
            people["visitor"] = _account()
            return World(things, next_door, {who: _signed_in(user) for who, user in people.items()})
    finally:
        present.use(None)


def _signed_in(user: User) -> str:
    browser = Browser()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def things(world: World, db: None, clock: Clock) -> Iterator[Things]:
    with scope(office=world.things.office):
        yield world.things


def make_things(office: Office, clock: Clock) -> Things:
    budi, ani = make_officer(office, "budi", R.CONSULTANT), make_client()
    kiosk, board, tablet = (
        office.devices.create(kind=kind, name=kind, desk=office.desks.first() if kind == "tablet" else None)
        for kind in ("kiosk", "board", "tablet")
    )
    visit = office.visits.create(
        client=ani,
        submission_key=uuid4(),
        service_day=clock.at.date(),
        signed_at=clock.at,
        door=Visit.Door.KIOSK,
        codelist_version="skd-2026",
        institution=institutions.register("Universitas Lampung", category="research_education"),
    )
    service = office.services.get(key="consultation")
    ticket = queue.issue(visit, service=service, at=clock.at)
    desk = office.desks.get(name="Meja 1")
    queue.sit(desk, by=budi, at=clock.at)
    call = queue.call_next(desk, by=budi, at=clock.at)
    assert ticket.consultation is not None
    need = ticket.consultation.data_needs.create(detail="PDRB", outcome="matching")
    rating = office.ratings.create(
        visit=visit, service=service, desk=desk, invited_at=clock.at, expires_at=clock.at + timedelta(days=30)
    )
    complaint = office.complaints.create(
        code="ADU-7KQ4-M2XW-9TRB",
        is_anonymous=True,
        text="Lama",
        received_at=clock.at,
        verify_due_at=clock.at,
        answer_due_at=clock.at,
        submission_key=uuid4(),
    )
    return Things(
        office=office,
        devices={"kiosk": kiosk, "board": board, "tablet": tablet},
        ticket=ticket,
        values={
            "office": office.code,
            "ticket": ticket.pk,
            "token": ticket.token,
            "rating": rating.token,
            "call": call.pk,
            "need": need.pk,
            "visit": visit.pk,
            "client": ani.pk,
            "code": complaint.code,
            "complaint": complaint.pk,
            "step": "kontak",
            "holiday": office.holidays.create(
                on=date(2026, 12, 1), name_id="HUT", name_en="HUT", kind="local"
            ).pk,
            "hours": office.hours.create(
                name="Ramadan", starts_on=date(2027, 2, 8), ends_on=date(2027, 3, 9)
            ).pk,
            **_online(office, ani, budi, clock),
            "closure": office.closures.create(starts_at=clock.at, ends_at=clock.at + timedelta(hours=1)).pk,
            "desk": desk.pk,
            "service": service.pk,
            "officer": budi.pk,
            "institution": visit.institution_id,
            "reaction": _given_up(office, clock).pk,
            "rule": WordRule.objects.create(office=office, kind="same", phrase="a", means="b").pk,
            "settled": SettledQuery.objects.create(office=office, text="a", settled_at=clock.at).pk,
            "entry": _table(office, clock).pk,
            "pattern": office.weekly_patterns.create(valid_from=clock.at.date()).pk,
            **_absence_and_swap(office, budi, clock),
            "signed": "x",
            **_delivery(office, budi, clock),
            **_merge_and_consent(office, ani, budi, clock),
            "webhook": _webhook(office, budi, clock).pk,
            "correspondence": _correspondence(office).pk,
            "kind": "ckan",
            "source": office.catalogue_sources.create(kind="webapi", name="bps").pk,
        },
    )


def _table(office: Office, clock: Clock) -> Entry:
    """A table with one number."""
    entry = office.entries.create(kind="dynamic_table", title="Penduduk", published_at=clock.at)
    place = Item("1", "1")
    figures.keep(entry, Cube((place,), (place,), (place,), {("1", "1", "1"): Decimal(7)}), at=clock.at)
    return entry


def _online(office: Office, ani: Client, budi: Officer, clock: Clock) -> dict[str, Any]:
    """An online consultation with everything of it that has a number of its own."""
    draft = asking.draft_of(ani, office, at=clock.at)
    asked = {"question": "Berapa PDRB?", "purpose": "research"}
    consultation = asking.ask(draft, subject="PDRB", asked=asked, at=clock.at)
    wanted = [requirements.Wanted(MissingItem.Key.AREA)]
    (item,) = requirements.ask(consultation, wanted, by=budi, at=clock.at)
    words = writing.Words(key=uuid4(), text="Rp 25 triliun.")
    pending = reviewing.submit(consultation, words, by=budi, at=clock.at)
    said = {"subject": "PDRB", "question": "Berapa?", "answer": "Rp 25 triliun."}
    public = publishing.propose(consultation, **said, by=budi, at=clock.at)
    return {
        "case": consultation.code,
        "room": consultation.token,
        "item": item.pk,
        "answer": pending.pk,
        "public": public.pk,
        "canned": canning.write(office, title="Salam", text="Halo", by=budi, at=clock.at).pk,
    }


def _given_up(office: Office, clock: Clock) -> Reaction:
    with transaction.atomic():
        event = record("officer.appointed", office, office_id=office.pk, by=None, at=clock.at)
    reaction = event.reactions.get()
    reaction.dead_at = clock.at
    reaction.save()
    return reaction


def _delivery(office: Office, budi: Officer, clock: Clock) -> dict[str, Any]:
    notification = Notification.objects.create(
        user=budi.user, office=office, what="assigned", path="/akun/", created_at=clock.at
    )
    delivery = Delivery.objects.create(
        notification=notification,
        way="mail",
        due_at=clock.at,
        dead_at=clock.at,
        reason="refused: 550 recipient",
    )
    link = unsubscribing.address_of(budi.user, notification).rstrip("/").rpartition("/")[2]
    return {"notification": notification.pk, "delivery": delivery.pk, "link": link, "subscription": 1}


def _absence_and_swap(office: Office, budi: Officer, clock: Clock) -> dict[str, int]:
    day = clock.at.date()
    colleague = make_officer(office, "rekan", R.CONSULTANT)
    shift = office.shifts.create(officer=budi, on=day)
    swap = office.swaps.create(shift=shift, on=day, asker=budi, asked=colleague, asked_at=clock.at)
    leave = office.leaves.create(
        officer=colleague, from_on=day, until_on=day, kind="annual", noted_at=clock.at
    )
    return {"swap": swap.pk, "leave": leave.pk}


def _correspondence(office: Office) -> Correspondence:
    codes = [
        office.entries.create(kind="classification_code", title="01", external_id="01", version=version)
        for version in ("KBLI 2020", "KBLI 2025")
    ]
    return Correspondence.objects.create(here=codes[0], there=codes[1], relation="same")


def _webhook(office: Office, budi: Officer, clock: Clock) -> WebhookEndpoint:
    return office.webhook_endpoints.create(
        url="https://penerima.example/", secret="", events=["visit.signed"], made_by=budi, made_at=clock.at
    )


def _merge_and_consent(office: Office, ani: Client, budi: Officer, clock: Clock) -> dict[str, int]:
    shell = make_client("Lama", merged_into=ani, email="", phone="")
    merge = Merge.objects.create(kept=ani, absorbed=shell, evidence="email", by=budi.user, at=clock.at)
    consent = ani.consents.create(
        office=office,
        purpose="skd_contact",
        text_version="skd_contact-1",
        language="id",
        door="kiosk",
        given_at=clock.at,
    )
    return {"merge": merge.pk, "consent": consent.pk}


def of_kind(kind: str) -> list[Any]:
    return [
        pytest.param(each, id=each.name)
        for each in OURS
        if each.access is not None and each.access.kind == kind
    ]


def test_every_view_says_who_may_reach_it() -> None:
    assert [each.name for each in OURS if each.access is None] == []


def test_every_address_has_a_line_in_exactly_one_table() -> None:
    tables = {
        "officer": set(OFFICERS),
        "device": set(DEVICES),
        "account": set(ACCOUNT),
        "client": set(CLIENTS),
        "api": PROGRAMS,
        "open": set(OPEN_TO_ALL),
    }
    kinds = {"public": "open", "office": "open"}
    found: dict[str, set[str]] = {name: set() for name in tables}
    for each in OURS:
        assert each.access is not None
        found[kinds.get(each.access.kind, each.access.kind)].add(each.name)
    assert found == tables


def test_an_address_without_a_mark_is_refused(client: Browser, db: None) -> None:
    def unmarked() -> None:
        """A view whose author forgot to say who may come."""

    with pytest.raises(Http404):
        AccessMiddleware(lambda request: None).process_view(HttpRequest(), unmarked, (), {})  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("route", of_kind("officer"))
def test_officer_pages_let_in_exactly_the_roles_of_the_table(
    route: Route, things: Things, world: World
) -> None:
    roles, method = OFFICERS[route.name]
    url = things.url(route)
    nobody = Browser().get(url)
    assert (nobody.status_code, nobody.headers["Location"]) == (
        302,
        reverse("account_login") + f"?next={url}",
    )
    answers = {role: world.browser(role.value).get(url).status_code for role in R}
    let_in = 405 if method == "POST" else 200
    assert answers == {role: let_in if role in roles else 403 for role in R}
    assert route.access is not None
    for who in ("supervisor next door", "head of the nation"):
        stranger, reaches = world.browser(who), route.access.from_above and who == "head of the nation"
        assert stranger.get(url).status_code == (let_in if reaches else 404)
        assert stranger.post(url).status_code == 404 or route.access.from_above
    assert world.browser("visitor").get(url).status_code == 404


@pytest.mark.parametrize("route", of_kind("officer"))
def test_an_officer_who_left_is_a_stranger_at_once(route: Route, things: Things) -> None:
    person = make_officer(things.office, "mantan", R.SUPERVISOR)
    browser = Browser()
    browser.force_login(person.user)
    person.is_active = False
    person.save()
    assert browser.get(things.url(route)).status_code == 404
    person.is_active = True
    person.save()
    person.user.is_active = False
    person.user.save()
    assert browser.get(things.url(route)).status_code == 302


@pytest.mark.parametrize(
    "route", [each for each in of_kind("officer") if each.values[0].arguments not in WITHOUT_OBJECTS]
)
def test_another_offices_objects_are_not_found_in_ones_own_office(
    route: Route, things: Things, world: World
) -> None:
    """An officer puts the ids of the office next door behind the address of the own office."""
    roles, method = OFFICERS[route.name]
    dewi = make_officer(world.other_office, "dewi", sorted(roles)[0])
    browser = Browser()
    browser.force_login(dewi.user)
    url = things.url(route, office=world.other_office.code)
    answer = browser.post(url) if method == "POST" else browser.get(url)
    assert answer.status_code == 404


@pytest.mark.parametrize("route", of_kind("device"))
def test_device_pages_open_for_their_own_device_and_nothing_else(
    route: Route, things: Things, world: World, clock: Clock
) -> None:
    kinds, method = DEVICES[route.name]
    browser = Browser()

    def status(device: Device | str, office: Office = things.office) -> int:
        token = device if isinstance(device, str) else device.token
        return browser.get(things.url(route, device=token, office=office.code)).status_code

    own = things.devices[_device_kind(route)]
    assert status(own) == 405 if method == "POST" else status(own) in {200, 302}
    assert {kind: status(device) for kind, device in things.devices.items() if kind not in kinds} == {
        kind: 404 for kind in things.devices if kind not in kinds
    }
    with scope(office=things.office):
        own.refresh_from_db()
        revoked = Device.objects.create(
            office=things.office, kind=own.kind, name="Lama", desk=own.desk, revoked_at=clock.at
        )
        expired = Device.objects.create(
            office=things.office, kind=own.kind, name="Lewat", desk=own.desk, expires_on=date(2026, 11, 22)
        )
    with scopes_disabled():
        elsewhere = Device.objects.create(office=world.other_office, kind=own.kind, name="Sana")
    assert [status(each) for each in (revoked, expired, elsewhere, "tidak-ada")] == [404] * 4
    assert status(own, office=world.other_office) == 404


@pytest.mark.parametrize("route", [*of_kind("public"), *of_kind("office")])
def test_open_pages_need_no_account_and_change_nothing_by_get(route: Route, things: Things) -> None:
    answer = Browser().get(things.url(route))
    # The health page is not well: a reaction that gave up is among the things.
    good = {503} if route.name == "health" else {200, 302}
    assert answer.status_code in ({405} if OPEN_TO_ALL[route.name] == "POST" else good)


@pytest.mark.parametrize(
    "route", [each for each in of_kind("office") if {"token", "code"} & set(each.values[0].arguments)]
)
def test_a_guessed_token_and_the_token_of_another_office_are_not_found(
    route: Route, things: Things, world: World
) -> None:
    ask = Browser().post if OPEN_TO_ALL[route.name] == "POST" else Browser().get
    assert ask(things.url(route, office=world.other_office.code)).status_code == 404
    assert ask(things.url(route, token="x" * 22, code="ADU-2222-2222-2222")).status_code == 404
    assert ask(things.url(route, token=str(things.ticket.pk), code=str(things.ticket.pk))).status_code == 404


@pytest.mark.parametrize("route", of_kind("account"))
def test_account_pages_ask_to_sign_in(route: Route, things: Things, world: World) -> None:
    url = things.url(route)
    assert Browser().get(url).headers["Location"] == reverse("account_login") + f"?next={url}"
    browser = world.browser("visitor")
    expected = {"GET": 200, "POST": 405, "SIGNED": 403, "OWN": 404}[ACCOUNT[route.name]]
    assert browser.get(url).status_code == expected


def test_pages_of_clients_ask_to_sign_in_and_show_nobody_elses(things: Things, world: World) -> None:
    expected = {"GET": 200, "POST": 405, "OWN": 404, "PROFILE": 302}
    browser = world.browser("visitor")
    for route in OURS:
        if route.access is None or route.access.kind != "client":
            continue
        url = things.url(route)
        assert Browser().get(url).headers["Location"] == reverse("account_login") + f"?next={url}"
        assert browser.get(url).status_code == expected[CLIENTS[route.name]], route.name


@pytest.mark.parametrize(
    "route", [pytest.param(each, id=each.name) for each in OURS if "office" in each.arguments]
)
def test_an_office_that_does_not_exist_is_not_found(route: Route, things: Things) -> None:
    assert Browser().get(things.url(route, office="9999")).status_code == 404


def _account() -> User:
    return User.objects.create_user("tamu@contoh.example", "sandi-yang-panjang-1", name="Tamu")
