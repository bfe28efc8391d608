"""What may go wrong in a simulated world, and how often."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The dials of a world; `retries_in_window` keeps what Discord cannot deduplicate away."""

    clubs: int = 16
    pause_between_actions: timedelta = timedelta(hours=5)
    dedupe_window: timedelta = timedelta(minutes=5)
    retries_in_window: bool = True


DEFAULT = Profile()

# Left out of the default run: a message whose reply was lost is sent again after Discord forgot it.
BEYOND_WINDOW = Profile(retries_in_window=False)

PROFILES = {"default": DEFAULT, "beyond-window": BEYOND_WINDOW}
