"""What numbers a file has told so far: on disk when they are many, so that a million lines need no memory."""

import sqlite3


class Codes:
    """Keys with the line on which each came first; gone when it is closed."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect(
            ""
        )  # a file of its own, which goes away by itself; small ones stay in memory
        self._kept.execute("PRAGMA cache_size=-16000")
        self._kept.execute("PRAGMA journal_mode=OFF")
        self._kept.execute("PRAGMA synchronous=OFF")
        self._kept.execute("CREATE TABLE code (key TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")

    def close(self) -> None:
        """Nothing of it is left on the disk."""
        self._kept.close()

    def first(self, key: str, line: int) -> int:
        """The line on which the key came first: `line`, when it is new."""
        if self._kept.execute("INSERT OR IGNORE INTO code VALUES (?, ?)", (key, line)).rowcount:
            return line
        return self.line_of(key) or line

    def line_of(self, key: str) -> int | None:
        """The line on which the key came first; None when it did not come."""
        found = self._kept.execute("SELECT line FROM code WHERE key = ?", (key,)).fetchone()
        return int(found[0]) if found else None
