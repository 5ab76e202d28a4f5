"""A walk-in's record becomes part of an account's, only on proof, and back again.

The proof is an e-mail address that the account has confirmed, or a phone number with which an officer has seen the
person. Whatever points to a client follows, without this package knowing the ones above it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.people import profile
from sapa.people.models import Client, Institution, Merge, NotMine, User

SALT: Final = "sapa.people.merging"
TOKEN_SECONDS: Final = 60 * 60
MOST_SHOWN: Final = 10
# What a shell no longer says, and what it says instead.
_EMPTY: Final[dict[str, Any]] = {
    "name": "–",
    "email": "",
    "email_verified_at": None,
    "phone": "",
    "phone_verified_at": None,
    "gender": "",
    "birth_year": None,
    "education": "",
    "occupation": "",
    "occupation_text": "",
    "institution_category": "",
    "institution_id": None,
}
# What an account's profile takes over where it is blank; name and contact stay its own.
_TAKEN_OVER: Final = (
    *("gender", "birth_year", "education", "occupation", "occupation_text", "institution_category"),
    "institution_id",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record that may be the account owner's: its visits told by date and office only, and the token to say yes."""

    evidence: str
    visits: list[tuple[datetime, Any]]
    token: str


def proposals(user: User) -> list[Proposal]:
    """The walk-in records with a confirmed address or number of this account; nothing of them but when and where.
    What the owner has put aside is left out."""
    kept = Client.objects.filter(user=user, anonymised_at=None).first()
    if kept is None:
        return []
    with scopes_disabled():
        rows = _same_person(kept, user).exclude(pk__in=_put_aside(user)).order_by("-created_at", "-id")
        return [
            Proposal(
                evidence=_evidence(each, kept) or "",
                visits=[(visit.signed_at, visit.office) for visit in _visits(each)],
                token=signing.dumps([user.pk, each.pk], salt=SALT),
            )
            for each in rows[:MOST_SHOWN]
        ]


def has_put_aside(user: User) -> bool:
    """Whether there is something that could be proposed again."""
    kept = Client.objects.filter(user=user, anonymised_at=None).first()
    with scopes_disabled():
        return kept is not None and _same_person(kept, user).filter(pk__in=_put_aside(user)).exists()


def _same_person(kept: Client, user: User) -> models.QuerySet[Client]:
    same = Q(email__in=_confirmed_addresses(user), email__gt="")
    if kept.phone_verified_at is not None:
        same |= Q(phone=kept.phone, phone__gt="")
    return Client.objects.filter(same, user=None, anonymised_at=None)


def _put_aside(user: User) -> models.QuerySet[Any, Any]:
    return NotMine.objects.filter(user=user).values("client")


def proposed(user: User, token: str) -> Client:
    """Which record the owner said yes to. Refused when the token is old, forged or of another account."""
    try:
        user_id, client_id = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        user_id, client_id = None, None
    found = Client.objects.filter(pk=client_id).first() if user_id == user.pk else None
    if found is None:
        raise Refused(_("This list is old. Look at your account again and choose anew."), code="token_old")
    return found


def accept(user: User, token: str, *, at: datetime) -> Merge:
    """The record behind the token belongs to the account of `user`, on the evidence that holds now."""
    absorbed = proposed(user, token)
    with transaction.atomic():
        into = Client.objects.filter(user=user).first()
        evidence = _evidence(absorbed, into) if into else None
        if into is None or (evidence is None and absorbed.merged_into_id is None):
            raise Refused(_no_proof(), code="no_proof")
        return merge(absorbed, into, evidence=evidence or Merge.Evidence.EMAIL, by=user, at=at)


def put_aside(user: User, token: str, *, at: datetime) -> None:
    """The record behind the token is not the owner's: it is proposed no more. Said twice is said once."""
    other = proposed(user, token)
    with transaction.atomic():
        kept = Client.objects.filter(user=user).first()
        if kept is None or _evidence(other, kept) is None:
            raise Refused(
                _("This list is old. Look at your account again and choose anew."), code="token_old"
            )
        _said, is_new = NotMine.objects.get_or_create(user=user, client=other, defaults={"at": at})
        if is_new:
            where = profile.office_of(other)
            data = {"proposed": other.pk}
            record("client.merge_put_aside", kept, office_id=where, by=user, at=at, data=data)


def propose_again(user: User, *, at: datetime) -> None:
    """What was put aside by mistake is proposed again."""
    with transaction.atomic():
        kept = Client.objects.filter(user=user).first()
        if kept is None:
            return
        for said in NotMine.objects.filter(user=user).select_related("client"):
            if NotMine.objects.filter(pk=said.pk).delete()[0]:
                where, data = profile.office_of(said.client), {"proposed": said.client_id}
                record("client.merge_proposed_again", kept, office_id=where, by=user, at=at, data=data)


