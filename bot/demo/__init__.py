"""The real bot in a club that is not real: on a local page, or in a terminal."""

from bot.demo.page import show
from bot.demo.terminal import play

__all__ = ["play", "show"]
