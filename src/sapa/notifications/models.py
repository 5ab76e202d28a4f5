"""Telling officers and clients: what they are told, which ways they chose, and what must still go out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How somebody hears of something."""

    PAGE = "page", _("Page")
    MAIL = "mail", _("E-mail")
    PUSH = "push", _("Device")


class Notification(models.Model):
    """One person was told of one event, once. The words are made when they are read, in the reader's language,
    from `what` and `params`: codes, instants and numbers, never a text that somebody wrote."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    event = models.ForeignKey("activity.Event", models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    # What belongs together in a mail program and in one mail: "consultation-12".
    thread = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    # Whether the bell counts it: its reader may have switched that off for the topic.
    in_page = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="notification_once_per_event"),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="notification_path_is_ours"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user"),
            models.Index(
                fields=["user"], name="notification_unseen", condition=Q(seen_at=None, in_page=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} for user {self.user_id}"


class Preference(models.Model):
    """That somebody wants to hear of a topic in a way, or does not. Only what differs from the default is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_preferences"
    )
    topic = models.CharField(max_length=20)
    way = models.CharField(max_length=4, choices=Way.choices)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "way"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} by {self.way}: {self.is_wanted}"


class Reader(models.Model):
    """How somebody wants to be written to: language, quiet hours and digest, in the time of `zone_name`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reader")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="id")
    # Until somebody chooses, the language is the one in which they last read a page.
    language_is_chosen = models.BooleanField(default=False)
    zone_name = models.CharField(max_length=20, default="Asia/Jakarta")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_weekends = models.BooleanField(default=False)
    digest_time = models.TimeField(null=True)
    digest_due_at = models.DateTimeField(null=True)
    # The address that a mail server refused for good: nothing is sent there until the reader says "try again".
    refused_address = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=models.F("quiet_until")),
                name="reader_quiet_from_until",
            ),
            models.CheckConstraint(
                condition=Q(digest_time=None, digest_due_at=None)
                | Q(digest_time__isnull=False, digest_due_at__isnull=False),
                name="reader_digest_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["digest_due_at"], name="reader_digest_due", condition=Q(digest_due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"reader {self.user_id}"


class PushSubscription(models.Model):
    """A browser that its owner allowed to be woken. The keys are kept as the browser gave them; without payload
    nothing is encrypted with them (docs/decisions/0013)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"push subscription {self.pk}"


class Delivery(models.Model):
    """One notification that must still leave the house by one way: a due row (design.md 3)."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    way = models.CharField(
        max_length=4, choices=[(Way.MAIL.value, Way.MAIL.label), (Way.PUSH.value, Way.PUSH.label)]
    )
    subscription = models.ForeignKey(
        PushSubscription, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    due_at = models.DateTimeField()
    # Somebody is sending it until then; after a crash it is due again.
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    # Somebody asked for all its attempts again.
    revived_at = models.DateTimeField(null=True)
    # How it ended or why it waits: "sent", "seen", "with 12", or kind and words of the failure.
    reason = models.CharField(max_length=600, blank=True)
    message_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notification"], condition=Q(way="mail"), name="delivery_one_mail"
            ),
            models.UniqueConstraint(
                fields=["notification", "subscription"], condition=Q(way="push"), name="delivery_one_push"
            ),
            models.CheckConstraint(
                condition=Q(way="mail", subscription=None) | Q(way="push", subscription__isnull=False),
                name="delivery_push_has_a_device",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(dead_at=None), name="delivery_settled_or_dead"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(settled_at=None, dead_at=None)),
            models.Index(fields=["dead_at"], name="delivery_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.way} for notification {self.notification_id}"
