"""Processes beside the tests that reach the same database: where it is."""

import os
from urllib.parse import urlsplit

from django.db import connection


def address_of_this_database() -> str:
    """DATABASE_URL of the tests' own database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
