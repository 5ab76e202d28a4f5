"""The register of institutions: spelled once, however visitors write them (domain.md 4: names were inconsistent)."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.contact import institution_key
from sapa.people.models import Institution, Officer

# What a stranger may be shown: a name that an officer confirmed or that several visitors wrote on their own.
USES_TO_BE_SHOWN = 2
MOST_SUGGESTED = 8
LONGEST_NAME = 160


def shown_to_strangers() -> Q:
    """Confirmed by an officer, or written by several visitors."""
    return Q(is_confirmed=True) | Q(uses__gte=USES_TO_BE_SHOWN)


def suggest(prefix: str, *, limit: int = MOST_SUGGESTED) -> list[str]:
    """Names that begin like `prefix` in any of their spellings, the most used first.

    A name that one visitor wrote once is not shown to strangers: it may say who was here.
    """
    key = institution_key(prefix)
    if len(key) < 2:
        return []
    known = Institution.objects.filter(shown_to_strangers(), merged_into=None)
    found = known.filter(key__startswith=key).order_by("-is_confirmed", "-uses", "name")[:limit]
    names = [each.name for each in found]
    if len(names) < limit:  # "tulang bawang" should find "Bappeda Tulang Bawang" too
        inside = known.filter(key__contains=key).exclude(key__startswith=key)
        names += [
            each.name for each in inside.order_by("-is_confirmed", "-uses", "name")[: limit - len(names)]
        ]
    return names


def register(name: str, *, category: str, known: int | None = None) -> Institution | None:
    """The institution of this name; made when no spelling of it is known. None without a name.

    Counted once more unless it is the `known` one of a returning person: what only one person wrote, however often,
    is not suggested to strangers.
    """
    key = institution_key(name)
    if not key:
        return None
    with scopes_disabled():
        institution, made = Institution.objects.select_related("merged_into").get_or_create(
            key=key, defaults={"name": name, "category": category, "uses": 1}
        )
        meant = institution.merged_into or institution
        if not made and meant.pk != known:
            Institution.objects.filter(pk=meant.pk).update(uses=F("uses") + 1)
    return meant


def confirm(institution: Institution, *, office: Office, by: Officer, at: datetime) -> None:
    """Visitors of every office are offered this name from now on. Said twice it is once."""
    with transaction.atomic():
        rows = Institution.objects.filter(pk=institution.pk, merged_into=None, is_confirmed=False)
        if rows.update(is_confirmed=True):
            record("institution.confirmed", institution, office_id=office.pk, by=by.user, at=at)


def rename(institution: Institution, *, name: str, office: Office, by: Officer, at: datetime) -> None:
    """It is called `name` for everybody; the earlier spelling still leads to it. Refused when another has that name."""
    name, key = " ".join(name.split()), institution_key(name)
    if not key or len(name) > LONGEST_NAME:
        raise Refused(_("Write the name in letters, at most 160 characters."), code="bad_name")
    with transaction.atomic():
        stored = _locked(institution)
        if stored.name == name:
            return
        if stored.key != key:
            holder = Institution.objects.filter(key=key).first()
            if holder is not None and holder.merged_into_id != stored.pk:
                raise Refused(_("Another institution has this name already. Merge the two instead."))
            if holder is not None:
                holder.delete()
            before, stored.key = stored.key, key
            stored.save(update_fields=["key"])
            Institution.objects.create(key=before, name=stored.name, merged_into=stored)
        Institution.objects.filter(pk=stored.pk).update(name=name)
        record("institution.renamed", stored, office_id=office.pk, by=by.user, at=at)


def named(name: str) -> Institution | None:
    """The institution that this spelling stands for."""
    found = Institution.objects.select_related("merged_into").filter(key=institution_key(name)).first()
    return found.merged_into or found if found else None


def merge(variant: Institution, *, into: Institution, office: Office, by: Officer, at: datetime) -> None:
    """Everybody who came from `variant` comes from `into`, with the uses of both; the spelling leads there."""
    with transaction.atomic(), scopes_disabled():
        if variant.pk == into.pk:
            raise Refused(_("This is the same institution. Choose the one it belongs to."), code="same")
        # Always the smaller id first: two officers who merge crosswise wait for each other only once.
        both = {each.pk: _locked(each) for each in sorted((variant, into), key=lambda each: each.pk)}
        moved = both[variant.pk]
        for relation in Institution._meta.get_fields(include_hidden=True):
            # Clients, visits and earlier variants, without knowing the packages above this one.
            if isinstance(relation, models.ManyToOneRel):
                rows = relation.related_model._base_manager.filter(**{relation.field.name: moved})
                rows.update(**{relation.field.name: into})
        Institution.objects.filter(pk=into.pk).update(uses=F("uses") + moved.uses)
        Institution.objects.filter(pk=moved.pk).update(uses=0, is_confirmed=False, merged_into=into)
        data = {"into": into.pk, "uses": moved.uses}
        record("institution.merged", moved, office_id=office.pk, by=by.user, at=at, data=data)


def _locked(institution: Institution) -> Institution:
    """The row as it stands, held until the end of the transaction. Stale when it became a variant meanwhile."""
    stored = Institution.objects.select_for_update().get(pk=institution.pk)
    if stored.merged_into_id is not None:
        raise Stale(_("This institution has been merged into another one meanwhile."), code="merged")
    return stored
