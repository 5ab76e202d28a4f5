"""The office and what it promises: tree, hours, days off, desks, services, devices, the service standard."""

from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token
from sapa.offices.calendar_model import HolidayKind


class Office(models.Model):
    """A work unit that keeps a service standard: the national office, a province, a regency or city."""

    class Kind(models.TextChoices):
        NATIONAL = "national", _("National")
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency or city")

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    code = models.CharField(max_length=4, unique=True)  # BPS code: 0000, 1800, 1808
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120)
    zone_name = models.CharField(max_length=20, choices=Zone.choices, default=Zone.WIB)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    # A priority ticket is called after at most `priority_every - 1` regular ones (domain.md 3.4).
    priority_every = models.PositiveSmallIntegerField(default=1)
    # May a visitor take a number on the own phone without standing in the office?
    remote_queue = models.BooleanField(default=True)
    mfa_required = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    # Renewed with every change of hours, days off or closures: calendars.py keeps calendars under it. Random,
    # not counted, so that neither a rolled back change nor a parent's change can ever meet an old calendar.
    calendar_stamp = models.CharField(max_length=32, default=token, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="national", parent=None) | ~Q(kind="national") & Q(parent__isnull=False),
                name="office_only_the_national_has_no_parent",
            ),
            models.CheckConstraint(condition=Q(priority_every__gte=1), name="office_priority_every_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def lineage(self) -> list["Office"]:
        """This office, its parent, and so on up to the national office."""
        line, office = [self], self
        while office.parent is not None:
            office = office.parent
            line.append(office)
        return line

    def and_below(self) -> list["Office"]:
        """This office and all below it: whom a holiday of this office concerns."""
        found, level = [self], [self]
        while level:
            level = list(Office.objects.filter(parent__in=level).select_related("parent__parent"))
            found += level
        return found


class Hours(models.Model):
    """A week of opening intervals: the regular one has no dates, a dated one (Ramadan) overrides it."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="hours")
    name = models.CharField(max_length=60)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["Hours"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="hours_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["office"], condition=Q(starts_on=None), name="hours_one_regular_week_per_office"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningInterval(models.Model):
    """From `opens` to `closes` on one weekday (0 is Monday), office-local time."""

    hours = models.ForeignKey(Hours, models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="interval_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="interval_opens_before_it_closes"
            ),
            models.UniqueConstraint(fields=["hours", "weekday", "opens"], name="interval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H.%M}-{self.closes:%H.%M}"


class Holiday(models.Model):
    """A day off for `office` and all offices below it, with the decree that says so."""

    class Kind(models.TextChoices):
        NATIONAL = HolidayKind.NATIONAL.value, _("National holiday")
        COLLECTIVE_LEAVE = HolidayKind.COLLECTIVE_LEAVE.value, _("Collective leave (cuti bersama)")
        ELECTION = HolidayKind.ELECTION.value, _("Election day")
        LOCAL = HolidayKind.LOCAL.value, _("Local holiday")

    office = models.ForeignKey(Office, models.CASCADE, related_name="holidays")
    on = models.DateField()
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["office", "on", "kind"], name="holiday_once_per_office_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name_id}"

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_id


class HolidayDecree(models.Model):
    """The joint decree (SKB) that fixes a year's holidays. Without a confirmed one, deadlines warn."""

    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.year}: {self.title}"


class Closure(models.Model):
    """An unplanned closing of one office: a power cut, a flood, a funeral."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    objects: ClassVar[models.Manager["Closure"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="closure_starts_before_it_ends"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Service(models.Model):
    """One of the services of the PST (domain.md 2.1), or an errand that is not of the PST."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="services")
    key = models.SlugField(max_length=30)  # consultation, library, sales, recommendation, errand, ...
    prefix = models.CharField(max_length=2)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    hint_id = models.CharField(max_length=160, blank=True)
    hint_en = models.CharField(max_length=160, blank=True)
    is_pst = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    typical_minutes = models.PositiveSmallIntegerField(default=15)
    daily_limit = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager["Service"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "key"], name="service_key_once_per_office"),
            # lessons.md E.0: two services shared the prefix D.
            models.UniqueConstraint(fields=["office", "prefix"], name="service_prefix_once_per_office"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_id

    @property
    def hint(self) -> str:
        return self.hint_en if translation.get_language() == "en" else self.hint_id


class Desk(models.Model):
    """A place where visitors are served. `officer` sits there now; a desk without officer is closed."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="desks")
    name = models.CharField(max_length=40)
    services = models.ManyToManyField(Service, related_name="desks")
    is_active = models.BooleanField(default=True)
    officer = models.OneToOneField(
        "people.Officer", models.PROTECT, null=True, blank=True, related_name="desk"
    )
    seated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Desk"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["office", "name"], name="desk_name_once_per_office"),
            models.CheckConstraint(
                condition=Q(officer=None, seated_at=None) | Q(officer__isnull=False, seated_at__isnull=False),
                name="desk_seated_since_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A kiosk, board, rating tablet or poster: an unguessable address with one purpose, until revoked."""

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Kiosk")
        BOARD = "board", _("Board")
        TABLET = "tablet", _("Rating tablet")
        POSTER = "poster", _("QR poster")

    office = models.ForeignKey(Office, models.CASCADE, related_name="devices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=60)
    desk = models.ForeignKey(Desk, models.CASCADE, null=True, blank=True, related_name="devices")
    token = models.CharField(max_length=32, unique=True, default=token)
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Device"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def is_usable(self, on: date) -> bool:
        return self.revoked_at is None and (self.expires_on is None or on <= self.expires_on)


class ServiceStandard(models.Model):
    """What the office promises, by decree and validity. The public page and the clocks read the same row."""

    class DayZero(models.TextChoices):
        NEXT_WORKING_DAY = "next_working_day", _("Counting begins on the next working day")
        SAME_DAY = "same_day", _("The day of receipt counts")

    office = models.ForeignKey(Office, models.CASCADE, related_name="standards")
    decree = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    onsite_minutes = models.PositiveSmallIntegerField()
    online_working_days = models.PositiveSmallIntegerField()
    silence_days = models.PositiveSmallIntegerField()
    day_zero = models.CharField(max_length=20, choices=DayZero.choices, default=DayZero.NEXT_WORKING_DAY)
    # requirements, steps, cost, product, complaint channels, maklumat: each text as {"id": ..., "en": ...}
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["office", "valid_from"], name="standard_one_per_office_and_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="standard_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(onsite_minutes__gte=1, online_working_days__gte=1, silence_days__gte=1),
                name="standard_promises_are_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decree} ({self.valid_from})"

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
