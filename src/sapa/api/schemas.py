"""What goes in and what comes out, as the OpenAPI document says it. Rules of the domain are asked where they live."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

# What no keyboard sends; text over several lines may hold line breaks and tabs.
LINE = r"^[^\x00-\x1f\x7f]*$"
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
LONGEST_TEXT = 10_000
SMALLEST_YEAR, LARGEST_YEAR = 1945, 2100

Line = Annotated[str, StringConstraints(max_length=300, pattern=LINE)]
Short = Annotated[str, StringConstraints(max_length=120, pattern=LINE)]
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=TEXT)]
Year = Annotated[int, Field(ge=SMALLEST_YEAR, le=LARGEST_YEAR, strict=True)]
Count = Annotated[int, Field(ge=0, le=500, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Level = Literal["", "national", "province", "regency", "district", "village", "individual", "other"]
State = Literal["requested", "in_service", "closed"]
Turn = Literal["office", "client"]
ClosingReason = Literal[
    "", "done", "no_show", "withdrawn", "unserved", "silence", "junk", "duplicate", "elsewhere"
]
TicketStates = Literal["waiting", "called", "serving", "held", "finished", "no_show", "withdrawn", "unserved"]

Scope = Annotated[str, StringConstraints(max_length=40)]


class Given(Schema):
    """A field that we do not know is a mistake of the caller, not something to overlook."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Schema):
    field: str
    detail: str


class ProblemOut(Schema):
    """RFC 9457. `code` never changes its meaning; `detail` is a sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem]


class ConsultationOut(Schema):
    """One person's matter with the office; who the person is, this does not say."""

    id: str = Field(description="The number that people use, such as KST-7KQ4-M2XW-9TRB")
    door: Literal["visit", "web"]
    state: State
    waiting_for: Literal["", "office", "client"]
    service: str
    subject: str
    is_assigned: bool
    has_account: bool
    requested_at: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    closing_reason: ClosingReason = Field(
        description="junk, duplicate and elsewhere: closed by an officer without an answer; so is withdrawn, "
        "or the client did it. silence: nobody wrote. Empty while it is open"
    )


class ConsultationPage(Schema):
    items: list[ConsultationOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one")


class QuestionOut(Schema):
    question: str
    area: str
    year_from: int | None
    year_until: int | None
    level: str
    purpose: str
    purpose_text: str


class MissingOut(Schema):
    key: str
    label: str


class ClockOut(Schema):
    """A promise: due, standing still, kept or broken, and how it was counted, a line each."""

    kind: Literal["onsite_service", "online_response", "silence"]
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    stop_reason: str = Field(description="Why it ended without being kept, such as a closing_reason")
    explanation: list[str]


class ConsultationDetail(ConsultationOut):
    double_of: str | None = Field(description="For a duplicate: the number of the other one")
    request: QuestionOut | None
    missing: list[MissingOut]
    clocks: list[ClockOut]


class AccountOf(Given):
    """A client who has an account: found by the confirmed e-mail address."""

    account_email: Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=LINE)]


class NewClient(Given):
    """A person without an account. The office accepts the request only once there is one."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=LINE)]
    email: Annotated[str, StringConstraints(max_length=254, pattern=LINE)] = ""
    phone: Annotated[str, StringConstraints(max_length=40, pattern=LINE)] = ""


class ConsultationIn(Given):
    client: AccountOf | NewClient
    subject: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE)]
    question: Text
    purpose: Code = Field(description="A key of the code list “purpose”, such as research")
    purpose_text: Short = ""
    area: Short = ""
    year_from: Year | None = None
    year_until: Year | None = None
    level: Level = ""
    language: Literal["id", "en"] = "id"


class MessageOut(Schema):
    """`text` is plain. A notice says in `notice` what happened, and has no text."""

    sequence: int
    side: Literal["client", "office", "system"]
    kind: Literal["message", "question", "answer", "notice"]
    text: str
    notice: str
    citations: list[dict[str, Any]]
    files: int
    at: datetime


class MessagePage(Schema):
    items: list[MessageOut]
    last_sequence: int = Field(
        description="Of the whole conversation; ask again with `after` for what is new"
    )


class MessageIn(Given):
    side: Literal["client", "office"] = Field(
        description="client: as the client's own account; office: as the officer of the token"
    )
    text: Text


class TicketOut(Schema):
    id: str = Field(description="Day and number, such as 2026-11-23-K-012")
    label: str
    service: str
    state: TicketStates
    is_priority: bool
    visit: int
    consultation: str | None
    desk: str
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    wait_low_minutes: int | None
    wait_high_minutes: int | None


class TicketPage(Schema):
    items: list[TicketOut]
    next_cursor: str | None


class VisitOut(Schema):
    """That somebody came; not who."""

    id: int
    service_day: date
    signed_at: datetime
    left_at: datetime | None
    door: Literal["kiosk", "phone", "front_office"]
    is_errand: bool
    is_group: bool
    tickets: list[str]


class VisitPage(Schema):
    items: list[VisitOut]
    next_cursor: str | None


class VisitIn(Given):
    """The guest book's fields (GET /codes says which codes there are). An errand needs only name and errand_text."""

    service: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]*$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=LINE)]
    phone: Annotated[str, StringConstraints(max_length=40, pattern=LINE)] = ""
    email: Annotated[str, StringConstraints(max_length=254, pattern=LINE)] = ""
    email_waiver: Literal["", "none_owned", "not_remembered", "refused"] = ""
    gender: Code = ""
    birth_year: Annotated[int, Field(ge=1900, le=LARGEST_YEAR, strict=True)] | None = None
    education: Code = ""
    occupation: Code = ""
    occupation_text: Short = ""
    institution_category: Code = ""
    institution_name: Annotated[str, StringConstraints(max_length=160, pattern=LINE)] = ""
    purpose: Code = ""
    purpose_text: Short = ""
    subject: Line = ""
    errand_text: Annotated[str, StringConstraints(max_length=200, pattern=LINE)] = ""
    wants_priority: Flag = False
    has_disability: Flag | None = None
    men: Count = 0
    women: Count = 0


class VisitMade(Schema):
    visit: VisitOut
    ticket: TicketOut
    page: str = Field(
        description="The visitor's own page of this number; whoever has it may give the number up"
    )


class CodeOut(Schema):
    key: str
    name_id: str
    name_en: str


class CodesOut(Schema):
    """The code lists in force today and the services of the office."""

    services: list[CodeOut]
    lists: dict[str, list[CodeOut]]


class WebhookIn(Given):
    url: Annotated[str, StringConstraints(min_length=8, max_length=500, pattern=LINE)]
    events: list[Scope] = Field(min_length=1, max_length=40)


class WebhookOut(Schema):
    id: int
    url: str
    events: list[str]
    is_active: bool
    ended_because: str
    made_at: datetime


class WebhookMade(WebhookOut):
    secret: str = Field(description="Shown this once")


class WebhookList(Schema):
    items: list[WebhookOut]
