"""Every model of the WebAPI and what becomes of it (docs/operator.md tells the reasons)."""

from dataclasses import dataclass
from typing import Final, Literal

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.webapi import parsing

Kind = Entry.Kind


@dataclass(frozen=True)
class Model:
    """A model that becomes entries. `details`: what is asked for each row besides the list; `once`: the same in both
    languages, read only in the first."""

    name: str
    kind: str
    parse: parsing.Parse | None = None
    details: Literal["", "view", "data"] = ""
    once: bool = False

    @property
    def per_page(self) -> int:
        """Few where each row costs a call of its own, so that a cut loses little."""
        return 10 if self.details else 100


READ: Final[dict[str, Model]] = {
    model.name: model
    for model in (
        Model("var", Kind.DYNAMIC_TABLE, details="data"),
        Model("statictable", Kind.STATIC_TABLE, parsing.static_table, details="view"),
        Model("publication", Kind.PUBLICATION, parsing.publication, details="view"),
        Model("pressrelease", Kind.PRESS_RELEASE, parsing.press_release),
        Model("indicators", Kind.INDICATOR, parsing.indicator),
        Model("sdgs", Kind.INDICATOR, parsing.sdg),
        Model("infographic", Kind.INFOGRAPHIC, parsing.infographic),
        Model("glosarium", Kind.GLOSSARY_TERM, parsing.glossary_term),
        *(
            Model(name, Kind.CLASSIFICATION_CODE, parsing.classification_code, once=True)
            for name in parsing.CLASSIFICATIONS
        ),
        Model("simdasi", Kind.STATIC_TABLE),
        Model("sensus", Kind.STATIC_TABLE, once=True),
        Model("dataexim", Kind.DYNAMIC_TABLE, once=True),
    )
}
# Read to understand the others: subjects by number, years of a table without numbers.
LOOKED_UP: Final = ("subject", "th")
# Their names come with the tables themselves, or they are no statistics (docs/operator.md).
LEFT_OUT: Final = (
    *(
        "subcat",
        "vervar",
        "turvar",
        "turth",
        "unit",
        "news",
        "newscategory",
        "sdds",
        "subcatcsa",
        "subjectcsa",
    ),
    "tablestatistic",
)
USUAL: Final = ("var", "statictable", "publication", "pressrelease", "indicators", "infographic")
LANGUAGES: Final = {"ind": "id", "eng": "en"}
