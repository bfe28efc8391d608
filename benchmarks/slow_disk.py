"""The bot on a disk that takes long to make a commit durable, as ordinary cloud disks do."""

import sqlite3
import time
from functools import partial
from typing import Any

from bot.__main__ import cli

SYNC = 3.5e-3  # seconds


class SlowConnection(sqlite3.Connection):
    """Commits as late as the disk would let it."""

    def commit(self) -> None:
        """Commit, and wait for the disk."""
        if self.in_transaction:
            time.sleep(SYNC)
        super().commit()


def run() -> None:
    """Run the bot; it opens every file through `sqlite3.connect`."""
    connect: Any = sqlite3.connect
    sqlite3.connect = partial(connect, factory=SlowConnection)
    cli()


if __name__ == "__main__":
    run()
