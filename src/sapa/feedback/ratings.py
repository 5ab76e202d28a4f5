"""One invitation per service episode to rate it, and the answer: nine SKM elements, by link or at the desk.

An episode is a visit, or an online consultation with the visits that were agreed on in it. An invitation holds
nothing about the person beyond the episode it belongs to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations import news
from sapa.consultations.models import Consultation, Door, Reason
from sapa.core.errors import Refused, Stale
from sapa.feedback.models import Rating
from sapa.feedback.skm import HIGHEST, LOWEST, Element
from sapa.frontdesk.lines import OPEN
from sapa.frontdesk.models import QueueTicket, ServiceDay, TicketState, Visit
from sapa.offices.models import Desk

# lessons.md E.2 and domain.md 4: evaluation links of seven days were found to expire before people used them.
LINK_DAYS: Final = 30
COMMENT_LETTERS: Final = 2_000
# How long a desk's tablet asks: who has not begun by then has left the desk.
OFFERED_FOR: Final = timedelta(minutes=3)
ALREADY_RATED: Final = "already_rated"


def invite_after(event: Event, at: datetime) -> None:
    """The visit of this ticket has its one invitation, unless it is an errand, nobody served it, or it goes on.

    A visitor referred to another service is asked once, after the last of them. Twice is harmless.
    """
    ticket = QueueTicket.objects.select_related("visit").get(pk=event.subject_id)
    _invite(ticket.visit, at)


def invite_after_day(event: Event, at: datetime) -> None:
    """Visitors who were served but never reached the service they were referred to are invited at midnight."""
    day = ServiceDay.objects.get(pk=event.subject_id)
    served = Visit.objects.filter(
        office_id=day.office_id, service_day=day.day, rating=None, tickets__state=TicketState.FINISHED
    )
    for visit in served.distinct().order_by("id"):
        _invite(visit, at)


def invite_after_closing(event: Event, at: datetime) -> None:
    """The client of an online consultation that was served has its one invitation, however often it is closed.

    Served: answered in the conversation, or at a desk by appointment. What was given up or went silent before is not.
    """
    with scopes_disabled():
        consultation = Consultation.objects.select_related("office").get(pk=event.subject_id)
        if (
            consultation.door != Door.WEB
            or event.data.get("reason") not in (Reason.DONE, Reason.SILENCE)
            or not _was_served(consultation)
        ):
            return
        with transaction.atomic():
            rating, made = Rating.objects.get_or_create(
                consultation=consultation,
                defaults={
                    # Of the office that closed it, though another had it first.
                    "office_id": event.office_id,
                    "service_id": consultation.service_id,
                    "invited_at": at,
                    "expires_at": at + timedelta(days=LINK_DAYS),
                },
            )
            if made:
                topics = (*_topics(rating), news.topic(consultation.pk))
                record("rating.invited", rating, office_id=rating.office_id, by=None, at=at, topics=topics)


def rate(
    rating: Rating, *, answers: Mapping[Element, int | None], comment: str, at: datetime, door: str
) -> None:
    """The answer is kept, once. Elements left out stay empty; at least one is answered with 1 to 4.

    Refused when the link is older than thirty days; `Stale` with the code `already_rated` the second time.
    """
    given = {Element(each): score for each, score in answers.items() if score is not None}
    comment = comment.strip()
    if not given:
        raise Refused(_("Please answer at least one of the questions."), code="nothing_answered")
    if any(not LOWEST <= score <= HIGHEST for score in given.values()):
        raise Refused(_("Please choose one of the four answers."), code="no_such_answer")
    if len(comment) > COMMENT_LETTERS:
        raise Refused(
            _("The comment is longer than %(most)s letters. Please shorten it.") % {"most": COMMENT_LETTERS},
            code="comment_too_long",
        )
    if is_expired(rating, at) and rating.rated_at is None:
        raise Refused(
            _("This link was valid for %(days)s days and has ended.") % {"days": LINK_DAYS}, code="expired"
        )
    with transaction.atomic():
        scores = {str(each): score for each, score in given.items()}
        fresh = Rating.objects.filter(pk=rating.pk, rated_at=None)
        if not fresh.update(rated_at=at, comment=comment, **scores):
            raise Stale(_("We have already received your rating. Thank you."), code=ALREADY_RATED)
        record(
            "rating.given",
            rating,
            office_id=rating.office_id,
            by=None,
            at=at,
            data={"door": door, "answered": len(given)},
            topics=_topics(rating),
        )
    rating.rated_at, rating.comment = at, comment
    for name, score in scores.items():
        setattr(rating, name, score)


def is_expired(rating: Rating, at: datetime) -> bool:
    """From thirty days after the invitation on, to the second."""
    return at >= rating.expires_at


def link_for(visit: Visit) -> str | None:
    """The address of the visit's rating, None while there is no invitation."""
    rating = Rating.objects.filter(visit=visit).select_related("office").first()
    return reverse("rating", args=[rating.office.code, rating.token]) if rating else None


