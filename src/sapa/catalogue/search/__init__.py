"""The search over the catalogue: `search()` and what it returns. How it finds is nobody else's matter."""

from sapa.catalogue.search.query import AbsenceHit, Hit, Results, search

__all__ = ["AbsenceHit", "Hit", "Results", "search"]