def merge(absorbed: Client, into: Client, *, evidence: str, by: User, at: datetime) -> Merge:
    """Everything of `absorbed` belongs to `into`, the client of an account; `absorbed` is an empty shell that leads
    there. Refused without the proof; Stale when somebody else was quicker."""
    with transaction.atomic(), scopes_disabled():
        shell, kept = _locked(absorbed, into)
        if shell.merged_into_id is not None:
            raise Stale(_("These visits have been added already."), code="merged")
        if shell.user_id is not None or shell.pk == kept.pk:
            raise Refused(_("These visits belong to another account."), code="other_account")
        if kept.user_id is None or kept.merged_into_id is not None:
            raise Refused(_("Visits can only be added to an account."), code="no_account")
        if not _proves(evidence, shell, kept):
            raise Refused(_no_proof(), code="no_proof")
        where = profile.office_of(shell)
        done = Merge(kept=kept, absorbed=shell, evidence=evidence, by=by, at=at)
        done.was = {name: _plain(getattr(shell, name)) for name in _EMPTY}
        done.filled = {
            name: getattr(shell, name)
            for name in _TAKEN_OVER
            if getattr(shell, name) and not getattr(kept, name)
        }
        done.moved = {name: ids for name, ids in _move(shell, kept) if ids}
        Client.objects.filter(pk=kept.pk).update(**done.filled)
        mine = Client.objects.filter(pk=shell.pk, merged_into=None, user=None, anonymised_at=None)
        if not mine.update(**_EMPTY, merged_into=kept):
            raise Stale(_("These visits have been added already."), code="merged")
        done.save()
        data = {"absorbed": shell.pk, "evidence": str(evidence)}
        record("client.merged", kept, office_id=where, by=by, at=at, data=data)
    return done


def undo(merge: Merge, *, by: User, at: datetime) -> None:
    """What came with the merge is the other record's again; what happened since stays with the account."""
    with transaction.atomic(), scopes_disabled():
        shell, kept = _locked(merge.absorbed, merge.kept)
        if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=at, undone_by=by):
            raise Stale(_("These visits have been separated already."), code="undone")
        stored = Merge.objects.get(pk=merge.pk)
        for name, field in _relations():
            rows = field.model._base_manager.filter(
                **{"pk__in": stored.moved.get(name, []), field.name: kept}
            )
            rows.update(**{field.name: shell})
        taken = {name: value for name, value in stored.filled.items() if getattr(kept, name) == value}
        Client.objects.filter(pk=kept.pk).update(**{name: _EMPTY[name] for name in taken})
        Client.objects.filter(pk=shell.pk).update(**_as_it_was(stored.was), merged_into=None)
        # Kept apart from the profile that lives on: the copy has served.
        Merge.objects.filter(pk=stored.pk).update(was={}, filled={})
        where = profile.office_of(shell)
        record("client.unmerged", kept, office_id=where, by=by, at=at, data={"absorbed": shell.pk})


def merges_of(client: Client) -> list[Merge]:
    """The merges into this client that are in force, the latest first."""
    return list(Merge.objects.filter(kept=client, undone_at=None).order_by("-at", "-id"))


def _locked(absorbed: Client, into: Client) -> tuple[Client, Client]:
    """Both rows as they stand, held until the end of the transaction, the smaller id first."""
    rows = Client.objects.select_for_update().filter(pk__in=(absorbed.pk, into.pk)).order_by("pk")
    both = {each.pk: each for each in rows}
    if both[absorbed.pk].anonymised_at is not None or both[into.pk].anonymised_at is not None:
        raise Stale(_("The data of this visitor have been erased meanwhile."), code="erased")
    return both[absorbed.pk], both[into.pk]


def _evidence(absorbed: Client, into: Client) -> Merge.Evidence | None:
    return next((each for each in Merge.Evidence if _proves(each, absorbed, into)), None)


def _proves(evidence: str, absorbed: Client, into: Client) -> bool:
    if evidence == Merge.Evidence.EMAIL:
        return bool(absorbed.email) and absorbed.email in _confirmed_addresses(into.user)
    if evidence == Merge.Evidence.PHONE:
        return bool(absorbed.phone) and absorbed.phone == into.phone and into.phone_verified_at is not None
    return False


def _confirmed_addresses(user: User | None) -> list[str]:
    rows = EmailAddress.objects.filter(user=user, verified=True) if user is not None else ()
    return [str(each.email).lower() for each in rows]


def _no_proof() -> str:
    return _(
        "We cannot tell that these visits are yours. Confirm the e-mail address you gave then, or show yourself at the"
        " front office."
    )


def _visits(client: Client) -> Any:
    return client.visits.select_related("office").order_by("-signed_at")[:MOST_SHOWN]


def _relations() -> Iterator[tuple[str, Any]]:
    """Every field that points to a client, but for those that tell of merges themselves."""
    for relation in Client._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in (
            Client,
            Merge,
            NotMine,
        ):
            yield f"{relation.related_model._meta.label_lower}.{relation.field.name}", relation.field


def _move(shell: Client, kept: Client) -> Iterator[tuple[str, list[Any]]]:
    """Point the rows of each relation to `kept`; which ones did."""
    for name, field in _relations():
        rows = field.model._base_manager.filter(**{field.name: shell})
        yield (
            name,
            [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if _follows(field, pk, kept)],
        )


def _follows(field: Any, pk: Any, kept: Client) -> bool:
    """The row points to `kept` now. One that `kept` may have only once, and has, stays with the shell."""
    try:
        with transaction.atomic():
            return bool(field.model._base_manager.filter(pk=pk).update(**{field.name: kept}))
    except IntegrityError:
        return False


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _as_it_was(was: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in was.items() if name in _EMPTY}
    for name in ("email_verified_at", "phone_verified_at"):
        told[name] = parse_datetime(told[name]) if told.get(name) else None
    if not Institution.objects.filter(pk=told.get("institution_id") or 0).exists():
        told["institution_id"] = None
    return told
