"""The club's goal in a line: how much of it is done, and a bar of it."""

from bot.domain.goal import Goal
from bot.texts import Say

BLOCKS = 10


def goal_line(goal: Goal, t: Say) -> str:
    """Return how far the club is this week; a full bar only when it is there."""
    full = int(goal.share * BLOCKS)
    bar = "▰" * full + "▱" * (BLOCKS - full)
    key = "board.goal_reached" if goal.is_reached else "board.goal"
    return t(key, n=goal.done, target=goal.target, bar=bar)
