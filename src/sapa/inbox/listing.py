"""The inbox of an office: its views, fifty rows at a time, each view one walk along its own index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sapa.consultations.models import State
from sapa.core import sql
from sapa.offices.models import Office
from sapa.people.models import Officer

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its condition stands word for word as in the index that serves it."""

    name: str
    label: str | Promise
    where: str
    by: str
    descending: bool = False
    empty: str | Promise = ""


VIEWS: Final = {
    each.name: each
    for each in (
        View(
            "untuk-kami",
            _("Waiting for us"),
            "c.waiting_for = 'office'",
            "turn_at",
            empty=_("Nobody waits for an answer of yours."),
        ),
        View(
            "milik-saya",
            _("Mine"),
            "NOT (c.waiting_for = '') AND c.officer_id = %s",
            "turn_at",
            empty=_("You have no open consultation in hand."),
        ),
        View(
            "belum-diambil",
            _("Unassigned"),
            "NOT (c.waiting_for = '') AND c.officer_id IS NULL",
            "turn_at",
            empty=_("Every open consultation is in somebody's hands."),
        ),
        View(
            "untuk-klien",
            _("Waiting for the client"),
            "c.waiting_for = 'client'",
            "turn_at",
            empty=_("No client owes you a word."),
        ),
        View(
            "hampir-jatuh-tempo",
            _("Due soon"),
            "c.due_at IS NOT NULL",
            "due_at",
            empty=_("No promise is running."),
        ),
        View(
            "semua",
            _("All"),
            "c.last_message_at IS NOT NULL",
            "last_message_at",
            descending=True,
            empty=_("Nobody has asked online yet."),
        ),
    )
}
FIRST: Final = "untuk-kami"

_SELECT: Final = (
    "SELECT c.id, c.code, c.subject, c.state, c.waiting_for, c.turn_at, c.due_at, c.last_message_at,"
    " c.accepted_at, p.name, u.name, c.{by}, m.text, m.side, v.last_sequence, v.office_read"
    " FROM consultations_consultation c"
    " JOIN people_client p ON p.id = c.client_id"
    " LEFT JOIN people_officer o ON o.id = c.officer_id LEFT JOIN people_user u ON u.id = o.user_id"
    " JOIN inbox_conversation v ON v.consultation_id = c.id"
    " LEFT JOIN inbox_message m ON m.conversation_id = v.id AND m.sequence = v.last_sequence"
    " WHERE c.office_id = %s AND {where}{after} ORDER BY c.{by} {order}, c.id {order} LIMIT %s"
)
_EXCERPT: Final = 90
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One consultation as the inbox shows it: plain values, fifty of them at every change."""

    id: int
    code: str
    subject: str
    state: str
    waiting_for: str
    turn_at: datetime | None
    due_at: datetime | None
    last_message_at: datetime | None
    accepted_at: datetime | None
    client: str
    officer: str
    excerpt: str
    is_from_client: bool
    is_unread: bool

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a view, and where the next page begins; None on the last."""

    view: View
    rows: list[Row]
    next: str | None


def page(office: Office, officer: Officer, view: View, *, after: str = "", limit: int = PAGE) -> Page:
    """The rows after that place, in one statement. A place that is none begins at the beginning."""
    values: list[Any] = [office.pk, *([officer.pk] if "%s" in view.where else [])]
    place = _read_place(after)
    condition = ""
    if place is not None:
        condition = f" AND (c.{view.by}, c.id) {'<' if view.descending else '>'} (%s, %s)"
        values += place
    statement = _SELECT.format(
        by=view.by, where=view.where, after=condition, order="DESC" if view.descending else "ASC"
    )
    found = sql.rows(statement, [*values, limit + 1])
    rows = [_row(each) for each in found[:limit]]
    more = found[limit - 1] if len(found) > limit else None
    return Page(view, rows, _place(sql.instant(more[11]), more[0]) if more is not None else None)


def counts(office: Office, officer: Officer) -> dict[str, int]:
    """How many stand in each open view, up to 99: one statement, each part cut off by its index."""
    names = [name for name in VIEWS if name != "semua"]
    parts: list[str] = []
    values: list[Any] = []
    for name in names:
        view = VIEWS[name]
        parts.append(
            f"(SELECT COUNT(*) FROM (SELECT 1 FROM consultations_consultation c"  # noqa: S608  our own words
            f" WHERE c.office_id = %s AND {view.where} LIMIT 99) AS n{len(parts)})"
        )
        values += [office.pk, *([officer.pk] if "%s" in view.where else [])]
    return dict(zip(names, sql.rows(f"SELECT {', '.join(parts)}", values)[0], strict=True))


def find(office: Office, text: str, *, limit: int = PAGE) -> list[Row]:
    """By code, subject or the client's name; newest first."""
    wanted = "%" + _escaped(" ".join(text.lower().split())[:100]) + "%"
    where = (
        "c.last_message_at IS NOT NULL AND (LOWER(c.code) LIKE %s ESCAPE '!' OR LOWER(c.subject) LIKE %s ESCAPE '!'"
        " OR LOWER(p.name) LIKE %s ESCAPE '!')"
    )
    statement = _SELECT.format(by="last_message_at", where=where, after="", order="DESC")
    return [_row(each) for each in sql.rows(statement, [office.pk, wanted, wanted, wanted, limit])]


def _escaped(text: str) -> str:
    """Signs of LIKE stand for themselves. A letter beyond ASCII stands for any: SQLite does not know its small form."""
    for sign in ("!", "%", "_"):
        text = text.replace(sign, f"!{sign}")
    return "".join(each if each.isascii() else "_" for each in text)


def _row(found: Sequence[Any]) -> Row:
    text = " ".join((found[12] or "").split())
    return Row(
        id=found[0],
        code=found[1],
        subject=found[2],
        state=found[3],
        waiting_for=found[4],
        turn_at=sql.instant(found[5]),
        due_at=sql.instant(found[6]),
        last_message_at=sql.instant(found[7]),
        accepted_at=sql.instant(found[8]),
        client=found[9],
        officer=found[10] or "",
        excerpt=text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…",
        is_from_client=found[13] == "client",
        is_unread=found[13] == "client" and found[14] > found[15],
    )


def _place(at: datetime | None, number: int) -> str:
    assert at is not None
    return f"{(at - _EPOCH) // _STEP}_{number}"


def _read_place(text: str) -> tuple[Any, int] | None:
    stamp, _sep, number = text.partition("_")
    try:
        return sql.stored(_EPOCH + int(stamp) * _STEP), int(number)
    except (ValueError, OverflowError):
        return None
