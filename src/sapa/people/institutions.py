"""The register of institutions: spelled once, however visitors write them (domain.md 4: names were inconsistent)."""

from django.db.models import F, Q
from django_scopes import scopes_disabled

from sapa.people.contact import institution_key
from sapa.people.models import Institution

# What a stranger may be shown: a name that an officer confirmed or that several visitors wrote on their own.
USES_TO_BE_SHOWN = 2
MOST_SUGGESTED = 8


def suggest(prefix: str, *, limit: int = MOST_SUGGESTED) -> list[str]:
    """Names that begin like `prefix` in any of their spellings, the most used first.

    A name that one visitor wrote once is not shown to strangers: it may say who was here.
    """
    key = institution_key(prefix)
    if len(key) < 2:
        return []
    known = Institution.objects.filter(Q(is_confirmed=True) | Q(uses__gte=USES_TO_BE_SHOWN))
    found = known.filter(key__startswith=key).order_by("-is_confirmed", "-uses", "name")[:limit]
    names = [each.name for each in found]
    if len(names) < limit:  # "tulang bawang" should find "Bappeda Tulang Bawang" too
        inside = known.filter(key__contains=key).exclude(key__startswith=key)
        names += [
            each.name for each in inside.order_by("-is_confirmed", "-uses", "name")[: limit - len(names)]
        ]
    return names


def register(name: str, *, category: str) -> Institution | None:
    """The institution of this name, counted once more; made when no spelling of it is known. None without a name."""
    key = institution_key(name)
    if not key:
        return None
    with scopes_disabled():
        institution, made = Institution.objects.get_or_create(
            key=key, defaults={"name": name, "category": category, "uses": 1}
        )
        if not made:
            Institution.objects.filter(pk=institution.pk).update(uses=F("uses") + 1)
    return institution
