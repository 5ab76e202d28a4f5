"""One e-mail for what one person should hear: text and HTML, in the reader's language, without the conversation.

RFC 3834 and 8058: no machine shall answer, and one click ends it.
"""

import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from typing import Final
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from sapa.core.ids import token
from sapa.notifications import details, digests, readers, unsubscribing, words
from sapa.notifications.failures import Away, Later, Never
from sapa.notifications.kinds import DIGEST, KINDS
from sapa.notifications.letters import Item, absolute
from sapa.notifications.models import Delivery, Notification, Reader
from sapa.people.models import Officer, User

# A mail program shows so many at a glance; the page has the rest.
MOST_IN_ONE: Final = 10


def send(rows: Sequence[Delivery], *, at: datetime) -> str:
    """The person has one mail about all of `rows`, or there is nothing to send and the answer says why.

    Raises Later, Away or Never as the mail server does.
    """
    user = rows[0].notification.user
    address = address_of(user)
    if not address:
        return "no address"
    reader = readers.reader_of(user, at=at)
    if reader.refused_address == address:
        return "address refused before"
    message = compose(rows, reader=reader, address=address, at=at)
    if message is None:
        return "nothing to say"
    try:
        message.send()
    except BadHeaderError as problem:
        raise Never("header") from problem
    except smtplib.SMTPRecipientsRefused as problem:
        code = next(iter(problem.recipients.values()))[0]
        if code < 500:
            raise Later(f"{code} recipient") from problem
        Reader.objects.filter(pk=reader.pk).update(refused_address=address)
        raise Never(f"{code} recipient", is_theirs=True) from problem
    except smtplib.SMTPDataError as problem:
        if problem.smtp_code < 500:
            raise Later(f"{problem.smtp_code} data") from problem
        raise Never(f"{problem.smtp_code} data") from problem
    except smtplib.SMTPResponseException as problem:
        # The sender or the sign-in was refused: it is about us, and the next mail would fare no better.
        raise Away(f"{type(problem).__name__} {problem.smtp_code}") from problem
    except OSError as problem:
        raise Away(type(problem).__name__) from problem
    return "sent"


def address_of(user: User) -> str:
    """Where this person is written to: a confirmed address, or the one with which an office appointed an officer.

    Nobody else is: a stranger could have typed it (lessons.md F.4, relay spam). Never our own.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "id").first()
    address = confirmed.email if confirmed else ""
    if not address:
        with scopes_disabled():
            if Officer.objects.filter(user=user, is_active=True).exists():
                address = user.email
    is_ours = address.lower() == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    return "" if is_ours or not user.is_active else address


def trust_again(user_id: int) -> None:
    """An address that was refused once is tried again."""
    Reader.objects.filter(user_id=user_id).update(refused_address="")


def stands_alone(delivery: Delivery) -> bool:
    """What carries an invitation or an overview is not mixed with other news."""
    what = delivery.notification.what
    return what not in KINDS or KINDS[what].even_if_seen


def compose(
    rows: Sequence[Delivery], *, reader: Reader, address: str, at: datetime
) -> EmailMultiAlternatives | None:
    """The mail as it goes out; None when there is nothing left to say."""
    notification = rows[0].notification
    user, office = notification.user, notification.office
    with translation.override(reader.language), scopes_disabled():
        if notification.what == DIGEST:
            items = digests.items_of(user, at=at)
            intro = str(words.words_of(notification).text)
        else:
            items = [_item(each.notification) for each in rows[:MOST_IN_ONE]]
            intro = ""
        if not items:
            return None
        subject = _subject([each.notification for each in rows])
        stop = unsubscribing.address_of(user, notification)
        context = {
            "office": office,
            "language": reader.language,
            "subject": subject,
            "intro": intro,
            "items": items,
            "more": max(0, len(rows) - MOST_IN_ONE),
            "list_address": absolute(reverse("notifications")),
            "choices_address": absolute(reverse("notification_choices")),
            "stop_address": stop,
        }
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
        sender = formataddr((office.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
        message = EmailMultiAlternatives(
            subject=subject, body=text, from_email=sender, to=[address], headers=_headers(rows[0], stop)
        )
        message.attach_alternative(html, "text/html")
        for attachment in details.attachments_of(notification, recipient=address, at=at):
            message.attach(_calendar(*attachment))
    return message


def _item(notification: Notification) -> Item:
    said = words.words_of(notification)
    second = details.second_link_of(notification)
    return Item(
        title=said.title,
        text=said.text,
        action=said.action,
        address=absolute(reverse("notification", args=[notification.pk])),
        excerpt=details.excerpt_of(notification),
        second=second[0],
        second_address=absolute(second[1]) if second[1] else "",
    )


def _calendar(name: str, content: bytes, method: str) -> MIMEText:
    """A part that mail programs offer to put into the calendar (RFC 6047 section 2.4)."""
    part = MIMEText(content.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _subject(notifications: Sequence[Notification]) -> str:
    if len(notifications) == 1:
        return words.words_of(notifications[0]).title
    codes = {str(each.params.get("code", "")) for each in notifications}
    if len(codes) == 1 and "" not in codes:
        text = ngettext("%(count)s news about %(code)s", "%(count)s news about %(code)s", len(notifications))
        return text % {"count": len(notifications), "code": codes.pop()}
    return _("%(count)s new notifications") % {"count": len(notifications)}


def _headers(delivery: Delivery, stop: str) -> dict[str, str]:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {
        "Message-ID": _message_id(delivery, host),
        # RFC 3834 section 5; the second is what Exchange looks at before it answers "out of office".
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    thread = delivery.notification.thread
    if thread:
        # One ancestor that never existed: mail programs put everything of a consultation below it.
        headers["References"] = headers["In-Reply-To"] = f"<sapa.{thread}@{host}>"
    return headers


def _message_id(delivery: Delivery, host: str) -> str:
    """The same at every attempt, so that a mail that came twice can be known as one."""
    if not delivery.message_id:
        delivery.message_id = f"<sapa.{delivery.pk}.{token()}@{host}>"
        Delivery.objects.filter(pk=delivery.pk).update(message_id=delivery.message_id)
    return delivery.message_id
