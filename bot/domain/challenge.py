"""What is set for a day: the challenge, its post, and what has become of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from bot.domain.exercise import Exercise


class Reason(StrEnum):
    """Why a post was skipped or failed."""

    MISSED = "missed"  # the bot was down for longer than the catch-up window
    PAUSED = "paused"  # the club was paused before the post could be sent
    LEFT_OUT = "left_out"  # the club was paused, in trouble or set up anew at its time
    CHANNEL_GONE = "channel_gone"
    FORBIDDEN = "forbidden"
    ZONE_GONE = "zone_gone"  # the tz database has lost the club's time zone
    UNCERTAIN = "uncertain"  # it may be in the channel, and the bot may not look
    REJECTED = "rejected"  # Discord refused the message itself

    @property
    def is_mendable(self) -> bool:
        """Whether the club's admins can mend it, and nothing can be posted until they do."""
        return self in (Reason.CHANNEL_GONE, Reason.FORBIDDEN, Reason.ZONE_GONE)


@dataclass(frozen=True, slots=True)
class Assignment:
    """An exercise to do; `day` is the club day it counts for, None where there is no club."""

    exercise: Exercise
    day: date | None


class PostState(StrEnum):
    """A post is claimed, then sent, skipped or failed; never anything after that."""

    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


NOT_POSTED = (PostState.SKIPPED, PostState.FAILED)

# Discord recognises a repeated nonce for some minutes; it does not say how many. Two are safe.
NONCE_HOLDS = timedelta(minutes=2)

FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(minutes=15)


def retry_delay(club_id: int, attempts: int) -> timedelta:
    """Return how long a claim without outcome waits after so many attempts.

    Twice as long each time, and a little longer by club, so that after an outage of Discord's
    not all clubs come back at the same moment.
    """
    delay: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    digest = sha256(f"{club_id}:{attempts}".encode()).digest()
    return delay * (1 + digest[0] / 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The one post of a club on a club day.

    `attempts` and `attempted_at` tell of the sending: how often it was begun, and last when. What
    was skipped without any attempt has none.
    """

    club_id: int
    day: date
    slug: str
    channel_id: int
    due_at: datetime
    state: PostState
    attempted_at: datetime
    attempts: int = 1
    reason: Reason | None = None
    message_id: int | None = None

    @property
    def retry_at(self) -> datetime:
        """When a claim that has no outcome by then is taken up again."""
        return self.attempted_at + retry_delay(self.club_id, self.attempts)

    @property
    def may_be_there(self) -> bool:
        """Whether an attempt may have brought it into its channel, though nobody heard so."""
        heard = 1 if self.state in (PostState.CLAIMED, PostState.FAILED) else 0  # the last of them
        return self.state is not PostState.SENT and self.attempts > heard

    @property
    def nonce(self) -> str:
        """What lets Discord recognise a retry: one for each club and day, ≤ 25 characters."""
        return f"{self.club_id:x}-{self.day:%y%m%d}"
