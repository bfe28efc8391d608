"""Hipstride: the core of the bot."""
