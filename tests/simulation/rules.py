"""The rules of the daily challenge, checked from outside: in the channels and in the file."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.exercise import Level
from tests.simulation.model import CATCH_UP, DAY, ModelClub, Obligation
from tests.simulation.simulated_discord import Message

# A claim without an outcome waits at most fifteen minutes and a quarter of that; a tick may come
# five seconds later.
RETRIED_AFTER = timedelta(minutes=18, seconds=55)
RECENT = 5 * DAY

Key = tuple[int, date]
Done = tuple[int, int, date, str]


class RuleBroken(AssertionError):
    """A rule does not hold; the text says which, and how to see it again."""


class Rules(logging.Handler):
    """What must hold after every step. Times are the bot's, whose clock may be wrong."""

    def __init__(self, file: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._reader = sqlite3.connect(file, isolation_level=None)
        self._now = now
        self.broken: list[str] = []
        self.clubs: dict[int, ModelClub] = {}
        self.messages: dict[Key, Message] = {}
        self.by_id: dict[int, Message] = {}
        self.unsettled: set[Key] = set()  # accepted by Discord, and not yet recorded as sent
        self.posts: dict[Key, tuple[str, int | None]] = {}
        self.told: dict[Done, str] = {}
        self.asked: set[Done] = set()
        self.refused: set[Key] = set()  # permanent errors given
        self.faulted: set[int] = set()  # clubs with a fault in this step
        self.reopened: set[int] = set()  # clubs whose coach asked for a post in this step
        self.errors: list[Exception] = []
        self.is_gone: Callable[[int], bool] = lambda _channel_id: False
        self.is_readable: Callable[[int], bool] = lambda _channel_id: True
        self.high = self._checked = now()
        self._version = -1

    def close(self) -> None:
        self._reader.close()
        super().close()

    # What happens, as it happens.

    def accepted(self, message: Message) -> None:
        """Discord took a message as a new one: nobody may have posted that day before."""
        key = (message.club_id, message.day)
        if {day for _, day, _ in message.buttons} != {message.day} or len(message.buttons) != 3:
            self._fail(f"the card of {key} has the wrong buttons: {message.buttons}")
        before = self.messages.get(key)
        if before and not self.is_gone(before.channel_id):
            self._fail(
                f"two messages of club {key[0]} for {key[1]}: {before.id} in channel "
                f"{before.channel_id}, {message.id} in channel {message.channel_id}"
            )
        state = self._value("SELECT state FROM posts WHERE club_id=? AND day=?", *_sql(key))
        if state != "claimed":
            self._fail(f"a message of club {key[0]} for {key[1]} without a claim, but {state}")
        self.messages[key] = self.by_id[message.id] = message
        self.unsettled.add(key)
        self.clubs[message.club_id].messages.append(message.id)

    def fault(self, club_id: int, day: date | None, error: Exception) -> None:
        """A request for the club was answered with this error."""
        self.errors.append(error)
        self.faulted.add(club_id)
        club = self.clubs[club_id]
        club.disturbed = max(club.disturbed, self._now())
        if day is not None:
            self.refused.add((club_id, day))

    def emit(self, record: logging.LogRecord) -> None:
        """The tick logged an exception: it must be one that Discord answered with."""
        error = record.exc_info[1] if record.exc_info else None
        if not any(error is injected for injected in self.errors):
            self._fail(f"unexpected {error!r}: {record.getMessage()}")

    def disturb(self) -> None:
        """Something was in everybody's way."""
        for club in self.clubs.values():
            club.disturbed = max(club.disturbed, self.high)

    def adopt(self, club_id: int) -> None:
        """Take over the settings that the file has, after a coach's command or a crash in one."""
        row = self._reader.execute(
            "SELECT zone, post_time, channel_id, paused_at FROM clubs WHERE id=?", (club_id,)
        ).fetchone()
        if row is None:
            return
        now = self.high
        club = ModelClub(
            id=club_id,
            zone=row[0],
            post_time=time.fromisoformat(row[1]),
            channel_id=row[2],
            is_paused=row[3] is not None,
            next_due=now,
            disturbed=now,
            changed=now,
        )
        club.next_due = club.due_after(now)
        if before := self.clubs.get(club_id):
            club.messages = before.messages
        self.clubs[club_id] = club

    def asked_done(self, done: Done) -> None:
        self.asked.add(done)

    def told_done(self, done: Done, level: Level, *, is_new: bool) -> None:
        """A member was told "done"."""
        if is_new and done in self.told:
            self._fail(f"{done} was told as new twice")
        self.told.setdefault(done, level.value if is_new else "")
        if (
            self._value(
                "SELECT 1 FROM completions WHERE club_id=? AND member_id=? AND day=? AND slug=?",
                *done[:2],
                done[2].isoformat(),
                done[3],
            )
            is None
        ):
            self._fail(f"{done} was told but is not in the database")

    def judged(self, club: ModelClub, day: date, credited: bool) -> None:
        """A click on the card of `day` was credited or refused."""
        today = club.local_date(self._now())
        if credited and day < today - 2 * DAY:
            self._fail(f"club {club.id}: a card of {day} was credited on {today}")
        is_settled = self._now() - club.changed > 2 * DAY and self._now() >= self.high
        if not credited and day == today and is_settled:
            self._fail(f"club {club.id}: today's card, {day}, was refused")

    # After every step.

    def pass_time(self) -> None:
        """Note what has become due by now."""
        now = self._now()
        if now <= self.high:
            return
        self.high = now
        for club in self.clubs.values():
            while club.next_due <= now:
                self._owe(club, club.next_due)
                club.next_due = club.due_after(club.next_due)

    def ticked(self, started: datetime) -> None:
        """A tick that began at `started` came to its end: nothing may be left undone."""
        for club in self.clubs.values():
            owed = club.owed
            if self._is_troubled(club.id):
                club.disturbed = max(club.disturbed, self.high)
            elif owed is None or club.is_paused:
                continue
            elif self._is_settled((club.id, owed.day)):
                club.owed = None
            elif max(owed.due, club.disturbed + RETRIED_AFTER) <= started <= owed.until:
                self._fail(f"club {club.id} got no message for {owed.day}, due {owed.due}")
            elif started > owed.until:
                club.owed = None
        self._check_stuck(started)

    def _is_settled(self, key: Key) -> bool:
        """Whether the message is there, or nothing can be done about it."""
        is_answered = key in self.messages or key in self.refused
        return is_answered or self._reason(key) == "uncertain"

    def _check_stuck(self, started: datetime) -> None:
        stuck = self._reader.execute(
            "SELECT id FROM clubs WHERE paused_at IS NULL AND trouble IS NULL AND next_due_at<=?",
            (_text(started),),
        )
        for [club_id] in stuck:
            if club_id not in self.faulted:
                self._fail(f"club {club_id} was left due after a tick; faults in {self.faulted}")

    def _is_troubled(self, club_id: int) -> bool:
        if self._value("SELECT trouble FROM clubs WHERE id=?", club_id) is None:
            return False
        if not any(key[0] == club_id for key in self.refused):
            self._fail(f"club {club_id} is left alone, but Discord never refused it anything")
        return True

    def mended(self, club_id: int) -> None:
        """The bot was told that a permission came back, and all is well there."""
        if self._is_troubled(club_id):
            self._fail(f"club {club_id} is still left alone after its permissions came back")

    def check(self) -> None:
        """Compare the file with what it was after the step before."""
        version = self._value("PRAGMA data_version")
        if version != self._version:
            self._version = version
            self._compare()
        self.faulted.clear()
        self.reopened.clear()
        self.errors.clear()

    def _compare(self) -> None:
        since = (self._checked - RECENT).date().isoformat()
        self._checked = self.high
        rows = self._reader.execute(
            "SELECT club_id, day, state, message_id FROM posts WHERE day>=?", (since,)
        )
        for club_id, day, state, message_id in rows:
            key = (club_id, date.fromisoformat(day))
            if self.posts.get(key) != (state, message_id):
                self._changed(key, state, message_id)

    def check_all(self) -> None:
        """Compare everything, old rows too: at a restart and at the end."""
        rows = self._reader.execute("SELECT club_id, day, state, message_id FROM posts")
        found = {(c, date.fromisoformat(d)): (state, m) for c, d, state, m in rows}
        if found != self.posts:
            self._fail(f"old posts changed: {set(found.items()) ^ set(self.posts.items())}")
        rows = self._reader.execute("SELECT club_id, member_id, day, slug, level FROM completions")
        levels = {(c, m, date.fromisoformat(d), s): level for c, m, d, s, level in rows}
        if lost := self.told.keys() - levels.keys():
            self._fail(f"told but not in the database: {sorted(lost)}")
        if strange := levels.keys() - self.asked:
            self._fail(f"in the database but asked by nobody: {sorted(strange)}")
        for done, level in self.told.items():
            if level and levels.get(done, level) != level:
                self._fail(f"{done} was {level} and became {levels[done]}")

    def wake_up(self) -> datetime | None:
        """Return when the file or a debt next gives a tick something to do."""
        due = self._value(
            "SELECT min(next_due_at) FROM clubs WHERE paused_at IS NULL AND trouble IS NULL"
        )
        retry = self._value("SELECT min(retry_at) FROM posts WHERE state='claimed'")
        found = [club.next_due for club in self.clubs.values()]
        found += [max(_instant(due), self._now())] if due else []
        found += [_instant(retry)] if retry else []
        for club in self.clubs.values():
            if club.owed:
                found.append(max(club.owed.due, club.disturbed + RETRIED_AFTER))
        return min(found, default=None)

    def _owe(self, club: ModelClub, due: datetime) -> None:
        club.owed = None
        if club.is_paused:
            return
        day = club.day_due_at(due)
        row = self._reader.execute(
            "SELECT state, due_at FROM posts WHERE club_id=? AND day=?", _sql((club.id, day))
        ).fetchone()
        if row is not None and row[0] in ("skipped", "failed"):
            return  # settled ahead of this time, under other settings or by a coach's post now
        until = (_instant(row[1]) if row else due) + CATCH_UP
        club.owed = Obligation(day=day, due=due, until=min(until, due + CATCH_UP))

    def _changed(self, key: Key, state: str, message_id: int | None) -> None:
        before = self.posts.get(key, ("", None))
        self.posts[key] = (state, message_id)
        may_reopen = key[0] in self.reopened
        if before[0] == "sent" or (before[0] in ("skipped", "failed") and not may_reopen):
            self._fail(f"the post {key} went from {before} to {(state, message_id)}")
        if state != "claimed":
            self.unsettled.discard(key)
        if state == "failed" and key not in self.refused:
            self._fail(f"the post {key} failed, but Discord never refused it")
        if state == "skipped" and self._reason(key) == "uncertain":
            channel = self._value(
                "SELECT channel_id FROM posts WHERE club_id=? AND day=?", *_sql(key)
            )
            if self.is_readable(channel):
                self._fail(f"the post {key} was given up, but the channel can be read")
        if state == "sent" and self.messages.get(key) is not self.by_id.get(message_id or 0, key):
            self._fail(f"the post {key} is recorded as message {message_id}, which is not its own")

    def _reason(self, key: Key) -> Any:
        return self._value("SELECT reason FROM posts WHERE club_id=? AND day=?", *_sql(key))

    def _value(self, query: str, *values: Any) -> Any:
        row = self._reader.execute(query, values).fetchone()
        return row and row[0]

    def _fail(self, what: str) -> None:
        self.broken.append(what)


def _sql(key: Key) -> tuple[int, str]:
    return key[0], key[1].isoformat()


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