def link_for_consultation(consultation: Consultation) -> str | None:
    """The address of the rating of an online consultation, None while there is no invitation."""
    with scopes_disabled():  # the office that has it now may be another than the one that closed it first
        rating = Rating.objects.filter(consultation=consultation).select_related("office").first()
    return reverse("rating", args=[rating.office.code, rating.token]) if rating else None


def offered_at(desk: Desk, at: datetime, *, after: int = 0) -> Rating | None:
    """What the tablet of this desk should ask now: the newest open invitation later than the row `after`.

    Never while the next visitor sits there already: that would be somebody else's visit.
    """
    rating = (
        Rating.objects.filter(desk=desk, rated_at=None, invited_at__gt=at - OFFERED_FOR, pk__gt=after)
        .order_by("-pk")
        .first()
    )
    if rating is None or is_expired(rating, at):
        return None
    next_one = QueueTicket.objects.filter(desk=desk).filter(
        Q(state=TicketState.SERVING) | Q(started_at__gt=rating.invited_at)
    )
    return None if next_one.exists() else rating


def answers_of(ratings: Iterable[Rating]) -> list[dict[Element, int | None]]:
    """The scores of each, keyed by name, for skm.index."""
    return [{each: getattr(rating, str(each)) for each in Element} for rating in ratings]


def _invite(visit: Visit, at: datetime) -> None:
    tickets = QueueTicket.objects.filter(visit=visit)
    if visit.is_errand or tickets.filter(state__in=OPEN).exists():
        return
    # What was agreed on in an online consultation is rated with it, when that is closed: one episode, one rating.
    last = (
        tickets.filter(state=TicketState.FINISHED, service__is_pst=True)
        .exclude(consultation__door=Door.WEB)
        .order_by("-ended_at", "-id")
        .first()
    )
    if last is None:
        return
    with transaction.atomic():
        rating, made = Rating.objects.get_or_create(
            visit=visit,
            defaults={
                "office_id": visit.office_id,
                "service_id": last.service_id,
                "desk_id": last.desk_id,
                "invited_at": at,
                "expires_at": at + timedelta(days=LINK_DAYS),
            },
        )
        if made:
            record(
                "rating.invited",
                rating,
                office_id=visit.office_id,
                by=None,
                at=at,
                topics=(*_topics(rating), *(f"ticket:{token}" for token in _tokens(visit))),
            )


def _was_served(consultation: Consultation) -> bool:
    return (
        consultation.answered_at is not None
        or QueueTicket.objects.filter(consultation=consultation, state=TicketState.FINISHED).exists()
    )


def _tokens(visit: Visit) -> list[str]:
    return list(QueueTicket.objects.filter(visit=visit).values_list("token", flat=True))


def _topics(rating: Rating) -> tuple[str, ...]:
    desk = (f"tablet:{rating.desk_id}",) if rating.desk_id else ()
    return (f"queue:{rating.office_id}", *desk)
