"""A simulated WebAPI, and a source that reads it without a pause."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from sapa.catalogue.models import Source, SourceRun
from sapa.catalogue.sources import running
from sapa.catalogue.sources.webapi.reader import WebApi
from sapa.offices.models import Office
from tests.conftest import Clock
from tests.simulators import webapi

Read = Callable[..., SourceRun]


@pytest.fixture
def site(settings: Settings) -> Iterator[webapi.Site]:
    """The WebAPI on this machine, with the right key and no pauses."""
    settings.WEBAPI_KEY, settings.SOURCES_PACE = webapi.KEY, 0
    with webapi.serve() as made:
        settings.WEBAPI = made.origin
        yield made


@pytest.fixture
def waited() -> list[float]:
    """How long the reader would have slept."""
    return []


@pytest.fixture
def source(office: Office) -> Source:
    config = {"domain": "1808", "models": ["statictable"], "languages": ["ind"]}
    return Source.objects.create(office=office, kind="webapi", name="bps", config=config)


@pytest.fixture
def read(source: Source, clock: Clock, waited: list[float]) -> Read:
    def read(*models: str, languages: tuple[str, ...] = ("ind",), **how: Any) -> SourceRun:
        if models:
            source.config = {"domain": "1808", "models": list(models), "languages": list(languages)}
            source.config |= how.pop("config", {})
        reader = WebApi(sleep=waited.append)
        return running.sync(source, at=clock.at, clock=clock, reader=reader, **how)

    return read
