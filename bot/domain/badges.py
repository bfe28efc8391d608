"""Badges: a rule measures what a member did, and enough of it earns one, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.domain.exercise import Level
from bot.domain.history import Entry


class BadgeRule(StrEnum):
    """What a badge measures."""

    SESSIONS = "sessions"  # days with a move
    STREAK = "streak"  # the best streak, in weeks
    MOVES = "moves"  # different exercises
    COMEBACK = "comeback"  # days away before doing a move again
    EASIER = "easier"  # moves done at the easier level
    HARDER = "harder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A badge of `data/badges.toml`: earned when its rule measures `at_least` so much."""

    id: str
    name: str
    emoji: str
    description: str
    rule: BadgeRule
    at_least: int


def earned(badges: Iterable[Badge], entries: Sequence[Entry], best: int) -> list[Badge]:
    """Return the badges that these completions, with `best` as the longest streak, deserve.

    Whoever was awarded one keeps it, whatever becomes of the completions; that is not for here.
    """
    asked = list(badges)
    measured = {rule: measure(rule, entries, best) for rule in {badge.rule for badge in asked}}
    return [badge for badge in asked if measured[badge.rule] >= badge.at_least]


def measure(rule: BadgeRule, entries: Sequence[Entry], best: int) -> int:
    """Return how much there is of what the rule measures."""
    match rule:
        case BadgeRule.SESSIONS:
            return len({entry.day for entry in entries})
        case BadgeRule.STREAK:
            return best
        case BadgeRule.MOVES:
            return len({entry.slug for entry in entries})
        case BadgeRule.COMEBACK:
            days = sorted({entry.day for entry in entries})
            return max(((after - before).days - 1 for before, after in pairwise(days)), default=0)
        case BadgeRule.EASIER:
            return sum(entry.level is Level.EASIER for entry in entries)
        case BadgeRule.HARDER:
            return sum(entry.level is Level.HARDER for entry in entries)
