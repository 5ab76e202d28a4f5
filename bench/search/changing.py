"""How soon a new entry is found, and what a thousand changes leave behind in a process that has the index open."""

import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import memory_of, percentile, table
from bench.search.corpus import Corpus
from bench.search.timing import sapa_asks, word


def seen(corpus: Corpus, office: Any, times: int) -> None:
    """From the end of the transaction until a search finds the new entry, while another thread searches."""
    from django.db import close_old_connections, transaction
    from django_scopes import scopes_disabled

    from sapa.catalogue.models import Entry
    from sapa.catalogue.search import keeping, search
    from sapa.catalogue.search.indexing import index
    from sapa.core.time import now

    keeping.begin()
    stopped = threading.Event()
    asked = 0

    def others() -> None:
        nonlocal asked
        with scopes_disabled():
            for text in corpus.queries("three words", 2_000) * 10:
                if stopped.wait(0.02):
                    break
                sapa_asks(office, "three words", text)
                asked += 1
        close_old_connections()

    thread = threading.Thread(target=others)
    thread.start()
    spent = []
    try:
        for number in range(times):
            with transaction.atomic():
                entry = Entry.objects.create(
                    office=office, kind="static_table", title=word(number), published_at=now()
                )
                index([entry])
            began = time.perf_counter()
            while not search(office, f"{word(number)} ", with_facets=False, exact=True).entries:
                time.sleep(0.002)
            spent.append((time.perf_counter() - began) * 1000)
            Entry.objects.filter(pk=entry.pk).update(withdrawn_at=now())
            index([entry])
    finally:
        stopped.set()
        thread.join()
    print(
        f"\nA new entry is found {median(spent):.0f} ms after its transaction (p99 {percentile(spent, 0.99):.0f},"
        f" at most {max(spent):.0f}), {times} times, while {asked} other searches ran."
    )


def reloads(corpus: Corpus, office: Any, times: int) -> None:
    """Memory, open files and mapped files of this process after so many changes, with a search after each."""
    from sapa.catalogue.models import Entry
    from sapa.catalogue.search import keeping
    from sapa.catalogue.search.indexing import index

    entry = Entry.objects.filter(office=office).earliest("pk")
    rows = []
    texts = corpus.queries("three words", 100)
    for number in range(times + 1):
        if number in {0, times // 10, times // 2, times}:
            rss = memory_of_self()
            rows.append([number, f"{rss:.0f}", len(list(Path("/proc/self/fd").iterdir())), *_mapped()])
        index([entry])
        keeping.catch_up()
        sapa_asks(office, "three words", texts[number % len(texts)])
    print()
    table(["changes taken in", "MiB", "open files", "mapped", "of them gone"], rows)


def memory_of_self() -> float:
    """MiB that this process holds now."""
    import os

    return memory_of(os.getpid())[0] / 2**20


def _mapped() -> tuple[int, int]:
    """Parts of the index that are mapped, and those of them whose file is gone."""
    lines = [line for line in Path("/proc/self/maps").read_text().splitlines() if "/search/" in line]
    return len(lines), sum(line.endswith("(deleted)") for line in lines)
