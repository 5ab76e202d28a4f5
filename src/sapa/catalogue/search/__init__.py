"""The search over the catalogue: `search()` and what it returns. How it finds is nobody else's matter."""

from sapa.catalogue.search.query import search, suggest
from sapa.catalogue.search.results import AbsenceHit, Filters, Hit, Results, Suggestion

__all__ = ["AbsenceHit", "Filters", "Hit", "Results", "Suggestion", "search", "suggest"]
