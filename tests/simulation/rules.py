"""The rules of the daily challenge, checked from outside: in the channels and in the file."""

from __future__ import annotations

import heapq
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.exercise import Level
from bot.ui.permissions import Nonsense
from tests.simulation.model import CATCH_UP, DAY, ModelClub, Obligation
from tests.simulation.simulated_discord import Message

# A claim without an outcome waits at most fifteen minutes and a quarter of that; a tick may come
# five seconds later.
RETRIED_AFTER = timedelta(minutes=18, seconds=55)
PACE = timedelta(seconds=1) / 40  # a little slower than the bot's own
RACE = timedelta(seconds=0.4)  # where statements stall, each keeping the other writers waiting
LATE = timedelta(seconds=20)

# What is written to a post is noted in the same transaction, so that nothing has to be compared.
OBSERVE = """
CREATE TABLE observed (
    n INTEGER PRIMARY KEY, club_id, day, state, message_id, reason, channel_id, is_gone
);
CREATE TRIGGER post_added AFTER INSERT ON posts BEGIN
    INSERT INTO observed VALUES (NULL, new.club_id, new.day, new.state, new.message_id, new.reason,
        new.channel_id, 0);
END;
CREATE TRIGGER post_changed AFTER UPDATE ON posts BEGIN
    INSERT INTO observed VALUES (NULL, new.club_id, new.day, new.state, new.message_id, new.reason,
        new.channel_id, 0);
END;
CREATE TRIGGER post_deleted AFTER DELETE ON posts BEGIN
    INSERT INTO observed VALUES (NULL, old.club_id, old.day, old.state, old.message_id, old.reason,
        old.channel_id, 1);
END;
"""

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
        self.unsettled: dict[Key, None] = {}  # accepted by Discord, and not yet recorded as sent
        self.posts: dict[Key, tuple[str, int | None]] = {}
        self.told: dict[Done, str] = {}
        self.asked: dict[Done, None] = {}
        self.refused: set[Key] = set()  # permanent errors given
        self.refused_clubs: set[int] = set()
        self.faulted: set[int] = set()  # clubs with a fault in this step
        self.reopened: set[int] = set()  # clubs whose coach asked for a post in this step
        self.errors: list[Exception] = []
        self.is_gone: Callable[[int], bool] = lambda _channel_id: False
        self.shows_cards: Callable[[int], bool] = lambda _channel_id: True
        self.note: Callable[[str], None] = lambda _event: None
        self.high = now()
        self.excused = 0
        self._misled: set[Key] = set()  # unsettled while the clock was set
        self._upcoming: list[tuple[datetime, int]] = []  # a heap; what no longer holds is skipped
        self._owed: dict[int, ModelClub] = {}
        self._seen = 0
        self._tick: tuple[datetime, int, timedelta] | None = None

    def close(self) -> None:
        self._reader.close()
        super().close()

    # What happens, as it happens.

    def accepted(self, message: Message) -> None:
        """Discord took a message as a new one: nobody may have posted that day before."""
        key = (message.club_id, message.day)
        self.note(f"club {key[0]}: Discord takes {message.id} for {key[1]}")
        if {day for _, day, _ in message.buttons} != {message.day} or len(message.buttons) != 3:
            self._fail(f"the card of {key} has the wrong buttons: {message.buttons}")
        before = self.messages.get(key)
        if before and key in self._misled and not self.shows_cards(before.channel_id):
            self.excused += 1  # only the nonce is left there, and only the clock tells its age
        elif before and not self.is_gone(before.channel_id):
            self._fail(
                f"two messages of club {key[0]} for {key[1]}: {before.id} in channel "
                f"{before.channel_id}, {message.id} in channel {message.channel_id}"
            )
        state = self._value("SELECT state FROM posts WHERE club_id=? AND day=?", *_sql(key))
        if state != "claimed":
            self._fail(f"a message of club {key[0]} for {key[1]} without a claim, but {state}")
        club = self.clubs[message.club_id]
        self._check_delay(club, message)
        self.messages[key] = self.by_id[message.id] = message
        self.unsettled[key] = None
        club.messages.append(message.id)

    def _check_delay(self, club: ModelClub, message: Message) -> None:
        """Nobody who has no trouble of their own waits for those who have."""
        owed = club.owed
        if self._tick is None or owed is None or owed.day != message.day:
            return
        started, jobs, each = self._tick
        waited = self._now() - max(started, owed.due, club.disturbed)
        if club.disturbed < owed.due and waited > LATE + jobs * each:
            self._fail(f"club {club.id} had to wait {waited} for others, among {jobs}")

    def fault(self, club_id: int, day: date | None, error: Exception) -> None:
        """A request for the club was answered with this error."""
        self.errors.append(error)
        self.faulted.add(club_id)
        club = self.clubs[club_id]
        club.disturbed = max(club.disturbed, self._now())
        if day is not None:
            self.refused.add((club_id, day))
            self.refused_clubs.add(club_id)

    def emit(self, record: logging.LogRecord) -> None:
        """A cog logged something: trouble with Discord may be, an exception of its own may not."""
        error = record.exc_info[1] if record.exc_info else None
        answers = [a for a in record.args or () if isinstance(a, Exception)]
        if error is not None or any(isinstance(a, Nonsense) for a in answers):
            self._fail(f"unexpected {error or answers!r}: {record.getMessage()}")
        elif answers and not any(answers[0] is known for known in self.errors):
            self.fault(int(record.args[0]), None, answers[0])  # an attempt that took too long

    def clock_was_set(self) -> None:
        """Note what may now be taken for younger than it is."""
        self._misled.update(self.unsettled)
        self.disturb()
        self.pass_time()
        self.disturb()

    def disturb(self) -> None:
        """Something was in everybody's way."""
        for club in self.clubs.values():
            club.disturbed = max(club.disturbed, self.high)

    def adopt(self, club_id: int) -> None:
        """Take over the settings that the file has, after a coach's command or a crash in one."""
        row = self._reader.execute(
            "SELECT zone, post_time, channel_id, paused_at, left_at FROM clubs WHERE id=?",
            (club_id,),
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
            is_gone=row[4] is not None,
            next_due=now,
            disturbed=now,
            changed=now,
        )
        self._owed.pop(club_id, None)
        self._expect(club, club.due_after(now))
        if before := self.clubs.get(club_id):
            club.messages = before.messages
        self.clubs[club_id] = club

    def asked_done(self, done: Done) -> None:
        self.asked[done] = None

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
        is_midnight = today != club.local_date(self._now() - timedelta(minutes=1))
        if not credited and day == today and is_settled and not is_midnight:
            self._fail(f"club {club.id}: today's card, {day}, was refused")

    # After every step.

    def pass_time(self) -> None:
        """Note what has become due by now."""
        now = self._now()
        if now <= self.high:
            return
        self.high = now
        while self._upcoming and self._upcoming[0][0] <= now:
            due, club_id = heapq.heappop(self._upcoming)
            club = self.clubs[club_id]
            if club.next_due == due:
                self._owe(club, due)
                self._expect(club, club.due_after(due))

    def _expect(self, club: ModelClub, due: datetime) -> None:
        club.next_due = due
        heapq.heappush(self._upcoming, (due, club.id))

    def ticking(self, started: datetime, *, is_race: bool) -> None:
        """A tick begins, with so much to do at most; in a race another process has its turns."""
        jobs = self._value("SELECT count(*) FROM clubs WHERE next_due_at<=?", _text(started))
        jobs += self._value("SELECT count(*) FROM posts WHERE state='claimed'")
        self._tick = (self._now(), jobs, RACE if is_race else PACE)

    def ticked(self, started: datetime, *, is_whole: bool) -> None:
        """A tick that began at `started` is over; if it came to its end, nothing is left undone."""
        self._tick = None
        if not is_whole:
            return
        for club_id in self._troubled():
            club = self.clubs[club_id]
            club.disturbed = max(club.disturbed, self.high)
        for club in list(self._owed.values()):
            owed = club.owed
            if self._is_settled((club.id, owed.day)) or started > owed.until:
                self._forgive(club)
            elif max(owed.due, club.disturbed + RETRIED_AFTER) <= started:
                self._fail(f"club {club.id} got no message for {owed.day}, due {owed.due}")
        self._check_stuck(started)

    def _forgive(self, club: ModelClub) -> None:
        club.owed = None
        self._owed.pop(club.id, None)

    def _is_settled(self, key: Key) -> bool:
        """Whether the message is there, or nothing can be done about it."""
        is_answered = key in self.messages or key in self.refused
        is_closed = self._reason(key) in ("uncertain", "left_out")
        return is_answered or is_closed or self._is_passed_over(key)

    def _is_passed_over(self, key: Key) -> bool:
        """Whether a later day has its post: no club goes back to a day before it."""
        club_id, day = _sql(key)
        farthest = (self.clubs[club_id].local_date(self._now()) + 3 * DAY).isoformat()
        query = "SELECT 1 FROM posts WHERE club_id=? AND day>? AND day<=?"
        return self._value(query, club_id, day, farthest) is not None

    def _check_stuck(self, started: datetime) -> None:
        stuck = self._reader.execute(
            "SELECT id FROM clubs WHERE next_due_at<=? AND paused_at IS NULL AND trouble IS NULL "
            "AND left_at IS NULL",
            (_text(started),),
        )
        for [club_id] in stuck:
            if club_id not in self.faulted:
                self._fail(f"club {club_id} was left due after a tick; faults in {self.faulted}")

    def _troubled(self) -> list[int]:
        rows = self._reader.execute("SELECT id FROM clubs WHERE trouble IS NOT NULL")
        troubled = [club_id for [club_id] in rows]
        for club_id in troubled:
            if club_id not in self.refused_clubs:
                self._fail(f"club {club_id} is left alone, but Discord never refused it anything")
        return troubled

    def mended(self, club_id: int) -> None:
        """The bot was told that a permission came back, and all is well there."""
        if club_id in self._troubled():
            self._fail(f"club {club_id} is still left alone after its permissions came back")

    def check(self) -> None:
        """Look at what was committed in this step."""
        rows = self._reader.execute(
            "SELECT n, club_id, day, state, message_id, reason, channel_id, is_gone FROM observed "
            "WHERE n>?",
            (self._seen,),
        )
        for n, club_id, day, state, message_id, reason, channel_id, is_gone in rows.fetchall():
            self._seen = n
            self.note(f"club {club_id}: {day} is {state} {reason or message_id or ''}")
            key = (club_id, date.fromisoformat(day))
            if is_gone:
                self._fail(f"the post {key} was deleted")
            self._changed(key, state, message_id)
            if reason == "uncertain" and self.shows_cards(channel_id):
                self._fail(f"the post {key} was given up, but the channel can be read")
        self.faulted.clear()
        self.reopened.clear()
        self.errors.clear()

    def check_all(self) -> None:
        """Compare everything, old rows too."""
        rows = self._reader.execute("SELECT club_id, day, state, message_id FROM posts")
        found = {(c, date.fromisoformat(d)): (state, m) for c, d, state, m in rows}
        if found != self.posts:
            self._fail(f"old posts changed: {set(found.items()) ^ set(self.posts.items())}")
        rows = self._reader.execute("SELECT club_id, member_id, day, slug, level FROM completions")
        levels = {(c, m, date.fromisoformat(d), s): level for c, m, d, s, level in rows}
        if lost := self.told.keys() - levels.keys():
            self._fail(f"told but not in the database: {sorted(lost)}")
        if strange := levels.keys() - self.asked.keys():
            self._fail(f"in the database but asked by nobody: {sorted(strange)}")
        for done, level in self.told.items():
            if level and levels.get(done, level) != level:
                self._fail(f"{done} was {level} and became {levels[done]}")

    def wake_up(self) -> datetime | None:
        """Return when the file or a debt next gives a tick something to do."""
        due = self._value(
            "SELECT min(next_due_at) FROM clubs WHERE paused_at IS NULL AND trouble IS NULL "
            "AND left_at IS NULL"
        )
        retry = self._value("SELECT min(retry_at) FROM posts WHERE state='claimed'")
        found = [due for due, _ in self._upcoming[:1]]
        found += [max(_instant(due), self._now())] if due else []
        found += [_instant(retry)] if retry else []
        for club in self._owed.values():
            found.append(max(club.owed.due, club.disturbed + RETRIED_AFTER))
        return min(found, default=None)

    def _owe(self, club: ModelClub, due: datetime) -> None:
        self._forgive(club)
        if club.is_paused or club.is_gone:
            return
        day = club.day_due_at(due)
        row = self._reader.execute(
            "SELECT state, due_at FROM posts WHERE club_id=? AND day=?", _sql((club.id, day))
        ).fetchone()
        if row is not None and row[0] in ("skipped", "failed"):
            return  # settled ahead of this time, under other settings or by a coach's post now
        if self._is_passed_over((club.id, day)):
            return
        until = (_instant(row[1]) if row else due) + CATCH_UP
        club.owed = Obligation(day=day, due=due, until=min(until, due + CATCH_UP))
        self._owed[club.id] = club

    def _changed(self, key: Key, state: str, message_id: int | None) -> None:
        before = self.posts.get(key, ("", None))
        self.posts[key] = (state, message_id)
        may_reopen = key[0] in self.reopened
        if before[0] == "sent" or (before[0] in ("skipped", "failed") and not may_reopen):
            self._fail(f"the post {key} went from {before} to {(state, message_id)}")
        if state != "claimed":
            self.unsettled.pop(key, None)
        if state == "failed" and key not in self.refused:
            self._fail(f"the post {key} failed, but Discord never refused it")
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
