"""What this machine offers to the tests beside Python: Chromium, a Redis server, ClamAV, the shared data folder."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# marker -> why its tests cannot run here; empty when they can
Reasons = dict[str, str]


def chromium() -> str | None:
    """The browser that the tests drive; SAPA_CHROMIUM names another. Without windows it is a third faster."""
    given = os.environ.get("SAPA_CHROMIUM")
    names = (given, "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def redis_server() -> str | None:
    """The Redis or Valkey server that the tests may start."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def clamd() -> str | None:
    """ClamAV's daemon, which the tests may start. Debian keeps it where only root's path looks."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")


def shared_data() -> Path | None:
    """The folder with real files (regions, classifications) beside the project, where there is one."""
    folder = Path(os.environ.get("SAPA_SHARED_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def reasons() -> Reasons:
    """Why tests with a marker cannot run here."""
    return {
        "browser": "" if chromium() else "Chromium is not installed (Debian: apt install chromium)",
        "redis": "" if redis_server() else "redis-server is not installed (Debian: apt install redis-server)",
        "clamd": "" if clamd() else "clamd is not installed (Debian: apt install clamav-daemon)",
        "shared_data": "" if shared_data() else "the folder ../shared/data is not there",
    }


def fast_folder(needed: int = 200_000_000) -> Path | None:
    """A folder in memory with room for the test databases, if the machine has one."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= needed:
        return memory
    return None
