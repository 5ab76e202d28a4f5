"""Django's SQLite backend, with writers who queue up instead of guessing when the lock is free.

SQLite has one writer. Whoever finds it busy sleeps up to a tenth of a second and tries again, and with eight
processes some try in vain for half a minute: "database is locked". Here a write transaction first waits for a
lock of the operating system, asked for every few milliseconds and given back even by a killed process.
"""

import fcntl
import os
import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

ASK_AGAIN = 0.003


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._end_turn()

    def _wait_for_turn(self) -> None:
        path = str(self.settings_dict["NAME"])
        if self.is_in_memory_db() or path.startswith("file:"):
            return
        turn = os.open(f"{path}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        last_try = time.monotonic() + self.settings_dict["OPTIONS"].get("timeout", 5)
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > last_try:
                    os.close(turn)
                    raise OperationalError("database is locked") from None
                time.sleep(ASK_AGAIN)
            else:
                self._turn = turn
                return

    def _end_turn(self) -> None:
        turn: Any = self._turn
        if turn is not None:
            self._turn = None
            os.close(turn)
