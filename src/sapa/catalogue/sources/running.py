"""Reading a source: page after page, each in one transaction with the place where to go on after it.

Whoever is killed leaves whole pages; the next run goes on from there (docs/decisions/0021).
"""

import hashlib
import json
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.activity.recording import record
from sapa.catalogue.models import Source, SourceRun, SourceSeen
from sapa.catalogue.sources.base import Page, Reader, SourceError
from sapa.catalogue.sources.noting import Written
from sapa.catalogue.sources.registry import reader_of
from sapa.catalogue.sources.writing import write
from sapa.core.errors import Stale
from sapa.core.ids import token
from sapa.core.time import now

Outcome = SourceRun.Outcome
MOST_PROBLEMS: Final = 100
# A run that was cut is gone on with for so long; what a source said before is not mixed with what it says now.
FRESH: Final = timedelta(days=1)
# Who has written no page for so long is thought dead; on its own computer we can look.
LEASE: Final = timedelta(minutes=15)
KEPT_RUNS: Final = 30
Tell = Callable[[SourceRun, Page], None]


def _silent(run: SourceRun, page: Page) -> None:
    """For who does not want to hear of each page."""


def _never() -> bool:
    return False


def sync(
    source: Source,
    *,
    at: datetime,
    since: date | None = None,
    tell: Tell = _silent,
    is_enough: Callable[[], bool] = _never,
    reader: Reader | None = None,
    clock: Callable[[], datetime] = now,
) -> SourceRun:
    """The catalogue is as the source says; the run that is returned tells what came, changed, vanished and failed.

    Goes on where a run of the last day was cut. Once `is_enough()`, the run is left under way with its cursor for
    whoever calls next. Raises Stale while somebody else reads this source.
    """
    with scope(office=source.office):
        reader = reader or reader_of(source.kind)
        run = _begin(source, since, at)
        holder: str = run.cursor["holder"]
        try:
            wrong = reader.check(source.config)
            if wrong:
                return _end(run, holder, Outcome.FAILED, wrong, clock())
            pages = reader.pages(source.config, since=since, cursor=run.cursor.get("at", {}))
            with closing(cast("Any", pages)):
                for page in pages:
                    _take(run, holder, page, clock())
                    tell(run, page)
                    if is_enough():
                        return run
            outcome = Outcome.PARTLY if run.failed or run.problems else Outcome.DONE
            return _end(run, holder, outcome, [], clock())
        except SourceError as problem:
            has_read = bool(run.cursor.get("at"))
            outcome = Outcome.CUT if has_read and not problem.permanent else Outcome.FAILED
            return _end(run, holder, outcome, [problem.sentence], clock())
        except Stale:
            raise
        except Exception as mistake:
            sentence = _("Sapa made a mistake while reading (%(kind)s). Tell whoever looks after it.")
            _end(run, holder, Outcome.FAILED, [sentence % {"kind": type(mistake).__name__}], clock())
            raise
        finally:
            _let_go(run, holder)


def is_held(run: SourceRun, *, at: datetime) -> bool:
    """Somebody reads at this moment."""
    holder = str(run.cursor.get("holder", ""))
    if run.outcome != Outcome.RUNNING or not holder:
        return False
    host, number, _secret = holder.rsplit(" ", 2)
    if host == socket.gethostname() and not _is_alive(int(number)):
        return False
    return at - datetime.fromisoformat(run.cursor["beat"]) < LEASE


def _begin(source: Source, since: date | None, at: datetime) -> SourceRun:
    with transaction.atomic():
        # Two who begin at once take their turns here.
        Source.objects.select_for_update().get(pk=source.pk)
        last = SourceRun.objects.filter(source=source).order_by("-id").first()
        if last is not None and is_held(last, at=at):
            raise Stale(_("This source is being read at this moment. Try again later."), code="reading")
        config = _digest([source.kind, source.config])
        if last is not None and _can_go_on(last, since, config, at):
            run = last
            run.outcome, run.ended_at = Outcome.RUNNING, None
            # What cut it is over; what else was told stays told.
            cut = run.cursor.pop("cut", "")
            run.problems = [sentence for sentence in run.problems if sentence != cut]
        else:
            if last is not None and last.outcome == Outcome.RUNNING:
                SourceRun.objects.filter(pk=last.pk).update(outcome=Outcome.CUT, ended_at=at)
            _tidy(source)
            run = SourceRun(source=source, began_at=at, since=since, cursor={"config": config})
        run.source = source
        run.cursor |= {"holder": f"{socket.gethostname()} {os.getpid()} {token()}", "beat": at.isoformat()}
        run.save()
    return run


