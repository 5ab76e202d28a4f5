"""The conversation with a client: messages, notes, drafts, and the office's inbox."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


class Side(models.TextChoices):
    CLIENT = "client", _("Client")
    OFFICE = "office", _("Office")
    SYSTEM = "system", _("Sapa")


class Kind(models.TextChoices):
    """What a message is to the clocks: only an answer meets the promise, only a question back pauses it."""

    MESSAGE = "message", _("Message")
    QUESTION = "question", _("Question back")
    ANSWER = "answer", _("Answer")
    NOTICE = "notice", _("Notice")


class Conversation(models.Model):
    """What client and office said to each other about one consultation, in the order of its sequence."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")  # where it began
    consultation = models.OneToOneField(
        "consultations.Consultation", models.PROTECT, related_name="conversation"
    )
    last_sequence = models.PositiveIntegerField(default=0)
    # How far each side's page has come; only ever forward (lessons.md E.1: a status that went backwards).
    client_delivered = models.PositiveIntegerField(default=0)
    client_read = models.PositiveIntegerField(default=0)
    office_delivered = models.PositiveIntegerField(default=0)
    office_read = models.PositiveIntegerField(default=0)

    # By the consultation: when another office has it, the conversation goes with it.
    objects: ClassVar[models.Manager["Conversation"]] = ScopedManager(office="consultation__office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(client_read__lte=F("client_delivered"))
                & Q(client_delivered__lte=F("last_sequence"))
                & Q(office_read__lte=F("office_delivered"))
                & Q(office_delivered__lte=F("last_sequence")),
                name="conversation_read_after_delivered_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Message(models.Model):
    """One message that both sides see. Never changed; its HTML is made once, when it is written."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    sequence = models.PositiveIntegerField()
    # Made by the page that sends: a double click, a second tab, a repeat after a cut are one message.
    key = models.UUIDField()
    side = models.CharField(max_length=6, choices=Side.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # A notice keeps what happened and its values, not words: each reader sees it in their own language.
    notice = models.JSONField(default=dict)
    citations = models.JSONField(default=list)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Message"]] = ScopedManager(office="conversation__consultation__office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="message_in_one_place"),
            models.UniqueConstraint(fields=["conversation", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(side="office", officer__isnull=False) | ~Q(side="office") & Q(approved_by=None),
                name="message_of_the_office_by_an_officer",
            ),
            models.CheckConstraint(
                condition=Q(side="system", kind="notice")
                | Q(side="client", kind="message", officer=None)
                | Q(side="office", kind__in=["message", "question", "answer"]),
                name="message_kind_fits_its_side",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.sequence} of {self.conversation_id}"


class MessageFile(models.Model):
    """A file that came with a message. One file belongs to one message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    file = models.OneToOneField("files.StoredFile", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"file {self.file_id}"


class Note(models.Model):
    """What officers tell each other. A table of its own: no query for the client's page can reach it."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="notes")
    after_sequence = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    text = models.TextField()
    html = models.TextField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Note"]] = ScopedManager(office="conversation__consultation__office")

    class Meta:
        indexes = [models.Index(fields=["conversation", "id"], name="note_by_conversation")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class MessageDraft(models.Model):
    """What somebody has typed into a conversation and not sent: on the server, per person and conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=8, blank=True)
    citations = models.JSONField(default=list)
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager["MessageDraft"]] = ScopedManager(
        office="conversation__consultation__office"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="draft_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class CannedAnswer(models.Model):
    """A text that an office uses again, with variables in braces that are filled in when it is chosen."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="canned_answers")
    title = models.CharField(max_length=80)
    text = models.TextField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager["CannedAnswer"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["office", "title"], name="canned_answer_title_once")]

    def __str__(self) -> str:
        return self.title


class PendingAnswer(models.Model):
    """An answer that waits for a second pair of eyes. A message only once it is released."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="pending_answers")
    key = models.UUIDField(unique=True)
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    text = models.TextField()
    citations = models.JSONField(default=list)
    files = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    reviewer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PendingAnswer"]] = ScopedManager(
        office="conversation__consultation__office"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state="submitted"),
                name="pending_answer_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at=None, reviewer=None)
                | ~Q(state="submitted") & Q(decided_at__isnull=False, reviewer__isnull=False),
                name="pending_answer_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(reviewer=F("officer")), name="pending_answer_second_pair_of_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"pending answer {self.pk}"


class PublicAnswer(models.Model):
    """A question and its answer, without the person, on the way into the catalogue: written, reviewed, published."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for review")
        PUBLISHED = "published", _("Published")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="+")
    subject = models.CharField(max_length=300)
    question = models.TextField()
    answer = models.TextField()
    citations = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    reviewer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    entry_id = models.BigIntegerField(null=True)  # catalogue.Entry once published

    objects: ClassVar[models.Manager["PublicAnswer"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reviewer=F("by")), name="public_answer_reviewed_by_another"),
        ]

    def __str__(self) -> str:
        return self.subject


class InboxPolicy(models.Model):
    """How an office works on its inbox."""

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="inbox_policy")
    answers_need_approval = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["InboxPolicy"]] = ScopedManager(office="office")

    def __str__(self) -> str:
        return f"inbox of {self.office_id}"
