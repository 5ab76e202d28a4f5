"""How long the search takes: its engine beside others, whole requests beside bare ones, many clients at once."""

import asyncio
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import httpx

from bench.measure import memory_of, percentile, table
from bench.search.corpus import SORTS, Corpus

AT_ONCE, EACH = 64, 15
WARM = 20


def sapa_asks(office: Any, sort: str, text: str) -> tuple[float, int]:
    """Seconds of reading, engine and ranking; how many it found."""
    from sapa.catalogue.search import search

    results = search(office, text, with_facets=sort == "facets")
    return results.took, len(results)


def engines(corpus: Corpus, office: Any, peers: dict[str, Callable[[str, str], Any]], rounds: int) -> None:
    """Every sort of query to every engine in turn, interleaved."""
    names = ["sapa", *peers]
    rows = []
    for sort in SORTS:
        spent: dict[str, list[float]] = {name: [] for name in names}
        missed = 0
        for place, text in enumerate(corpus.queries(sort, rounds + WARM)):
            for turn in range(len(names)):
                name = names[(place + turn) % len(names)]
                if name == "sapa":
                    seconds, found = sapa_asks(office, sort, text)
                    missed += found == 0
                else:
                    began = time.perf_counter()
                    if peers[name](sort, text) is None:
                        continue
                    seconds = time.perf_counter() - began
                if place >= WARM:
                    spent[name].append(seconds * 1000)
        own = [percentile(spent["sapa"], share) for share in (0.5, 0.99)]
        for name in names:
            if not spent[name]:
                rows.append([f"{sort}, {name}", "cannot", "", "", ""])
                continue
            each = [percentile(spent[name], share) for share in (0.5, 0.99)]
            ratios = [f"{other / ours:.1f}" for other, ours in zip(each, own, strict=True)]
            rows.append([f"{sort}, {name}", *(f"{value:.2f}" for value in each), *ratios])
        if missed:
            print(f"{sort}: {missed} of {rounds + WARM} queries found nothing", file=sys.stderr)
    table(["query, engine", "p50 ms", "p99 ms", "p50 / sapa", "p99 / sapa"], rows)


@dataclass
class Visits:
    """Requests to a server of its own, with their milliseconds."""

    port: int

    async def _play(self, address: str, together: int, queries: list[str]) -> tuple[list[float], int]:
        spent: list[float] = []
        errors = 0
        limits = httpx.Limits(max_connections=together, max_keepalive_connections=together)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", limits=limits, timeout=120
        ) as browser:

            async def one(mine: list[str]) -> None:
                nonlocal errors
                for text in mine:
                    began = time.perf_counter()
                    try:
                        answer = await browser.get(address, params={"q": text} if text else {})
                        errors += answer.status_code != 200
                    except httpx.HTTPError:
                        errors += 1
                    spent.append((time.perf_counter() - began) * 1000)

            await asyncio.gather(*(one(queries[number::together]) for number in range(together)))
        return spent, errors

    def play(self, address: str, together: int, queries: list[str]) -> tuple[list[float], int]:
        """So many clients ask these queries, each its own one after the other: milliseconds, errors."""
        return asyncio.run(self._play(address, together, queries))


def requests(corpus: Corpus, office: Any, visits: Visits, rounds: int) -> None:
    """Whole requests beside the same page without a search, and the engine's part, in turn."""
    address = f"/{office.code}/cari/"
    bare: list[float] = []
    whole: list[float] = []
    engine: list[float] = []
    for place, text in enumerate(corpus.queries("three words", rounds + WARM)):
        without, _errors = visits.play(address, 1, [""])
        with_results, _errors = visits.play(address, 1, [text])
        seconds, _found = sapa_asks(office, "facets", text)
        if place >= WARM:
            bare += without
            whole += with_results
            engine.append(seconds * 1000)
    rows = [
        ["the page without a search", bare],
        ["reading, engine, ranking, facets", engine],
        ["the page with its results", whole],
    ]
    table(
        ["three words", "p50 ms", "p99 ms"],
        [[name, *(f"{percentile(spent, share):.1f}" for share in (0.5, 0.99))] for name, spent in rows],
    )
    allowed = median(bare) + median(engine)
    print(f"\nThe page with its results is {median(whole) / allowed:.2f} times the two others together.")


def at_once(corpus: Corpus, office: Any, visits: Visits, pid: int) -> None:
    """64 clients, beside one alone whose share of the processor is 64 times as large."""
    address = f"/{office.code}/cari/"
    texts = corpus.queries("three words", AT_ONCE * EACH)
    visits.play(address, 1, texts[:40])
    alone, _errors = visits.play(address, 1, texts[:100])
    many, errors = visits.play(address, AT_ONCE, texts)
    rss, pss = memory_of(pid)
    share = median(alone) * AT_ONCE
    print(
        f"\n{AT_ONCE} clients at once: {errors} errors in {len(many)} requests, p50 {median(many):.0f} ms,"
        f" p99 {percentile(many, 0.99):.0f}; one alone {median(alone):.1f} ms:"
        f" {median(many) / share:.2f} of the fair share of one core. The server took"
        f" {rss / 2**20:.0f} MiB ({pss / 2**20:.0f} MiB with shared pages in part)."
    )


def word(number: int) -> str:
    """A word that stands nowhere else."""
    return f"zzq{''.join(random.Random(number).choices('abcdefgh', k=9))}"