def _can_go_on(last: SourceRun, since: date | None, config: str, at: datetime) -> bool:
    return (
        last.outcome in {Outcome.RUNNING, Outcome.CUT}
        and at - last.began_at < FRESH
        and last.since == since
        and last.cursor.get("config") == config
    )


def _take(run: SourceRun, holder: str, page: Page, at: datetime) -> None:
    """The page stands in the catalogue and the run behind it, or neither."""
    with transaction.atomic():
        _require_mine(run, holder)
        told = write(run, page, pending=run.cursor.get("pending", []), at=at)
        _count(run, told)
        run.cursor |= {
            "at": dict(page.cursor),
            "pending": told.pending,
            "beat": at.isoformat(),
            "shown": [page.what, page.done, page.total],
        }
        run.save()


def _count(run: SourceRun, told: Written) -> None:
    run.added += told.added
    run.changed += told.changed
    run.unchanged += told.unchanged
    run.withdrawn += told.withdrawn
    run.failed += told.failed
    _note(run, told.problems)


def _note(run: SourceRun, problems: list[str]) -> None:
    known = list(run.problems)
    known += [sentence[:500] for sentence in dict.fromkeys(problems) if sentence[:500] not in known]
    run.problems = known[:MOST_PROBLEMS]


def _end(
    run: SourceRun, holder: str, outcome: SourceRun.Outcome, problems: list[str], at: datetime
) -> SourceRun:
    with transaction.atomic():
        _require_mine(run, holder)
        _note(run, problems)
        run.outcome, run.ended_at = outcome, max(at, run.began_at)
        run.cursor["holder"] = ""
        if outcome == Outcome.CUT:
            run.cursor["cut"] = problems[0][:500]
        else:
            run.cursor = {}
            SourceSeen.objects.filter(run=run).delete()
        run.save()
        counts = {name: getattr(run, name) for name in ("added", "changed", "withdrawn", "failed")}
        data = {**counts, "outcome": str(outcome), "run": run.pk}
        record("source.read", run.source, office_id=run.source.office_id, by=None, at=at, data=data)
    return run


def _let_go(run: SourceRun, holder: str) -> None:
    """Whoever comes next need not wait for the lease to run out."""
    with transaction.atomic():
        kept = SourceRun.objects.select_for_update().filter(pk=run.pk, outcome=Outcome.RUNNING).first()
        if kept is not None and kept.cursor.get("holder") == holder:
            kept.cursor["holder"] = ""
            kept.save(update_fields=["cursor"])


def _require_mine(run: SourceRun, holder: str) -> None:
    kept = SourceRun.objects.select_for_update().get(pk=run.pk)
    if kept.outcome != Outcome.RUNNING or kept.cursor.get("holder") != holder:
        raise Stale(_("Somebody else goes on with this reading."), code="taken_over")


def _tidy(source: Source) -> None:
    """Old runs are forgotten, and whom they had met."""
    SourceSeen.objects.filter(run__source=source).delete()
    runs = SourceRun.objects.filter(source=source).order_by("-id")
    oldest = list(runs.values_list("id", flat=True)[KEPT_RUNS : KEPT_RUNS + 1])
    if oldest:
        runs.filter(id__lte=oldest[0]).delete()


def _digest(said: Any) -> str:
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=8).hexdigest()


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def progress_of(run: SourceRun) -> Mapping[str, Any]:
    """What is read at this moment and how far: for a page or a progress bar."""
    what, done, total = run.cursor.get("shown", ["", 0, 0])
    return {"what": what, "done": done, "total": total}
