"""Who: accounts (User), officers of an office, clients, the institutions they come from, their consents."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account with a lower-cased address and, without `password`, no way to sign in by password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account, known by its e-mail address. What it may do comes from its Officer rows."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Officer(models.Model):
    """A user who works in one office, in one role. Never deleted: the record names who did what."""

    class Role(models.TextChoices):
        FRONT_DESK = "front_desk", _("Front desk")
        CONSULTANT = "consultant", _("Consultant")
        SUPERVISOR = "supervisor", _("Supervisor")
        HEAD = "head", _("Head of office")
        ADMIN = "admin", _("Administrator")

    user = models.ForeignKey(User, models.PROTECT, related_name="officers")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="officers")
    role = models.CharField(max_length=12, choices=Role.choices)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[models.Manager["Officer"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_active=True), name="officer_of_one_office_at_a_time"
            ),
            models.UniqueConstraint(fields=["user", "office"], name="officer_once_per_office"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Institution(models.Model):
    """Where clients come from, spelled once. `key` groups spelling variants (contact.institution_key)."""

    key = models.CharField(max_length=160, unique=True)
    name = models.CharField(max_length=160)
    category = models.CharField(max_length=40, blank=True)
    # Shown to strangers at the kiosk only once an officer has seen it or several visitors wrote it.
    uses = models.PositiveIntegerField(default=0)
    is_confirmed = models.BooleanField(default=False)
    # A spelling that stands for another institution: kept, so that who writes it again is counted there.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="variants")

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """A person who uses the service, whichever door was used. Global: not of one office.

    The profile is asked once and reused; every visit keeps its own copy of what was true that day.
    """

    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="client")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    email_verified_at = models.DateTimeField(null=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    # When an officer saw the person to whom this number belongs.
    phone_verified_at = models.DateTimeField(null=True)
    gender = models.CharField(max_length=10, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    education = models.CharField(max_length=40, blank=True)
    occupation = models.CharField(max_length=40, blank=True)
    occupation_text = models.CharField(max_length=80, blank=True)
    institution_category = models.CharField(max_length=40, blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="clients")
    # The notice about the data that this person was shown last, and when (UU 27/2022 art. 21).
    notice_version = models.CharField(max_length=20, blank=True)
    notice_language = models.CharField(max_length=2, blank=True)
    notice_shown_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    anonymised_at = models.DateTimeField(null=True)
    # An emptied shell: everything of this record belongs to that one now (people/merging.py).
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")

    class Meta:
        indexes = [
            models.Index(fields=["phone"], name="client_by_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="client_by_email", condition=~Q(email="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_verified_at=None) | ~Q(phone=""), name="client_verified_phone_is_there"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(user=None, email="", phone=""),
                name="client_merged_is_an_empty_shell",
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"


class Consent(models.Model):
    """That a person was shown a text (its version) and said yes; withdrawn, never deleted (UU 27/2022 art. 22, 40)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="consents")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    door = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


class Merge(models.Model):
    """That a walk-in's record became part of an account's, on which evidence, and what came with it: enough to undo it.

    `moved` holds per relation ("frontdesk.visit.client") the ids that were re-pointed, `was` the absorbed profile,
    `filled` what the kept profile lacked and took over.
    """

    class Evidence(models.TextChoices):
        EMAIL = "email", _("Confirmed e-mail address")
        PHONE = "phone", _("Confirmed phone number")

    kept = models.ForeignKey(Client, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Client, models.PROTECT, related_name="merged_by")
    evidence = models.CharField(max_length=5, choices=Evidence.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    moved = models.JSONField(default=dict)
    was = models.JSONField(default=dict)
    filled = models.JSONField(default=dict)

    class Meta:
        constraints = [
            # Two who say yes at once: one wins.
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="client_absorbed_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("absorbed")), name="merge_of_two_clients"),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class NotMine(models.Model):
    """The owner of an account has said that a walk-in's record is not theirs: it is proposed to them no more."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="not_mine_said_once")]

    def __str__(self) -> str:
        return f"client {self.client_id} is not user {self.user_id}"
