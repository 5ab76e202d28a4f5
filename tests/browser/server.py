"""The real server in a process of its own, on a filled database of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

from tests import machine, migrated

PASSWORD = "sandi-yang-panjang-1"


class Server:
    """`sapa serve` on one port; it can be stopped and started again with the same data."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sapa-browser-", dir=machine.fast_folder()))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("SAPA_") and name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
        }
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "sapa.settings",
            "SAPA_DATA": str(self.folder),
            "SAPA_SECRET_KEY": "tests only",
            "SAPA_URL": self.url,
            "SAPA_LOG": "ERROR",
        }

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def fill_like(self, filled: Path) -> dict[str, Any]:
        """Where everything is, by office. What is in `filled` is copied; the first process of a run makes it."""
        scenes = filled / "scenes.json"
        with migrated.alone(filled.with_suffix(".lock")):
            if not scenes.exists():
                made = self._fill()
                shutil.copytree(self.folder, filled)
                scenes.write_text(json.dumps(made))
        shutil.copytree(filled, self.folder, dirs_exist_ok=True)
        found: dict[str, Any] = json.loads(scenes.read_text())
        return found

    def _fill(self) -> dict[str, Any]:
        """Collect, fill; where everything is, by office."""
        migrated.copy_to(self.folder / "sapa.sqlite3")
        seed = [sys.executable, "-m", "tests.browser.seed"]
        done = subprocess.run(seed, cwd=machine.ROOT, env=self.environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        scenes: dict[str, Any] = json.loads(done.stdout)
        return scenes

    def start(self) -> None:
        """After this pages are served."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "sapa", "serve", "--port", str(self.port)]
            self._process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        # Longer than any server takes: after days gone by the health page waits for the work of those days, and what is
        # one second at a desk is ten where everything is tested at once.
        late = monotonic() + 240
        while True:
            try:
                urlopen(f"{self.url}/sehat/", timeout=30).close()
                return
            except OSError:  # nobody listens yet, or the answer is "not well" or late
                assert self._process.poll() is None, self.log.read_text()
                assert monotonic() < late, f"the server did not answer in time: {self.log.read_text()}"
                sleep(0.05)

    def stop(self) -> None:
        """After this nobody listens; asked politely, as an operator would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def freeze(self) -> None:
        """After this nothing is answered, and no connection is closed either: a computer that has hung itself up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
