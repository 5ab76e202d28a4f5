"""Sapa, the open-source service desk of a statistics office."""

__version__ = "0.1.0"
