"""A PostgreSQL server of our own, from the machine's binaries: started and ended by the tests."""

import asyncio
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from bot.storage.database import open_database
from bot.storage.tables import metadata

# What is lost in a power cut is only tests.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
NONE_HERE = "there is no PostgreSQL here: no initdb in PATH or in /usr/lib/postgresql/*/bin"


def find_binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl, or None if there is none."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    in_path = shutil.which("initdb")
    folders = [Path(in_path).resolve().parent] if in_path else newest_first
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def query(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Return the rows of the last, as another program would; a test's event loop may run."""

    async def run() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            for sql in statements:
                rows = await connection.fetch(sql)
            return [tuple(row) for row in rows]
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


class Server:
    """A running server that listens on a Unix socket in its folder, and nowhere else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._migrated = ""

    def url(self, database: str, user: str = "hipstride", password: str = "not-asked-for") -> str:
        host = quote(str(self.folder), safe="")
        return f"postgresql+asyncpg://{user}:{password}@/{database}?host={host}"

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        name = f"club_{next(self._numbers)}"
        query(self.url("postgres"), f"CREATE DATABASE {name}")
        return self.url(name)

    def migrated(self) -> str:
        """Return the URL of a database with all tables and no rows, the same each time.

        Emptying one takes a fifth of making one; who is still in it is thrown out.
        """
        if not self._migrated:
            self._migrated = self.empty()
            asyncio.run(_migrate(self._migrated))
        query(self._migrated, OTHERS_OUT, f"TRUNCATE {', '.join(metadata.tables)}")
        return self._migrated


async def _migrate(url: str) -> None:
    await (await open_database(url)).close()


@contextmanager
def serve(binaries: Path) -> Iterator[Server]:
    """Start a server in a folder of its own, and remove both afterwards."""
    # Not in pytest's folder: that is root's alone, and its path too long for a socket.
    with tempfile.TemporaryDirectory(prefix="hipstride-pg-") as name:
        folder = Path(name)
        account = _account()
        if account:
            os.chown(folder, account["user"], account["group"])

        def run(program: str, *arguments: str) -> None:
            command = [str(binaries / program), "-D", f"{folder}/data", *arguments]
            with (folder / "output").open("ab") as output:
                subprocess.run(
                    command, check=True, cwd=folder, stdout=output, stderr=output, **account
                )

        run("initdb", "-U", "hipstride", "--auth=trust", "--no-sync", "--encoding=UTF8")
        _ask_for_the_password_of("locked", folder / "data" / "pg_hba.conf")
        options = [f"-k {folder}", "-c listen_addresses=''", *(f"-c {o}" for o in CARELESS)]
        run("pg_ctl", "start", "-w", "-l", f"{folder}/log", "-o", " ".join(options))
        try:
            yield Server(folder)
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")


def _account() -> dict[str, Any]:
    """Return whom to run it as: it refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _ask_for_the_password_of(role: str, rules: Path) -> None:
    rules.write_text(f"local all {role} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
