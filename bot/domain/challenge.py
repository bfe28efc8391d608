"""What is set for a day: the challenge, its post, and what has become of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.exercise import Exercise


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


class Reason(StrEnum):
    """Why a post was skipped or failed."""

    MISSED = "missed"  # the bot was down for longer than the catch-up window
    PAUSED = "paused"  # the club was paused before the post could be sent
    CHANNEL_GONE = "channel_gone"
    FORBIDDEN = "forbidden"
    REJECTED = "rejected"  # Discord refused the message itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The one post of a club on a club day."""

    club_id: int
    day: date
    slug: str
    channel_id: int
    due_at: datetime
    state: PostState
    reason: Reason | None = None
    message_id: int | None = None

    @property
    def nonce(self) -> str:
        """What lets Discord recognise a retry: one for each club and day, ≤ 25 characters."""
        return f"{self.club_id:x}-{self.day:%y%m%d}"
