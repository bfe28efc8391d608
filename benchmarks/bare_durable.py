"""The bare bot, storing each press by an INSERT and nothing else: what durable costs by itself.

It has no rules, no SQLAlchemy and no names: one table of our own, written by a thread as many
presses at a time as are waiting.
"""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import discord
from sqlalchemy import make_url

from benchmarks.bare_bot import TEMPLATE, ConstantDone, run
from bot.services.batching import Batch

Press = tuple[int | None, int, str, str, str, str]

INSERT = "INSERT INTO completions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


class DurableDone(ConstantDone, template=TEMPLATE):
    """Says the same to everybody, once it is stored."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Store who pressed, and answer."""
        _, slug, day, level = self.custom_id.split(":")
        now = interaction.created_at.replace(tzinfo=None)
        press = interaction.guild_id, interaction.user.id, day, slug, level, str(now)
        await _batch.ask(press)
        await super().callback(interaction)


def _open(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _insert(presses: Sequence[Press]) -> list[None]:
    _connection.execute("BEGIN IMMEDIATE")
    _connection.executemany(INSERT, presses)
    _connection.execute("COMMIT")
    return [None] * len(presses)


async def _store(presses: Sequence[Press]) -> list[Exception | None]:
    return [*await asyncio.get_running_loop().run_in_executor(_thread, _insert, presses)]


if __name__ == "__main__":
    _connection = _open(make_url(os.environ["DATABASE_URL"]).database or "")
    _thread = ThreadPoolExecutor(1)
    _batch: Batch[Press, None] = Batch(_store)
    asyncio.run(run(DurableDone))
