"""Hipstride: the core of the bot, below and beside its slash commands."""

__version__ = "0.1.0"
