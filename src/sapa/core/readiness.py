"""What must be true before Sapa serves or works: said as one sentence when it is not."""

from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


def require_current_database() -> None:
    """The database answers and has every migration; otherwise CommandError says what to do."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InconsistentMigrationHistory) as problem:
        raise CommandError(
            _("The database does not answer (%(problem)s). Check DATABASE_URL and whether it runs.")
            % {"problem": str(problem).strip().splitlines()[0]}
        ) from problem
    if missing:
        raise CommandError(
            _("The database lacks %(count)d migrations. Run `sapa migrate` first.") % {"count": len(missing)}
        )


def require_static_files() -> None:
    """Style sheets and scripts were collected; otherwise no page could be shown."""
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise CommandError(
            _("Style sheets and scripts are not in place. Run `sapa collectstatic --noinput` first.")
        )
