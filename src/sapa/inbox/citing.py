"""The sources of an answer as structured blocks, in the fields of domain.md 10.6."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from sapa.consultations.models import Citation, Consultation
from sapa.core.errors import Refused

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Source:
    """One citation. Dates are ISO 8601 or empty."""

    title: str
    url: str = ""
    kind: str = ""
    identifier: str = ""
    area: str = ""
    level: str = ""
    period: str = ""
    frequency: str = ""
    unit: str = ""
    figure_status: str = ""
    base_year: str = ""
    producer: str = ""
    released_on: str = ""
    fetched_on: str = ""
    value: str = ""

    @classmethod
    def read(cls, given: dict[str, Any]) -> Self:
        """A citation from what a form or a stored message holds; refused, with its title, when it is none."""
        said = {each.name: str(given.get(each.name) or "").strip() for each in fields(cls)}
        if not said["title"]:
            raise Refused(_("A source needs a title."), code="citation")
        for name, value in said.items():
            longest = getattr(Citation._meta.get_field(name), "max_length", None)
            if longest and len(value) > longest:
                raise Refused(
                    _("The source “%(title)s” says too much in one place; shorten it.")
                    % {"title": said["title"][:60]},
                    code="citation",
                )
        try:
            if said["url"]:
                URLValidator(schemes=["http", "https"])(said["url"])
            for name in ("released_on", "fetched_on"):
                if said[name]:
                    date.fromisoformat(said[name])
        except (ValidationError, ValueError) as wrong:
            raise Refused(
                _("The source “%(title)s” holds an address or a date that does not work.")
                % {"title": said["title"][:60]},
                code="citation",
            ) from wrong
        return cls(**said)

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def keep(consultation: Consultation, sources: Iterable[Source]) -> None:
    """The citations of the consultation gain these, in order: reports and the catalogue read them there."""
    found = list(sources)
    if len(found) > MOST:
        raise Refused(_("An answer takes at most %(most)s sources.") % {"most": MOST}, code="citation")
    if not found:
        return
    first = consultation.citations.count()
    Citation.objects.bulk_create(
        Citation(
            consultation=consultation,
            position=first + place,
            **{
                **asdict(each),
                "released_on": each.released_on or None,
                "fetched_on": each.fetched_on or None,
            },
        )
        for place, each in enumerate(found)
    )
