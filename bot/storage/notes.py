"""What the bot remembers about itself between two starts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.statements import insert
from bot.storage.tables import notes


class NoteStore:
    """Reads and writes notes: a value by its key."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, key: str) -> str | None:
        """Return the note, or None if there is none."""
        value: str | None = await self._connection.scalar(
            select(notes.c.value).where(notes.c.key == key)
        )
        return value

    async def set(self, key: str, value: str) -> None:
        """Write the note."""
        statement = insert(self._connection, notes).values(key=key, value=value)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[notes.c.key], set_={"value": value})
        )
