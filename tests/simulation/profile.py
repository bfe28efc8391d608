"""What may go wrong in a simulated world, and how often."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The dials of a world.

    `retries_in_window`: a message whose reply was lost is retried while Discord knows its nonce.
    """

    clubs: int = 16
    pause_between_actions: timedelta = timedelta(hours=5)
    dedupe_window: timedelta = timedelta(minutes=5)
    retries_in_window: bool = False


DEFAULT = Profile()

# Milder: what was lost comes back before Discord forgets, so that nobody has to look for it.
IN_WINDOW = Profile(retries_in_window=True)

PROFILES = {"default": DEFAULT, "in-window": IN_WINDOW}
