"""Data portals that run CKAN: their data sets as tables of the catalogue."""
