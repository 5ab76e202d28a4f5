"""The benches: each module measures one thing and prints a table with ratios. `bin/bench` runs them.

Importing this package sets Django up on a database of its own, so that a bench never meets a real installation
(DATABASE_URL chooses another one).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
os.environ.setdefault("SAPA_LOG", "ERROR")
# A bench writes faster than anybody: what it measures is not the limit.
os.environ.setdefault("SAPA_MESSAGES_A_MINUTE", "1000000")
os.environ.setdefault("SAPA_MESSAGES_AN_HOUR", "1000000")
os.environ.setdefault("SAPA_SEARCHES_IN_TEN_MINUTES", "1000000")
if "SAPA_DATA" not in os.environ:
    _data = Path(tempfile.mkdtemp(prefix="sapa-bench-"))
    (_data / "static").mkdir()
    os.environ["SAPA_DATA"] = str(_data)
    _owner = os.getpid()

    @atexit.register
    def _clear_away() -> None:
        """The processes that a bench starts share the folder; the first one clears it away."""
        if os.getpid() == _owner:
            shutil.rmtree(_data, ignore_errors=True)


django.setup()
