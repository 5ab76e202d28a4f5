"""The tables of the catalogue; each module holds what belongs together, this is their one face."""

from sapa.catalogue.models.entries import Absence, Change, Entry, Frequency, Level, years
from sapa.catalogue.models.numbers import Correspondence, Figures
from sapa.catalogue.models.sources import Source, SourceRun, SourceSeen
from sapa.catalogue.models.trails import SearchTrail, SettledQuery, TrailStep
from sapa.catalogue.models.words import WordRule

__all__ = [
    "Absence",
    "Change",
    "Correspondence",
    "Entry",
    "Figures",
    "Frequency",
    "Level",
    "SearchTrail",
    "SettledQuery",
    "Source",
    "SourceRun",
    "SourceSeen",
    "TrailStep",
    "WordRule",
    "years",
]
