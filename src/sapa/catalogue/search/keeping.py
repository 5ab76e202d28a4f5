"""The index of this node: opened, brought up to date, made anew beside the old one and swapped, repaired by itself.

A node keeps its index in one folder: `current` names the generation in use, and in each generation `upto` is the
number of the last change that it holds. All processes of the node read it; who writes holds the lock of the folder.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections
from django.db.models import QuerySet
from django_scopes import scopes_disabled

from sapa.catalogue.models import Absence, Change, Entry
from sapa.catalogue.search.documents import READ
from sapa.catalogue.search.store import FORM, Store

log = logging.getLogger("sapa.search")

CURRENT: Final = "current"
UPTO: Final = "upto"
LOCK: Final = "lock"
# While nothing tells this process of a change (another node made it), it looks for one this often.
LOOKS_EVERY: Final = 0.5
# So many rows are taken in while the asker waits; more are prepared beside.
WAITED_FOR: Final = 20_000
AT_ONCE: Final = 2_000


class Preparing(Exception):
    """There is no index yet and it takes a while to make: ask again in a moment."""


class Kept:
    """What this process holds open."""

    def __init__(self) -> None:
        self.store: Store | None = None
        self.upto = -1
        self.stamp: tuple[str, int] = ("", 0)
        self.mutex = threading.RLock()
        self.thread: threading.Thread | None = None
        self.awake = threading.Event()
        self.building: threading.Thread | None = None
        self.waits = 0  # who writes much and asks for all of it together
        self.asked = False


kept = Kept()


def current() -> Store:
    """The index as it stands. Raises Preparing while a large one is made for the first time."""
    if settings.SEARCH_FOLDER is None:
        return _in_memory()
    folder = _folder()
    stamp = _stamp(folder)
    store = kept.store
    if store is not None and stamp == kept.stamp and stamp[0]:
        return store
    found = _opened(folder)
    if found is None:
        _make(folder)
        found = _opened(folder)
    if found is None:
        raise Preparing
    return found


def upto() -> int:
    """The number of the last change that the index of this process holds."""
    return kept.upto


def close() -> None:
    """This process holds nothing open: the next search opens anew."""
    with kept.mutex:
        kept.store, kept.upto, kept.stamp = None, -1, ("", 0)


def wake() -> None:
    """Something changed. A serving process takes it in beside the request; any other one at once, or `later`."""
    if kept.thread is not None and kept.thread.is_alive():
        kept.awake.set()
    elif kept.waits:
        kept.asked = True
    elif settings.SEARCH_FOLDER is not None:
        try:
            catch_up()
        except (OSError, ValueError) as error:
            log.warning("the search did not take in the change: %s", error)


@contextlib.contextmanager
def later() -> Iterator[None]:
    """What is written inside is taken in at the end of it: each time costs as much as hundreds of rows.

    A process that serves meanwhile is not kept from taking it in."""
    kept.waits += 1
    try:
        yield
    finally:
        kept.waits -= 1
        if kept.asked and not kept.waits:
            kept.asked = False
            wake()


def begin() -> None:
    """This process serves: from now on a thread of its own keeps the index up to date."""
    if settings.SEARCH_FOLDER is None or (kept.thread is not None and kept.thread.is_alive()):
        return
    kept.thread = threading.Thread(target=_keep, name="search", daemon=True)
    kept.thread.start()


def catch_up() -> int:
    """Everything that changed is in the index of this node; returns how many rows were taken in."""
    folder = _folder()
    with alone(folder):
        store = _opened(folder)
        if store is None:
            return _rebuild(folder)
        taken = _take_in(store, folder / kept.stamp[0])
    _opened(folder)
    return taken


def damaged(error: BaseException) -> None:
    """A search failed in the engine: what is kept cannot be trusted and is made anew."""
    log.error("the search index is damaged and is made anew: %s", error)
    close()
    if settings.SEARCH_FOLDER is not None:
        (_folder() / CURRENT).unlink(missing_ok=True)


def rebuild() -> int:
    """A new index beside the old one, from the database; then it takes its place. Searches go on meanwhile.
    Returns how many rows it holds."""
    folder = _folder()
    with alone(folder):
        return _rebuild(folder)


def _folder() -> Path:
    assert settings.SEARCH_FOLDER is not None
    return settings.SEARCH_FOLDER


def _in_memory() -> Store:
    """For tests: one index in this process, up to date at every search."""
    with kept.mutex:
        if kept.store is None:
            kept.store, kept.upto = Store(None), 0
        if _take_in(kept.store, None):
            kept.store = kept.store.refreshed()
        return kept.store


def _opened(folder: Path) -> Store | None:
    """What the folder holds; None when it holds nothing, or nothing that can be read."""
    with kept.mutex:
        stamp = _stamp(folder)
        if not stamp[0]:
            return None
        if kept.store is not None and stamp == kept.stamp:
            return kept.store
        generation = folder / stamp[0]
        try:
            if kept.store is not None and stamp[0] == kept.stamp[0]:
                kept.store = kept.store.refreshed()
            else:
                kept.store = Store(generation)
            kept.upto, kept.stamp = int((generation / UPTO).read_text()), stamp
        except (OSError, ValueError) as error:
            if _stamp(folder) == stamp:  # else somebody put a new one in its place meanwhile
                damaged(error)
            return None
        return kept.store


def _make(folder: Path) -> None:
    """A first index: at once when it is small, else beside."""
    with scopes_disabled():
        is_small = Entry.objects.count() <= WAITED_FOR
    if is_small:
        _build(folder)
    elif kept.building is None or not kept.building.is_alive():
        kept.building = threading.Thread(target=_build_beside, name="search-building", daemon=True)
        kept.building.start()


def _build(folder: Path) -> None:
    with alone(folder):
        if not _stamp(folder)[0]:
            _rebuild(folder)


def _build_beside() -> None:
    try:
        _build(_folder())
    except Exception:
        log.exception("the search index could not be made")
    finally:
        close_old_connections()


def _rebuild(folder: Path) -> int:
    """With the lock held."""
    name = f"{FORM}-{uuid4().hex[:12]}"
    generation = folder / name
    try:
        store = Store(generation)
        number = _last()
        rows = store.fill(_all_rows())
        _write(generation / UPTO, str(number))
        _take_in(store.refreshed(), generation)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    _write(folder / CURRENT, name)
    for other in folder.iterdir():
        if other.is_dir() and other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return rows


def _take_in(store: Store, generation: Path | None) -> int:
    """The rows above what the index holds. Twice is once: a crash before the number is written does no harm."""
    known = kept.upto if generation is None else int((generation / UPTO).read_text())
    number = _last()
    if number == known:
        return 0
    with scopes_disabled():
        changed = [(model, _changed(model, known, number)) for model in (Entry, Absence)]
        taken = sum(len(keys) for _model, keys in changed)
        with store.writing() if taken else nullcontext() as writing:
            if writing is not None:
                for model, keys in changed:
                    for first in range(0, len(keys), AT_ONCE):
                        writing.put(_with_above(model).filter(pk__in=keys[first : first + AT_ONCE]))
                writing.commit()
            # From here on the rows are found. What comes after, the engine's tidying up, delays nobody.
            if generation is None:
                kept.upto = number
            else:
                _write(generation / UPTO, str(number))
    return taken


def _changed(model: type[Entry] | type[Absence], known: int, number: int) -> list[int]:
    rows = model.objects.filter(change__gt=known, change__lte=number)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _all_rows() -> Iterator[Entry | Absence]:
    with scopes_disabled():
        shown = _with_above(Entry).filter(published_at__isnull=False, withdrawn_at=None)
        yield from shown.order_by("pk").iterator(AT_ONCE)
        yield from Absence.objects.filter(withdrawn_at=None).order_by("pk").iterator(AT_ONCE)


def _with_above(model: type[Entry] | type[Absence]) -> QuerySet[Any]:
    """With the two steps above a code: their titles are found with it. Of a row only what the index reads."""
    if model is Absence:
        return Absence.objects.all()
    return Entry.objects.select_related("parent__parent").only(*READ)


def _last() -> int:
    return Change.objects.values_list("number", flat=True).order_by("-number").first() or 0


def _keep() -> None:
    """The thread of a serving process: takes in what this process wakes it for, and looks for what others did."""
    while True:
        try:
            folder = _folder()
            if _last() != _number(folder):
                catch_up()
        except Exception:
            log.exception("the search index was not brought up to date; it is tried again")
            kept.awake.wait(10)
        finally:
            close_old_connections()
        kept.awake.wait(LOOKS_EVERY)
        kept.awake.clear()


def _number(folder: Path) -> int:
    try:
        return int((folder / (folder / CURRENT).read_text() / UPTO).read_text())
    except (OSError, ValueError):
        return -1


def _stamp(folder: Path) -> tuple[str, int]:
    """The generation in use and when its number was written last; ("", 0) when there is none of our form."""
    try:
        name = (folder / CURRENT).read_text()
        written = os.stat(folder / name / UPTO).st_mtime_ns
    except OSError:
        return ("", 0)
    return (name, written) if name.startswith(f"{FORM}-") else ("", 0)


def _write(file: Path, text: str) -> None:
    """All of it or nothing, for whoever reads at the same time."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(text)
    os.replace(beside, file)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer on this node, whatever process it is."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
